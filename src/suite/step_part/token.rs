use crate::diag::{Code, Diagnostic, Diagnostics};
use crate::judge::Moment;
use crate::suite::StepKind;
use crate::suite::fields::wrong_type;
use crate::value::Node;

use super::actors::Doer;
use super::decoder::StepDecoder;

impl StepDecoder<'_> {
    /// Decodes the raw token request of a device.
    pub(super) fn token(&mut self, node: &Node, step: &Node, out: &mut Diagnostics) -> Option<StepKind> {
        for key in ["as", "query", "headers", "cookies", "json", "form", "text", "multipart", "file", "undo"] {
            if let Some(entry) = step.entry(key).filter(|entry| !entry.value.is_null()) {
                out.push(
                    Diagnostic::error(Code::WrongType, format!("`{key}` cannot stand beside `token`"))
                        .at(entry.key.span, "the target declares the request")
                        .help("`with` replaces, adds or leaves out parameters"),
                );
            }
        }
        let Doer::Device(device) = self.doer(node, out)? else {
            out.push(
                Diagnostic::error(Code::UnknownDevice, "nobody has no token").at(node.span, "a device or an identity"),
            );
            return None;
        };
        let given = step.get("with").filter(|node| !node.is_null());
        if let Some(node) = given.filter(|node| node.as_map().is_none()) {
            wrong_type(node, "a map of parameters", out);
        }
        let mut with = Vec::new();
        for entry in given.and_then(Node::as_map).unwrap_or_default() {
            let value = (!entry.value.is_null()).then(|| self.operand(&entry.value, Moment::Sent, out));
            with.push((entry.key.text.to_string(), value));
        }
        Some(StepKind::Token { device, with })
    }
}
