use std::collections::BTreeMap;
use std::sync::Arc;

use crate::event::{Exchange, Outcome, StepPath};
use crate::plan::Around;
use crate::suite::{Acting, Present};
use crate::value::{Json, has_handle};

use super::frame::{Frame, Owner};
use super::{Ending, Trial};

/// What stands before the steps of a target's `setup`.
pub const SETUP: &str = "setup";
/// What stands before the steps of a target's `teardown`.
pub const TEARDOWN: &str = "teardown";

impl Trial {
    /// The same trial, but of the flow that a target runs around a case instead of the case's own steps. `prefix` stands
    /// before the names of its steps, and `given` are its inputs.
    #[must_use]
    pub fn around(mut self, around: &Around, prefix: &str, given: BTreeMap<String, Json>) -> Self {
        let Some(flow) = self.body.flows.get(&around.flow).cloned() else {
            let why = format!("no flow is called `{}`", around.flow);
            self.ending = Some(Ending { outcome: Outcome::Broken { why }, not_run: Vec::new() });
            return self;
        };
        self.frames = vec![Frame {
            at: 0,
            names: given,
            answers: BTreeMap::new(),
            prefix: format!("{prefix}/"),
            acting: Some(Acting { device: around.identity.clone(), present: Present::Own }),
            verifies: Arc::from([]),
            level: None,
            used_at: Vec::new(),
            owner: Owner::Flow(flow),
        }];
        self.progress.is_around = true;
        self
    }

    /// Those of these names that steps of the outermost frame have set.
    #[must_use]
    pub fn values(&self, names: &[String]) -> BTreeMap<String, Json> {
        let set = self.frames.first().map(|frame| &frame.names);
        let found = names.iter().filter_map(|name| Some((name.clone(), set?.get(name)?.clone())));
        found.collect()
    }

    /// What was sent last by a step that is still in sight, and what came of it.
    #[must_use]
    pub fn last_exchange(&self) -> Option<&Exchange> {
        let all = self.frames.iter().flat_map(|frame| frame.answers.values());
        all.max_by_key(|exchange| exchange.id).map(|exchange| &**exchange)
    }

    /// What `setup` gave, or how the case ends that it was for: a promise is never broken by it.
    ///
    /// # Errors
    /// When it did not come to its end: the case cannot run.
    pub fn setup_ended(&self, around: &Around, ending: Ending) -> Result<BTreeMap<String, Json>, Ending> {
        let outcome = match ending.outcome {
            Outcome::Passed
            | Outcome::Warned
            | Outcome::Skipped { .. }
            | Outcome::Flaky { .. }
            | Outcome::Known { .. } => return Ok(self.values(&around.outputs)),
            Outcome::Failed => Outcome::Blocked { step: self.step_at_hand() },
            outcome @ (Outcome::Inconclusive { .. }
            | Outcome::Broken { .. }
            | Outcome::Blocked { .. }
            | Outcome::Unfinished { .. }) => outcome,
        };
        let mut not_run = ending.not_run;
        not_run.extend(self.body.scenario.steps.iter().map(|step| StepPath::new(&step.name)));
        Err(Ending { outcome, not_run })
    }

    fn step_at_hand(&self) -> StepPath {
        let at_hand = self.frames.last().and_then(|frame| {
            let step = frame.owner.steps().get(frame.at)?;
            Some(StepPath::new(&format!("{}{}", frame.prefix, step.name)))
        });
        at_hand.unwrap_or_else(|| StepPath::new(SETUP))
    }
}

/// The first of these values that holds a secret: it has a handle at the door of `setup`, and none at that of the case.
pub fn secret_among(given: &BTreeMap<String, Json>) -> Option<&str> {
    given.iter().find(|(_, value)| holds_handle(value)).map(|(name, _)| name.as_str())
}

fn holds_handle(value: &Json) -> bool {
    match value {
        Json::String(text) => has_handle(text),
        Json::Array(items) => items.iter().any(holds_handle),
        Json::Object(members) => members.iter().any(|(_, item)| holds_handle(item)),
        Json::Null | Json::Bool(_) | Json::Number(_) => false,
    }
}
