use crate::event::SnapshotDifference;

use super::BreachCode;

/// What one check says of one answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reading {
    /// It holds.
    Holds,
    /// It does not.
    Breaks(Breach),
    /// It cannot be decided: never a pass.
    Undecided(Breach),
}

/// What a check found instead of what was promised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Breach {
    /// The kind of failure.
    pub code: BreachCode,
    /// One sentence: what was promised and what was there.
    pub message: String,
    /// What was expected, as short text.
    pub expected: Option<String>,
    /// What was there, as short text.
    pub actual: Option<String>,
    /// Where in the answer: `status`, `header retry-after`, `$.events[2].Type`.
    pub at: Option<String>,
    /// More lines, such as the single errors of a schema.
    pub details: Vec<String>,
    /// How the answer differs from a snapshot, where it is that.
    pub snapshot: Option<Box<SnapshotDifference>>,
}

impl Breach {
    /// A breach of which nothing but this sentence is known.
    #[must_use]
    pub fn new(code: BreachCode, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            expected: None,
            actual: None,
            at: None,
            details: Vec::new(),
            snapshot: None,
        }
    }

    /// The breach "expected …, got …".
    #[must_use]
    pub fn mismatch(code: BreachCode, expected: impl Into<String>, actual: impl Into<String>) -> Self {
        let (expected, actual) = (expected.into(), actual.into());
        let message = format!("expected {expected}, got {actual}");
        Self { expected: Some(expected), actual: Some(actual), ..Self::new(code, message) }
    }

    /// Says where in the answer it is.
    #[must_use]
    pub fn at(mut self, place: impl Into<String>) -> Self {
        self.at = Some(place.into());
        self
    }

    /// Says how the answer differs from a snapshot.
    #[must_use]
    pub fn with_snapshot(mut self, difference: SnapshotDifference) -> Self {
        self.snapshot = Some(Box::new(difference));
        self
    }

    /// Adds lines.
    #[must_use]
    pub fn with_details(mut self, details: impl IntoIterator<Item = String>) -> Self {
        self.details.extend(details);
        self
    }
}

impl Reading {
    /// Whether it holds; what cannot be decided does not.
    #[must_use]
    pub fn holds(&self) -> bool {
        matches!(self, Self::Holds)
    }

    /// What it missed, if it did.
    #[must_use]
    pub fn breach(&self) -> Option<&Breach> {
        match self {
            Self::Holds => None,
            Self::Breaks(breach) | Self::Undecided(breach) => Some(breach),
        }
    }
}
