use crate::diag::{Code, Diagnostic, Diagnostics, nearest};
use crate::judge::Moment;
use crate::suite::StepKind;
use crate::suite::fields::{Fields, text};
use crate::value::{Node, NodeKind};

use super::decoder::StepDecoder;

impl StepDecoder<'_> {
    /// Decodes the use of a flow: its inputs, its outputs, and nothing beside them.
    pub(super) fn flow_use(
        &mut self,
        node: &Node,
        fields: &Fields<'_>,
        step: &Node,
        out: &mut Diagnostics,
    ) -> Option<StepKind> {
        let name = text(node, out)?;
        self.uses.entry(name.to_owned()).or_insert(node.span);
        let Some(signature) = self.context.signatures.get(name) else {
            let near = nearest(name, self.context.signatures.keys());
            out.push(
                Diagnostic::error(Code::UnknownFlow, format!("no flow is called `{name}`"))
                    .at(node.span, "unknown flow")
                    .help_nearest(near),
            );
            return None;
        };
        let given = fields.map("with", out);
        for entry in &given {
            if !signature.inputs.iter().any(|input| **input == *entry.key.text) {
                out.push(
                    Diagnostic::error(Code::FlowInput, format!("the flow `{name}` has no input `{}`", entry.key.text))
                        .at(entry.key.span, "unknown input")
                        .help(near_or_all(&entry.key.text, &signature.inputs, "input")),
                );
            }
        }
        for input in &signature.inputs {
            if given.iter().all(|entry| *entry.key.text != **input) {
                out.push(
                    Diagnostic::error(Code::FlowInput, format!("the flow `{name}` needs the input `{input}`"))
                        .at(node.span, "an input is missing")
                        .help(format!("with: {{ {input}: … }}")),
                );
            }
        }
        for key in ["capture", "collect"] {
            for entry in fields.map(key, out) {
                let output = match &entry.value.kind {
                    NodeKind::Map(_) => entry.value.get("from").unwrap_or(&entry.value),
                    NodeKind::Null
                    | NodeKind::Bool(_)
                    | NodeKind::Number(_)
                    | NodeKind::Text(_)
                    | NodeKind::List(_) => &entry.value,
                };
                if let Some(wanted) = output.as_text()
                    && !signature.outputs.iter().any(|known| known == wanted)
                {
                    out.push(
                        Diagnostic::error(Code::FlowOutput, format!("the flow `{name}` has no output `{wanted}`"))
                            .at(output.span, "unknown output")
                            .help(near_or_all(wanted, &signature.outputs, "output")),
                    );
                }
            }
        }
        for key in ["given", "expect", "should", "poll", "undo", "deadline", "query", "headers", "json"] {
            if let Some(entry) = step.entry(key).filter(|entry| !entry.value.is_null()) {
                out.push(
                    Diagnostic::error(Code::WrongType, format!("`{key}` cannot stand beside `use`"))
                        .at(entry.key.span, "a flow judges itself"),
                );
            }
        }
        let with = given
            .into_iter()
            .map(|entry| (entry.key.text.to_string(), self.operand(&entry.value, Moment::Sent, out)))
            .collect();
        Some(StepKind::Use { flow: name.to_owned(), with })
    }
}

/// The nearest of the names that a flow has, or all of them.
fn near_or_all(word: &str, names: &[String], what: &str) -> String {
    match nearest(word, names.iter().map(String::as_str)) {
        Some(near) => format!("did you mean `{near}`?"),
        None if names.is_empty() => format!("it has no {what}s at all"),
        None => format!("its {what}s are `{}`", names.join("`, `")),
    }
}
