use serde::{Deserialize, Serialize};

use super::OutcomeClass;

/// What fails a run besides a broken MUST: part of its record, so that whoever reads that comes to the same verdict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gate {
    /// How binding a promise is whose breach fails the run.
    #[serde(default, skip_serializing_if = "FailOn::is_must")]
    pub fail_on: FailOn,
    /// What a case is worth that passed only when it was tried again.
    #[serde(default, skip_serializing_if = "FlakyRule::is_warn")]
    pub flaky: FlakyRule,
}

/// How binding a promise is whose breach fails a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FailOn {
    /// A MUST.
    #[default]
    Must,
    /// A SHOULD or advice, too.
    Should,
}

/// What a case is worth that passed only when it was tried again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FlakyRule {
    /// It is told apart, and the run passes.
    #[default]
    Warn,
    /// It fails the run.
    Fail,
}

impl FailOn {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
    fn is_must(&self) -> bool {
        *self == Self::Must
    }
}

impl FlakyRule {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
    fn is_warn(&self) -> bool {
        *self == Self::Warn
    }
}

impl Gate {
    /// Whether it is what holds where nothing is said.
    #[must_use]
    pub fn is_usual(&self) -> bool {
        *self == Self::default()
    }

    /// Whether a case that ended so fails the run.
    #[must_use]
    pub fn fails(self, class: OutcomeClass) -> bool {
        match class {
            OutcomeClass::Failed => true,
            OutcomeClass::Warned => self.fail_on == FailOn::Should,
            OutcomeClass::Flaky => self.flaky == FlakyRule::Fail,
            OutcomeClass::Passed
            | OutcomeClass::Known
            | OutcomeClass::Inconclusive
            | OutcomeClass::Broken
            | OutcomeClass::Blocked
            | OutcomeClass::Unfinished
            | OutcomeClass::Skipped => false,
        }
    }
}
