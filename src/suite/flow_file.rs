use std::collections::{BTreeMap, BTreeSet};

use crate::diag::{Code, Diagnostic, Diagnostics};
use crate::value::{Field, Name, Node, Scope, Shape};

use super::fields::Fields;
use super::names::Names;
use super::step_part::{Actors, STEP_FIELDS, StepDecoder};
use super::{Context, Flow};

/// The keys of a flow.
pub(crate) const FLOW_FIELDS: &[Field] = &[
    Field::required("flow", Shape::Text, "Its name."),
    Field::optional("text", Shape::Text, "What it is for."),
    Field::optional("inputs", Shape::List(&Shape::Text), "Names that whoever uses it must give."),
    Field::optional("outputs", Shape::List(&Shape::Text), "Names that it gives back."),
    Field::required("steps", Shape::List(&Shape::Named("step", step_fields)), "What is done, in order."),
];

fn step_fields() -> Vec<Field> {
    STEP_FIELDS.to_vec()
}

/// What whoever uses a flow must know of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlowSignature {
    /// Names that must be given.
    pub inputs: Vec<String>,
    /// Names that are given back.
    pub outputs: Vec<String>,
}

/// Reads the name and the signature of a flow, so that flows may use each other in any order.
pub(crate) fn signature(node: &Node, out: &mut Diagnostics) -> Option<(String, FlowSignature)> {
    let name = node.get("flow").and_then(Node::as_text)?.to_owned();
    let list = |key: &str| -> Vec<String> {
        let items = node.get(key).and_then(Node::as_list).unwrap_or_default();
        items.iter().filter_map(Node::as_text).map(str::to_owned).collect()
    };
    if Name::parse(&name).is_err() {
        let span = node.get("flow").map_or(node.span, |node| node.span);
        let message = format!("`{name}` cannot be the name of a flow");
        out.push(Diagnostic::error(Code::BadName, message).at(span, "letters, digits, `_` and `-`"));
    }
    Some((name, FlowSignature { inputs: list("inputs"), outputs: list("outputs") }))
}

/// Decodes a flow; with `plan`, again, now that the target's names have values.
pub(crate) fn decode_flow(
    node: &Node,
    context: &Context<'_>,
    plan: Option<&dyn Scope>,
    out: &mut Diagnostics,
) -> Option<Flow> {
    let fields = Fields::open(node, FLOW_FIELDS, "a flow", out)?;
    let name = fields.text("flow", out)?.to_owned();
    let texts = |key: &str, out: &mut Diagnostics| -> Vec<String> {
        fields.texts(key, out).unwrap_or_default().into_iter().map(|(text, _)| text.to_owned()).collect()
    };
    let inputs = texts("inputs", out);
    let outputs = texts("outputs", out);
    let mut names = Names::new(context.target_names(), context.identities(), context.undeclared());
    for (input, node) in fields.texts("inputs", out).unwrap_or_default() {
        if Name::parse(input).is_err() {
            let message = format!("`{input}` cannot be a name");
            out.push(Diagnostic::error(Code::BadName, message).at(node.span, "letters, digits, `_` and `-`"));
        } else if let Some(other) = names.hides(input) {
            let message = format!("the input `{input}` hides {other}");
            out.push(Diagnostic::error(Code::NameShadows, message).at(node.span, "take another name"));
        }
    }
    names.add_inputs(inputs.iter().cloned());
    let mut decoder = StepDecoder {
        context,
        plan,
        snapshots_of: format!("flow.{name}"),
        names,
        actors: Actors::Caller,
        default_acting: None,
        verifies: None,
        late: false,
        implied: BTreeSet::new(),
        uses: BTreeMap::new(),
    };
    let steps = fields.get("steps").map(|node| decoder.steps(node, out)).unwrap_or_default();
    for (output, node) in fields.texts("outputs", out).unwrap_or_default() {
        if !decoder.names.is_set(output) {
            out.push(
                Diagnostic::error(Code::FlowOutput, format!("no step sets the output `{output}`"))
                    .at(node.span, "never set"),
            );
        }
    }
    Some(Flow {
        name,
        text: fields.text("text", out).unwrap_or_default().to_owned(),
        inputs,
        outputs,
        uses: decoder.uses.keys().cloned().collect(),
        is_late: decoder.late,
        wants: decoder.names.wants().into_iter().map(|name| (name, node.span)).collect(),
        steps,
        node: node.clone(),
        span: fields.get("flow").map_or(node.span, |node| node.span),
    })
}

/// Reports flows that use themselves, directly or through others.
pub(crate) fn check_cycles(flows: &super::Flows, out: &mut Diagnostics) {
    for (name, flow) in flows {
        let mut open: Vec<&str> = flow.uses.iter().map(String::as_str).collect();
        let mut seen = BTreeSet::new();
        while let Some(next) = open.pop() {
            if next == name {
                out.push(
                    Diagnostic::error(Code::FlowCycle, format!("the flow `{name}` uses itself"))
                        .at(flow.span, "goes round in a circle"),
                );
                break;
            }
            if seen.insert(next)
                && let Some(flow) = flows.get(next)
            {
                open.extend(flow.uses.iter().map(String::as_str));
            }
        }
    }
}
