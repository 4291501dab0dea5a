use crate::event::{Gate, Outcome, OutcomeClass, StepPath};

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
    /// Whether it is what is run around a case, which promises nothing itself.
    pub(super) is_around: bool,
}

impl Progress {
    /// How a case ended whose last step is done.
    pub(super) fn outcome(&self) -> Outcome {
        match (self.judged, &self.left_out) {
            (_, Some(why)) if self.promises == 0 => {
                Outcome::Skipped { why: format!("every judged step was left out: {why}") }
            }
            (0, _) => Outcome::Broken { why: "no check was put to any answer".to_owned() },
            _ if self.promises == 0 && !self.is_around => {
                Outcome::Broken { why: "no promise was put to any answer, but preconditions alone".to_owned() }
            }
            _ if self.warned => Outcome::Warned,
            _ => Outcome::Passed,
        }
    }
}

/// How a case ended that was tried `tried` times. Passing only when it was tried again is flaky; a failure that was proven
/// is not forgiven because a later try failed as a waiver says, or came to nothing.
#[must_use]
pub fn after_tries(outcome: Outcome, tried: u32, failed_before: bool, gate: Gate) -> Outcome {
    match outcome {
        // Where it fails the run, it is not made better by what came before it.
        Outcome::Warned if gate.fails(OutcomeClass::Warned) => outcome,
        Outcome::Passed | Outcome::Warned if tried > 1 => Outcome::Flaky { tries: tried },
        Outcome::Known { .. }
        | Outcome::Inconclusive { .. }
        | Outcome::Broken { .. }
        | Outcome::Blocked { .. }
        | Outcome::Unfinished { .. }
        | Outcome::Skipped { .. }
            if failed_before =>
        {
            Outcome::Failed
        }
        Outcome::Skipped { why } if tried > 1 => {
            Outcome::Broken { why: format!("a try came to no verdict, and the next left all out: {why}") }
        }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{FailOn, WaiverId};

    #[test]
    fn no_later_try_hides_a_failure() {
        let why = || "so".to_owned();
        for later in [
            Outcome::Known { waivers: vec![WaiverId::new("W-1")] },
            Outcome::Inconclusive { why: why() },
            Outcome::Broken { why: why() },
            Outcome::Blocked { step: StepPath::new("1") },
            Outcome::Unfinished { why: why() },
            Outcome::Skipped { why: why() },
            Outcome::Failed,
        ] {
            assert_eq!(after_tries(later, 2, true, Gate::default()), Outcome::Failed);
        }
        let flaky = Outcome::Flaky { tries: 2 };
        assert_eq!(after_tries(Outcome::Passed, 2, true, Gate::default()), flaky);
        assert_eq!(after_tries(Outcome::Warned, 2, true, Gate::default()), flaky);
        let skipped = Outcome::Skipped { why: why() };
        assert_eq!(after_tries(skipped.clone(), 2, false, Gate::default()).class(), OutcomeClass::Broken);
        assert_eq!(after_tries(skipped.clone(), 1, false, Gate::default()), skipped);
    }

    #[test]
    fn where_a_should_fails_the_run_a_try_that_warns_is_not_flaky() {
        let gate = Gate { fail_on: FailOn::Should, ..Gate::default() };
        assert_eq!(after_tries(Outcome::Warned, 2, true, gate), Outcome::Warned);
        assert_eq!(after_tries(Outcome::Passed, 2, true, gate), Outcome::Flaky { tries: 2 });
    }
}
