use super::{CancelCause, OutcomeClass, RunEnd, RunRecord};

/// What a run comes to as a whole: the first of these that holds. The exit code and every report say the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// A signal of this number stopped it.
    Stopped(i32),
    /// A defect of this program was noticed.
    Defect,
    /// A promise was broken, or a waiver does not hold.
    Failed,
    /// Something could not be judged, nothing failed.
    Undecided,
    /// It ended before every case had run, nothing failed.
    Incomplete,
    /// Nothing ran.
    Nothing,
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
        } else if any(&[OutcomeClass::Failed]) || !self.waivers.is_empty() {
            Standing::Failed
        } else if any(&[OutcomeClass::Inconclusive, OutcomeClass::Broken, OutcomeClass::Blocked]) {
            Standing::Undecided
        } else if any(&[OutcomeClass::Unfinished]) {
            Standing::Incomplete
        } else if !any(&[OutcomeClass::Passed, OutcomeClass::Warned, OutcomeClass::Flaky, OutcomeClass::Known]) {
            Standing::Nothing
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
        let standing = RunEnd { totals: counts, ..self.end.clone().unwrap_or_default() }.standing();
        match standing {
            Standing::Passed | Standing::Dirty if self.end.is_none() => Standing::Incomplete,
            Standing::Stopped(_)
            | Standing::Defect
            | Standing::Failed
            | Standing::Undecided
            | Standing::Incomplete
            | Standing::Nothing
            | Standing::Dirty
            | Standing::Passed => standing,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_without_its_end_never_passed() {
        assert_eq!(RunRecord::default().standing(), Standing::Nothing);
        let passed = RunEnd {
            totals: [(OutcomeClass::Passed.as_str().to_owned(), 1)].into_iter().collect(),
            ..RunEnd::default()
        };
        assert_eq!(passed.standing(), Standing::Passed);
    }
}
