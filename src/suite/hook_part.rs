use std::collections::BTreeSet;

use crate::diag::{Code, Diagnostic, Diagnostics, Span, nearest};
use crate::value::{Field, NamePath, Node, Record, Shape, Template};

use super::fields::{Fields, text};
use super::scalar::unknown;
use super::{Flow, Flows, Hook, StepKind, Target};

/// The keys of `setup` and `teardown` where more than the flow's name is said.
const HOOK: Record = Record {
    name: "hook",
    doc: "A flow that is run around each case.",
    fields: &[
        Field::required("flow", Shape::Text, "The flow."),
        Field::optional(
            "as",
            Shape::Text,
            "The identity that does it, one without users; `nobody` where none is said.",
        ),
    ],
};

/// A flow's name, or that and who does it.
pub(crate) const HOOK_SHAPE: Shape = Shape::Either(&[Shape::Text, Shape::Record(&HOOK)]);

/// Reads `setup` or `teardown`.
pub(crate) fn decode_hook(fields: &Fields<'_>, key: &str, out: &mut Diagnostics) -> Option<Hook> {
    let node = fields.get(key)?;
    if node.as_map().is_none() {
        return Some(Hook {
            flow: text(node, out)?.to_owned(),
            identity: None,
            span: node.span,
            identity_span: node.span,
        });
    }
    let fields = Fields::open(node, HOOK.fields, &format!("`{key}`"), out)?;
    let flow = fields.text("flow", out)?.to_owned();
    let identity = fields.text("as", out).filter(|name| *name != "nobody").map(str::to_owned);
    let [span, identity_span] = ["flow", "as"].map(|key| fields.get(key).map_or(node.span, |node| node.span));
    Some(Hook { flow, identity, span, identity_span })
}

/// The names in the URLs and variables of a target, with their places; those that cannot be read were told already.
pub(crate) fn slots(target: &Node) -> Vec<(NamePath, Span)> {
    const SIGN_IN: [&str; 3] = ["issuer", "token_url", "authorize_url"];
    let mut found = Vec::new();
    let variants = target.get("variants").and_then(Node::as_map).unwrap_or_default();
    for surface in std::iter::once(target).chain(variants.iter().map(|entry| &entry.value)) {
        for key in ["base_url", "endpoints", "hosts", "variables"] {
            surface.get(key).into_iter().for_each(|node| take(node, &mut found));
        }
        for identity in surface.get("identities").and_then(Node::as_map).unwrap_or_default() {
            let oauth2 = identity.value.get("oauth2");
            SIGN_IN.iter().filter_map(|key| oauth2?.get(key)).for_each(|node| take(node, &mut found));
        }
    }
    if let Some(clock) = target.get("clock") {
        let mut of_clock = Vec::new();
        ["request", "json"].iter().filter_map(|key| clock.get(key)).for_each(|node| take(node, &mut of_clock));
        // How far the clock is moved, which no flow gives.
        found.extend(of_clock.into_iter().filter(|(path, _)| path.root.as_str() != "milliseconds"));
    }
    found
}

fn take(node: &Node, found: &mut Vec<(NamePath, Span)>) {
    let template = node.as_text().and_then(|text| Template::parse(text).ok());
    for slot in template.iter().flat_map(Template::slots) {
        found.push((slot.path.clone(), node.span_within(slot.span.start, slot.span.len())));
    }
    node.as_list().unwrap_or_default().iter().for_each(|item| take(item, found));
    node.as_map().unwrap_or_default().iter().for_each(|entry| take(&entry.value, found));
}

