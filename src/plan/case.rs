use std::sync::Arc;

use crate::diag::Diagnostics;
use crate::event::{CaseHead, CaseId, StepPath};
use crate::suite::{Flows, Scenario, Step, StepKind, Suite};
use crate::value::{Missing, Scope};

use super::{CaseNames, Exclusivity, Resolved, Sharing};

/// A scenario with one of its rows, in one variant: what runs and is judged as one.
#[derive(Clone, Debug)]
pub struct Case {
    /// Its place in the plan.
    pub index: usize,
    /// What reports say of it.
    pub head: CaseHead,
    /// The target as this case sees it.
    pub surface: Arc<Resolved>,
    /// Whether it shares the target with other cases.
    pub sharing: Sharing,
    /// Whom it may run beside.
    pub exclusivity: Exclusivity,
    /// What is done.
    pub body: Body,
}

/// The steps of a case.
#[derive(Clone, Debug)]
pub struct Body {
    /// Its scenario.
    pub scenario: Arc<Scenario>,
    /// The flows that its steps use.
    pub flows: Arc<Flows>,
}

impl Case {
    /// Its id.
    #[must_use]
    pub fn id(&self) -> &CaseId {
        &self.head.id
    }
}

impl Body {
    /// The step at this path: `step`, `use-step/step-of-flow`, `set/member`.
    #[must_use]
    pub fn step(&self, path: &StepPath) -> Option<&Step> {
        let mut steps: Vec<&Step> = self.scenario.steps.iter().collect();
        let mut found = None;
        for name in path.as_str().split('/') {
            let step = *steps.iter().find(|step| step.name == name)?;
            steps = match &step.kind {
                StepKind::Use { flow, .. } => self.flows.get(flow).map(|flow| flow.steps.iter().collect())?,
                StepKind::Together(members) => members.iter().map(|member| &member.step).collect(),
                StepKind::Request(_)
                | StepKind::Token { .. }
                | StepKind::Authorize { .. }
                | StepKind::Elapse(_)
                | StepKind::Judge => Vec::new(),
            };
            found = Some(step);
        }
        found
    }

    /// The body for a target whose addresses were not known when the plan was made: what was compiled with a name of
    /// the target in it is compiled again. None when nothing was.
    ///
    /// # Errors
    /// When it cannot be compiled with these values.
    pub fn again(&self, suite: &Suite, names: &CaseNames) -> Result<Option<Self>, Diagnostics> {
        let uses_late_flow = self.flows.values().any(|flow| flow.is_late);
        if !self.scenario.is_late && !uses_late_flow {
            return Ok(None);
        }
        let mut out = Diagnostics::new();
        let scenario = if self.scenario.is_late {
            suite.scenario_again(&self.scenario, names, &mut out).map(Arc::new)
        } else {
            Some(Arc::clone(&self.scenario))
        };
        let flows = flows_again(suite, &self.flows, names, &mut out);
        match scenario {
            Some(scenario) if !out.has_errors() => Ok(Some(Self { scenario, flows })),
            Some(_) | None => Err(out),
        }
    }
}

/// The flows, those compiled again in which something waits for the target's names.
pub(super) fn flows_again(suite: &Suite, flows: &Arc<Flows>, names: &dyn Scope, out: &mut Diagnostics) -> Arc<Flows> {
    if flows.values().all(|flow| !flow.is_late) {
        return Arc::clone(flows);
    }
    let again = flows.iter().map(|(name, flow)| {
        let compiled = if flow.is_late { suite.flow_again(flow, names, out).map(Arc::new) } else { None };
        (name.clone(), compiled.unwrap_or_else(|| Arc::clone(flow)))
    });
    Arc::new(again.collect())
}

/// Why the names of a case could not be put together.
pub(super) fn describe(missing: &Missing) -> String {
    format!("one of `vars` cannot be put together: {missing}")
}
