use std::fmt;

use serde::{Deserialize, Serialize};

use super::{StepPath, WaiverId};

/// How a case ended: exactly one of these.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Every check held.
    Passed,
    /// A SHOULD or advice did not hold.
    Warned,
    /// It passed, but only when it was tried again.
    Flaky {
        /// How often it was tried in all.
        tries: u32,
    },
    /// It failed as live waivers say, and not otherwise.
    Known {
        /// The waivers.
        waivers: Vec<WaiverId>,
    },
    /// A promise was broken, as a received answer shows.
    Failed,
    /// There was no complete answer to judge.
    Inconclusive {
        /// Why.
        why: String,
    },
    /// A check, or the scenario, could not be decided.
    Broken {
        /// Why.
        why: String,
    },
    /// A precondition did not hold.
    Blocked {
        /// At this step.
        step: StepPath,
    },
    /// The run was stopped before it ended.
    Unfinished {
        /// Why.
        why: String,
    },
    /// It was not run.
    Skipped {
        /// Why.
        why: String,
    },
}

impl Outcome {
    /// The class, without the reason.
    #[must_use]
    pub fn class(&self) -> OutcomeClass {
        match self {
            Self::Passed => OutcomeClass::Passed,
            Self::Warned => OutcomeClass::Warned,
            Self::Flaky { .. } => OutcomeClass::Flaky,
            Self::Known { .. } => OutcomeClass::Known,
            Self::Failed => OutcomeClass::Failed,
            Self::Inconclusive { .. } => OutcomeClass::Inconclusive,
            Self::Broken { .. } => OutcomeClass::Broken,
            Self::Blocked { .. } => OutcomeClass::Blocked,
            Self::Unfinished { .. } => OutcomeClass::Unfinished,
            Self::Skipped { .. } => OutcomeClass::Skipped,
        }
    }

    /// The reason, where the outcome has one.
    #[must_use]
    pub fn why(&self) -> Option<String> {
        match self {
            Self::Passed | Self::Warned | Self::Failed => None,
            Self::Flaky { tries } => Some(format!("passed at try {tries}")),
            Self::Known { waivers } => Some(format!("waiver {}", joined(waivers))),
            Self::Blocked { step } => Some(format!("a precondition did not hold at step {step}")),
            Self::Inconclusive { why } | Self::Broken { why } | Self::Unfinished { why } | Self::Skipped { why } => {
                Some(why.clone())
            }
        }
    }
}

fn joined(waivers: &[WaiverId]) -> String {
    waivers.iter().map(WaiverId::as_str).collect::<Vec<_>>().join(", ")
}

/// The classes of outcomes, in the order in which totals are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OutcomeClass {
    /// See [`Outcome::Passed`].
    Passed,
    /// See [`Outcome::Warned`].
    Warned,
    /// See [`Outcome::Flaky`].
    Flaky,
    /// See [`Outcome::Known`].
    Known,
    /// See [`Outcome::Failed`].
    Failed,
    /// See [`Outcome::Inconclusive`].
    Inconclusive,
    /// See [`Outcome::Broken`].
    Broken,
    /// See [`Outcome::Blocked`].
    Blocked,
    /// See [`Outcome::Unfinished`].
    Unfinished,
    /// See [`Outcome::Skipped`].
    Skipped,
}

impl OutcomeClass {
    /// All, in order.
    pub const ALL: [Self; 10] = [
        Self::Passed,
        Self::Warned,
        Self::Flaky,
        Self::Known,
        Self::Failed,
        Self::Inconclusive,
        Self::Broken,
        Self::Blocked,
        Self::Unfinished,
        Self::Skipped,
    ];

    /// The word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Warned => "warned",
            Self::Flaky => "flaky",
            Self::Known => "known",
            Self::Failed => "failed",
            Self::Inconclusive => "inconclusive",
            Self::Broken => "broken",
            Self::Blocked => "blocked",
            Self::Unfinished => "unfinished",
            Self::Skipped => "skipped",
        }
    }
}

impl fmt::Display for OutcomeClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// How many cases ended in each class.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    counts: [u32; OutcomeClass::ALL.len()],
}

impl Totals {
    /// Counts one more.
    pub fn add(&mut self, class: OutcomeClass) {
        self.counts[class as usize] += 1;
    }

    /// How many ended so.
    #[must_use]
    pub fn of(&self, class: OutcomeClass) -> u32 {
        self.counts[class as usize]
    }

    /// How many there are in all.
    #[must_use]
    pub fn all(&self) -> u32 {
        self.counts.iter().sum()
    }
}

impl fmt::Display for Totals {
    /// `3 passed, 0 failed, 1 skipped`: classes in order, those without a case left out except passed and failed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        for class in OutcomeClass::ALL {
            let always = matches!(class, OutcomeClass::Passed | OutcomeClass::Failed);
            if always || self.of(class) > 0 {
                write!(f, "{separator}{} {class}", self.of(class))?;
                separator = ", ";
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn totals_leave_out_classes_without_a_case_except_passed_and_failed() {
        let mut totals = Totals::default();
        totals.add(OutcomeClass::Skipped);
        assert_eq!(totals.to_string(), "0 passed, 0 failed, 1 skipped");
    }
}
