use crate::event::{Outcome, StepPath};

/// How a case ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ending {
    /// The outcome of this try.
    pub outcome: Outcome,
    /// Steps that were not run.
    pub not_run: Vec<StepPath>,
}

/// What the steps so far have come to.
#[derive(Clone, Debug, Default)]
pub(super) struct Progress {
    /// Whether a SHOULD or advice did not hold.
    pub(super) warned: bool,
    /// How many answers a check was put to.
    pub(super) judged: u32,
    /// How many steps judged a promise or advice, not only what comes before it.
    pub(super) promises: u32,
    /// Why the first judged step was left out, if one was.
    pub(super) left_out: Option<String>,
    /// Requests so far.
    pub(super) requests: u32,
}

impl Progress {
    /// How a case ended whose last step is done.
    pub(super) fn outcome(&self) -> Outcome {
        match (self.judged, &self.left_out) {
            (_, Some(why)) if self.promises == 0 => {
                Outcome::Skipped { why: format!("every judged step was left out: {why}") }
            }
            (0, _) => Outcome::Broken { why: "no check was put to any answer".to_owned() },
            _ if self.warned => Outcome::Warned,
            _ => Outcome::Passed,
        }
    }
}

/// How a case ended that was tried `tried` times. Passing only when it was tried again is flaky; a try that failed
/// otherwise is not forgiven because a later one failed as a waiver says.
#[must_use]
pub fn after_tries(outcome: Outcome, tried: u32, failed_before: bool) -> Outcome {
    match outcome {
        Outcome::Passed | Outcome::Warned if tried > 1 => Outcome::Flaky { tries: tried },
        Outcome::Known { .. } if failed_before => Outcome::Failed,
        Outcome::Passed
        | Outcome::Warned
        | Outcome::Flaky { .. }
        | Outcome::Known { .. }
        | Outcome::Failed
        | Outcome::Inconclusive { .. }
        | Outcome::Broken { .. }
        | Outcome::Blocked { .. }
        | Outcome::Unfinished { .. }
        | Outcome::Skipped { .. } => outcome,
    }
}
