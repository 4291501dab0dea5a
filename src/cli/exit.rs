use crate::event::{RunEnd, Standing};

/// How the program ended. Public and append-only: scripts rely on the codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Exit {
    /// All that exit 0 promises holds.
    Pass,
    /// A shard without a case to run, of a plan that has some: the other shards decide. A code of 0, so that a matrix of
    /// jobs is not red for it, and a name of its own, for nothing was judged.
    Empty,
    /// A promise was broken, as a received answer shows; or a waiver does not hold.
    Fail,
    /// Flags, suite, target or plan are wrong; nothing was sent.
    Usage,
    /// Something could not be judged, nothing failed.
    Error,
    /// Nothing ran.
    Nothing,
    /// The run was stopped before every case had run, nothing failed.
    Incomplete,
    /// Passed, but something may have been left on the target.
    Dirty,
    /// A defect of this program.
    Internal,
    /// A report, or stdout, could not be written whole.
    IoError,
    /// Somebody else uses what is needed.
    Busy,
    /// A signal stopped it.
    Signal(i32),
}

impl Exit {
    /// The code.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Self::Pass | Self::Empty => 0,
            Self::Fail => 1,
            Self::Usage => 2,
            Self::Error => 3,
            Self::Nothing => 4,
            Self::Incomplete => 5,
            Self::Dirty => 6,
            Self::Internal => 70,
            Self::IoError => 74,
            Self::Busy => 75,
            Self::Signal(number) => u8::try_from(128 + number).unwrap_or(128),
        }
    }

    /// The name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Pass => "PASS",
            Self::Empty => "EMPTY",
            Self::Fail => "FAIL",
            Self::Usage => "USAGE",
            Self::Error => "ERROR",
            Self::Nothing => "NOTHING",
            Self::Incomplete => "INCOMPLETE",
            Self::Dirty => "DIRTY",
            Self::Internal => "INTERNAL",
            Self::IoError => "IOERR",
            Self::Busy => "BUSY",
            Self::Signal(_) => "SIGNAL",
        }
    }

    /// How a run ended, by the first of these that holds: a signal, a defect, a report that could not be written, a
    /// broken promise or a waiver that does not hold, something undecided, something not run, nothing run, something left behind.
    #[must_use]
    pub fn of_run(end: &RunEnd, reports: Reports) -> Self {
        Self::of(end.standing(), reports)
    }

    /// The same, of what the run comes to.
    #[must_use]
    pub fn of(standing: Standing, reports: Reports) -> Self {
        match standing {
            Standing::Stopped(number) => Self::Signal(number),
            Standing::Defect => Self::Internal,
            _ if reports == Reports::Broken => Self::IoError,
            Standing::Failed => Self::Fail,
            Standing::Undecided => Self::Error,
            Standing::Incomplete => Self::Incomplete,
            Standing::Nothing => Self::Nothing,
            Standing::Empty => Self::Empty,
            Standing::Dirty => Self::Dirty,
            Standing::Passed => Self::Pass,
        }
    }
}

/// Whether all reports were written and read back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reports {
    /// They were.
    Whole,
    /// One was not.
    Broken,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{CancelCause, OutcomeClass};

    fn end(totals: &[(OutcomeClass, u32)]) -> RunEnd {
        RunEnd {
            totals: totals.iter().map(|(class, count)| (class.as_str().to_owned(), *count)).collect(),
            ..RunEnd::default()
        }
    }

    #[test]
    fn the_gravest_of_what_happened_is_the_exit() {
        let mut run = end(&[(OutcomeClass::Passed, 1), (OutcomeClass::Failed, 1), (OutcomeClass::Broken, 1)]);
        assert_eq!(Exit::of_run(&run, Reports::Whole), Exit::Fail);
        assert_eq!(Exit::of_run(&run, Reports::Broken), Exit::IoError);
        run.internal.push("a defect".to_owned());
        assert_eq!(Exit::of_run(&run, Reports::Broken), Exit::Internal);
        run.cancelled = Some(CancelCause::Signal(2));
        assert_eq!(Exit::of_run(&run, Reports::Broken).code(), 130);
    }

    #[test]
    fn zero_needs_a_case_that_passed() {
        assert_eq!(Exit::of_run(&end(&[]), Reports::Whole), Exit::Nothing);
        assert_eq!(Exit::of_run(&end(&[(OutcomeClass::Skipped, 3)]), Reports::Whole), Exit::Nothing);
        assert_eq!(Exit::of_run(&end(&[(OutcomeClass::Warned, 1)]), Reports::Whole), Exit::Pass);
        assert_eq!(
            Exit::of_run(&end(&[(OutcomeClass::Passed, 1), (OutcomeClass::Blocked, 1)]), Reports::Whole),
            Exit::Error
        );
        assert_eq!(
            Exit::of_run(&end(&[(OutcomeClass::Passed, 1), (OutcomeClass::Unfinished, 1)]), Reports::Whole),
            Exit::Incomplete
        );
    }
}
