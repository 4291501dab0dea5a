use std::collections::BTreeMap;
use std::sync::Arc;

use crate::diag::Span;
use crate::event::{Exchange, Level, RequirementId};
use crate::suite::{Acting, Flow, Scenario, Step};
use crate::value::Json;

/// Steps that are being done, with the names that they see: the scenario's, or those of a flow.
#[derive(Debug)]
pub(super) struct Frame {
    /// Whose steps they are.
    pub(super) owner: Owner,
    /// The step at hand.
    pub(super) at: usize,
    /// What steps have set.
    pub(super) names: BTreeMap<String, Json>,
    /// The last exchange of each step.
    pub(super) answers: BTreeMap<String, Arc<Exchange>>,
    /// What stands before the names of its steps: `use-step/`.
    pub(super) prefix: String,
    /// Who acts where a step of a flow does not say.
    pub(super) acting: Option<Acting>,
    /// The requirements where a step of a flow does not say.
    pub(super) verifies: Arc<[RequirementId]>,
    /// Their strictest level.
    pub(super) level: Option<Level>,
    /// The steps that used the flows around it, the outermost first.
    pub(super) used_at: Vec<Span>,
}

/// Who the steps of a frame belong to.
#[derive(Clone, Debug)]
pub(super) enum Owner {
    /// The scenario.
    Scenario(Arc<Scenario>),
    /// A flow.
    Flow(Arc<Flow>),
}

impl Owner {
    /// Its steps.
    pub(super) fn steps(&self) -> &[Step] {
        match self {
            Self::Scenario(scenario) => &scenario.steps,
            Self::Flow(flow) => &flow.steps,
        }
    }
}