/// Reports flows of `setup` and `teardown` that are not there or do not fit, and names that no output gives.
pub(crate) fn check_hooks(target: &Target, flows: &Flows, out: &mut Diagnostics) {
    let setup = target.setup.as_ref().and_then(|hook| find(target, hook, "setup", flows, out));
    let teardown = target.teardown.as_ref().and_then(|hook| find(target, hook, "teardown", flows, out));
    let no_outputs = Vec::new();
    let outputs = match (&target.setup, setup) {
        (Some(_), None) => return,
        (Some(_), Some(flow)) => &flow.outputs,
        (None, _) => &no_outputs,
    };
    if let (Some(hook), Some(flow)) = (&target.setup, setup)
        && let Some(input) = flow.inputs.first()
    {
        let message = format!("nobody gives the flow of `setup` its input `{input}`");
        let problem = Diagnostic::error(Code::FlowInput, message).at(hook.span, "needs a flow without inputs");
        out.push(problem.also(flow.span, "has inputs"));
    }
    if let (Some(hook), Some(flow)) = (&target.teardown, teardown) {
        for input in flow.inputs.iter().filter(|input| !outputs.contains(input)) {
            let message = match &target.setup {
                Some(_) => format!("`setup` has no output `{input}`, which `teardown` takes"),
                None => format!("`teardown` takes `{input}`, and there is no `setup` that puts it out"),
            };
            let problem = Diagnostic::error(Code::FlowInput, message).at(hook.span, "takes outputs of `setup`");
            out.push(problem.also(flow.span, "has this input").help_nearest(nearest(input, outputs)));
        }
    }
    for (path, span) in target.slots.iter().filter(|(path, _)| !outputs.iter().any(|it| it == path.root.as_str())) {
        let name = path.root.as_str();
        let message = format!("`setup` has no output `{name}`");
        let problem = Diagnostic::error(Code::UnknownName, message).at(*span, "unknown name");
        out.push(match nearest(name, outputs) {
            Some(near) => problem.help_nearest(Some(near)),
            None if outputs.is_empty() => problem.help("it has no outputs at all"),
            None => problem.help(format!("its outputs are {}", outputs.join(", "))),
        });
    }
}

/// The flow of a hook, when it is there; who does it must be known too.
fn find<'f>(target: &Target, hook: &Hook, key: &str, flows: &'f Flows, out: &mut Diagnostics) -> Option<&'f Flow> {
    if let Some(name) = &hook.identity {
        let surfaces = std::iter::once(&target.common).chain(target.variants.values());
        let known: Vec<_> = surfaces.flat_map(|surface| &surface.identities).collect();
        match known.iter().find(|(known, _)| *known == name) {
            None => out.push(
                Diagnostic::error(Code::UnknownIdentity, format!("the target has no identity `{name}`"))
                    .at(hook.identity_span, format!("`{key}` is done by it"))
                    .help_nearest(nearest(name, known.iter().map(|(known, _)| known.as_str()))),
            ),
            Some((_, identity)) if !identity.users.is_empty() => out.push(
                Diagnostic::error(Code::UnknownIdentity, format!("`{name}` has users, and `{key}` leases none"))
                    .at(hook.identity_span, "is done by an identity without users"),
            ),
            Some(_) => {}
        }
    }
    let Some(flow) = flows.get(&hook.flow) else {
        let node = Node::text(&hook.flow, hook.span);
        unknown(Code::UnknownFlow, &node, "flow", flows.keys(), out);
        return None;
    };
    for flow in with_used(flow, flows) {
        for step in flow.steps.iter().filter(|step| step.verifies.is_some()) {
            let message = format!("`{key}` prepares cases, and is evidence for nothing");
            out.push(Diagnostic::error(Code::UnknownKey, message).at(step.span, "says what it `verifies`"));
        }
    }
    Some(flow)
}

/// A flow, and all that its steps use.
pub(crate) fn with_used<'f>(flow: &'f Flow, flows: &'f Flows) -> Vec<&'f Flow> {
    let mut all = vec![flow];
    let mut seen = BTreeSet::from([flow.name.as_str()]);
    let mut at = 0;
    while let Some(&next) = all.get(at) {
        at += 1;
        for step in &next.steps {
            if let StepKind::Use { flow, .. } = &step.kind
                && seen.insert(flow)
                && let Some(flow) = flows.get(flow)
            {
                all.push(flow);
            }
        }
    }
    all
}
