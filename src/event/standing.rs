use super::{CancelCause, OutcomeClass, RunEnd, RunRecord};

/// What a run comes to as a whole: the first of these that holds. The exit code and every report say the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// A signal of this number stopped it.
    Stopped(i32),
    /// A defect of this program was noticed.
    Defect,
    /// A promise was broken, a waiver does not hold, or the run's gate counts an outcome as a failure.
    Failed,
    /// Something could not be judged, nothing failed.
    Undecided,
    /// It ended before every case had run, nothing failed.
    Incomplete,
    /// Nothing ran.
    Nothing,
    /// Nothing ran here, and other shards of the plan have something to run.
    Empty,
    /// It passed, but something may have been left on the target.
    Dirty,
    /// It passed.
    Passed,
}

impl RunEnd {
    /// What the run comes to.
    #[must_use]
    pub fn standing(&self) -> Standing {
        let of = |class: OutcomeClass| self.totals.get(class.as_str()).copied().unwrap_or(0);
        let any = |classes: &[OutcomeClass]| classes.iter().any(|class| of(*class) > 0);
        if let Some(CancelCause::Signal(number)) = self.cancelled {
            Standing::Stopped(number)
        } else if !self.internal.is_empty() {
            Standing::Defect
        } else if OutcomeClass::ALL.into_iter().any(|class| self.gate.fails(class) && of(class) > 0)
            || !self.waivers.is_empty()
        {
            Standing::Failed
        } else if any(&[OutcomeClass::Inconclusive, OutcomeClass::Broken, OutcomeClass::Blocked]) {
            Standing::Undecided
        } else if any(&[OutcomeClass::Unfinished]) {
            Standing::Incomplete
        } else if !any(&[OutcomeClass::Passed, OutcomeClass::Warned, OutcomeClass::Flaky, OutcomeClass::Known]) {
            if self.elsewhere > 0 { Standing::Empty } else { Standing::Nothing }
        } else if !self.left.is_empty() {
            Standing::Dirty
        } else {
            Standing::Passed
        }
    }
}

impl RunRecord {
    /// What the run comes to, by the outcomes that the record holds now. A record without its end never passed.
    #[must_use]
    pub fn standing(&self) -> Standing {
        let totals = self.totals();
        let counts = OutcomeClass::ALL.iter().map(|class| (class.as_str().to_owned(), totals.of(*class))).collect();
        let end = self.end.clone().unwrap_or_default();
        let standing = RunEnd { totals: counts, gate: self.gate, elsewhere: self.elsewhere, ..end }.standing();
        match standing {
            Standing::Passed | Standing::Dirty | Standing::Empty if self.end.is_none() => Standing::Incomplete,
            Standing::Stopped(_)
            | Standing::Defect
            | Standing::Failed
            | Standing::Undecided
            | Standing::Incomplete
            | Standing::Nothing
            | Standing::Empty
            | Standing::Dirty
            | Standing::Passed => standing,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{FailOn, FlakyRule, Gate};

    #[test]
    fn a_record_without_its_end_never_passed() {
        assert_eq!(RunRecord::default().standing(), Standing::Nothing);
        let passed = RunEnd {
            totals: [(OutcomeClass::Passed.as_str().to_owned(), 1)].into_iter().collect(),
            ..RunEnd::default()
        };
        assert_eq!(passed.standing(), Standing::Passed);
    }

    #[test]
    fn a_gate_counts_what_it_says_as_a_failure() {
        let of = |class: OutcomeClass, gate: Gate| {
            let totals =
                [(OutcomeClass::Passed, 1), (class, 1)].map(|(class, count)| (class.as_str().to_owned(), count));
            RunEnd { totals: totals.into_iter().collect(), gate, ..RunEnd::default() }.standing()
        };
        let strict = Gate { fail_on: FailOn::Should, flaky: FlakyRule::Fail };
        for (class, usual, strictly) in [
            (OutcomeClass::Warned, Standing::Passed, Standing::Failed),
            (OutcomeClass::Flaky, Standing::Passed, Standing::Failed),
            (OutcomeClass::Known, Standing::Passed, Standing::Passed),
            (OutcomeClass::Failed, Standing::Failed, Standing::Failed),
        ] {
            assert_eq!((of(class, Gate::default()), of(class, strict)), (usual, strictly), "{class}");
        }
    }

    #[test]
    fn an_empty_shard_of_a_plan_with_cases_is_not_nothing() {
        let end = RunEnd { elsewhere: 3, ..RunEnd::default() };
        assert_eq!(end.standing(), Standing::Empty);
    }
}
