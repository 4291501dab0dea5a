use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::diag::{Code, Diagnostic, Diagnostics, Span};
use crate::event::{Level, RequirementId};

use super::{Actor, Catalogue, Flow, Flows, Scenario, Step, StepKind};

/// Reports promises of whoever answers that no scenario is evidence for, and those that must hold and that only advice
/// or preconditions stand for.
pub(crate) fn check_coverage(catalogue: &Catalogue, scenarios: &[Arc<Scenario>], flows: &Flows, out: &mut Diagnostics) {
    let evidence = Evidence::of(scenarios, flows);
    for requirement in &catalogue.requirements {
        let id = &requirement.id;
        let Some(first) = evidence.named.get(id) else {
            if requirement.actor != Actor::Client && requirement.untestable.is_none() {
                out.push(
                    Diagnostic::error(Code::UncoveredRequirement, format!("nothing verifies `{id}`"))
                        .at(requirement.span, "no scenario is evidence for it")
                        .help("name it under `verifies` of a scenario, or say why it is `untestable`"),
                );
            }
            continue;
        };
        if requirement.level == Level::Must && !evidence.judged.contains(id) {
            out.push(
                Diagnostic::error(Code::WeakEvidence, format!("`{id}` must hold, and no `expect` stands for it"))
                    .at(requirement.span, "only `given` or `should` stand for it")
                    .also(*first, "verifies it")
                    .help("what must hold is judged by `expect`: `should` is advice, and `given` blocks the case"),
            );
        }
    }
}

/// What scenarios are evidence for.
#[derive(Default)]
struct Evidence {
    /// Requirements that a step names, with the first scenario that does.
    named: BTreeMap<RequirementId, Span>,
    /// Those that an `expect`, or a poll that stands for one, judges.
    judged: BTreeSet<RequirementId>,
}

impl Evidence {
    fn of(scenarios: &[Arc<Scenario>], flows: &Flows) -> Self {
        let mut evidence = Self::default();
        for scenario in scenarios {
            for id in scenario.evidence_for.iter().chain(&scenario.verifies) {
                evidence.named.entry(id.clone()).or_insert(scenario.span);
            }
            for step in scenario.steps.iter().flat_map(Step::with_members) {
                let ids = step.verifies.as_deref().unwrap_or_default();
                if is_judged(step, flows, &mut BTreeSet::new()) {
                    evidence.judged.extend(ids.iter().cloned());
                }
            }
        }
        evidence
    }
}

/// Whether a failure of the step is a broken promise. Of a step that uses a flow, whether one of the flow's is; `open`
/// are the flows that are being looked at.
fn is_judged<'f>(step: &'f Step, flows: &'f Flows, open: &mut BTreeSet<&'f str>) -> bool {
    if step.expect.is_some() {
        return true;
    }
    match &step.kind {
        StepKind::Use { flow, .. } => {
            let of_flow = |flow: &'f Flow, open: &mut BTreeSet<&'f str>| {
                flow.steps.iter().flat_map(Step::with_members).any(|step| is_judged(step, flows, open))
            };
            open.insert(flow) && flows.get(flow).is_some_and(|flow| of_flow(flow, open))
        }
        // Its members stand for themselves.
        StepKind::Together(_) => false,
        // What a poll finds is a failure of the step's `given` where that is all it has, of its `expect` otherwise.
        StepKind::Request(_)
        | StepKind::Token { .. }
        | StepKind::Authorize { .. }
        | StepKind::Elapse(_)
        | StepKind::Judge => step.poll.is_some() && step.given.is_none(),
    }
}
