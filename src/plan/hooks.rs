use std::collections::BTreeMap;

use crate::diag::{Code, Diagnostic, Diagnostics};
use crate::suite::{Flow, Flows, Hook, Step, StepKind, Suite, Target, UrlSpec, check_hooks, with_used};
use crate::value::Json;

use super::{NotYetMade, Resolved};

/// A target's `setup` and `teardown`, found in the suite.
#[derive(Clone, Debug, Default)]
pub struct Hooks {
    /// What is run before each case.
    pub setup: Option<Around>,
    /// What is run after each case.
    pub teardown: Option<Around>,
}

/// A flow that is run around each case.
#[derive(Clone, Debug)]
pub struct Around {
    /// Its name.
    pub flow: String,
    /// Its inputs.
    pub inputs: Vec<String>,
    /// Its outputs.
    pub outputs: Vec<String>,
    /// The identity that does it.
    pub identity: Option<String>,
}

impl Around {
    /// This flow, done by this identity.
    #[must_use]
    pub fn new(flow: &Flow, identity: Option<String>) -> Self {
        Self { flow: flow.name.clone(), inputs: flow.inputs.clone(), outputs: flow.outputs.clone(), identity }
    }
}

impl Hooks {
    /// The hooks of `target`; what does not fit goes to `out`.
    pub(super) fn of(suite: &Suite, target: &Target, out: &mut Diagnostics) -> Self {
        check_hooks(target, &suite.flows, out);
        let around = |hook: &Hook| Some(Around::new(suite.flows.get(&hook.flow)?, hook.identity.clone()));
        Self { setup: target.setup.as_ref().and_then(around), teardown: target.teardown.as_ref().and_then(around) }
    }

    /// Whether there is one.
    #[must_use]
    pub fn are_there(&self) -> bool {
        self.setup.is_some() || self.teardown.is_some()
    }

    /// The names that `setup` gives.
    #[must_use]
    pub fn outputs(&self) -> &[String] {
        self.setup.as_ref().map_or(&[], |setup| &setup.outputs)
    }

    /// The surface as it is planned with: something stands for what `setup` will give.
    pub(super) fn stand_in(&self, surface: &Resolved) -> Resolved {
        if self.setup.is_none() {
            return surface.clone();
        }
        // What is missing was told: a name that no output gives.
        surface.filled(&NotYetMade(self.outputs())).unwrap_or_else(|_| surface.clone())
    }

    /// Reports what `setup` cannot know before it has been run, and what neither flow can do on this target.
    pub(super) fn check(&self, target: &Target, surface: &Resolved, flows: &Flows, out: &mut Diagnostics) {
        let all = surface.names(&target.name, "", "");
        let plain = if self.setup.is_some() { super::plain_names(&all) } else { (*all).clone() };
        let before = surface.plain();
        for (around, hook, known, usable) in
            [(&self.setup, &target.setup, &plain, &before), (&self.teardown, &target.teardown, &*all, surface)]
        {
            let (Some(around), Some(hook)) = (around, hook) else { continue };
            let Some(flow) = flows.get(&around.flow) else { continue };
            if let Some(identity) = around.identity.as_ref().filter(|it| !before.identities.contains_key(*it)) {
                let is_made = surface.identities.contains_key(identity);
                let message = match &surface.variant {
                    _ if is_made => format!("`{identity}` signs in at a place that `setup` has still to say"),
                    Some(variant) => format!("there is no identity `{identity}` in variant `{variant}`"),
                    // That there is none at all was told.
                    None => continue,
                };
                out.push(Diagnostic::error(Code::UnknownIdentity, message).at(hook.identity_span, "is done by it"));
            }
            for flow in with_used(flow, flows) {
                check_flow(flow, &all, known, usable, out);
            }
        }
    }
}

fn check_flow(
    flow: &Flow,
    all: &BTreeMap<String, Json>,
    known: &BTreeMap<String, Json>,
    surface: &Resolved,
    out: &mut Diagnostics,
) {
    for (name, span) in flow.wants.iter().filter(|(name, _)| !known.contains_key(*name)) {
        let problem = if all.contains_key(name) {
            Diagnostic::error(Code::NameNotSetYet, format!("`{name}` of the target is made of what `setup` gives"))
                .at(*span, format!("uses `$({name})` before"))
        } else {
            Diagnostic::error(
                Code::MissingFromTarget,
                format!("nothing sets `{name}`, and the target has no such name"),
            )
            .at(*span, format!("uses `$({name})`"))
        };
        out.push(problem);
    }
    for step in flow.steps.iter().flat_map(with_members) {
        if let StepKind::Request(request) = &step.kind
            && matches!(request.place, UrlSpec::Path(_))
            && surface.base_url.is_empty()
        {
            let message = "paths go to `base_url`, and `setup` has still to say where that is";
            out.push(
                Diagnostic::error(Code::BadUrl, message)
                    .at(request.span, "goes nowhere yet")
                    .help("write a whole URL: `POST $(endpoint)/path`"),
            );
        }
    }
}

fn with_members(step: &Step) -> Vec<&Step> {
    let mut steps = vec![step];
    if let StepKind::Together(members) = &step.kind {
        steps.extend(members.iter().map(|member| &member.step));
    }
    steps
}
