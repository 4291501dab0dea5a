use crate::judge::BreachCode;
use crate::judge::show::{Step, place, preview};

use super::Found;

/// What a matcher says of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fit {
    /// It fits.
    Fits,
    /// It does not.
    Misses(Miss),
    /// It cannot be decided.
    Unsure(Doubt),
}

/// What did not fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Miss {
    /// What was expected, as in `expected …`.
    pub expected: String,
    /// What was there, as in `got …`.
    pub actual: String,
    /// The way from the value to what did not fit.
    pub(in crate::judge) at: Vec<Step>,
    /// More lines.
    pub notes: Vec<String>,
    /// How much of the matcher did fit: the nearest of several misses is the one worth telling.
    pub near: usize,
    /// Whether there was nothing to judge.
    pub nothing: bool,
}

/// Why it cannot be decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doubt {
    /// The kind of doubt.
    pub code: BreachCode,
    /// One sentence.
    pub message: String,
    /// The way from the value to what cannot be decided.
    pub(in crate::judge) at: Vec<Step>,
}

impl Miss {
    /// That something else was expected of what was found.
    #[must_use]
    pub fn of(found: Found<'_>, expected: impl Into<String>) -> Self {
        let (actual, nothing) = match found {
            Found::Value(value) => (preview(value), false),
            Found::Nothing => ("nothing".to_owned(), true),
            Found::NoNodes => ("no value at all".to_owned(), true),
        };
        Self { expected: expected.into(), actual, at: Vec::new(), notes: Vec::new(), near: 0, nothing }
    }

    /// Adds a line.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// Says that it lies one step further in.
    #[must_use]
    pub(in crate::judge) fn below(mut self, step: Step) -> Self {
        self.at.insert(0, step);
        self
    }

    /// It as one line of those that tell of a larger miss.
    pub(super) fn line(&self) -> String {
        format!("nearest: {}: expected {}, got {}", place("", &self.at), self.expected, self.actual)
    }
}

impl Doubt {
    /// A doubt of which this sentence is known.
    #[must_use]
    pub fn new(code: BreachCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), at: Vec::new() }
    }
}

impl Fit {
    /// That it fits, or that something else was expected.
    pub(super) fn when(fits: bool, found: Found<'_>, expected: impl FnOnce() -> String) -> Self {
        if fits { Self::Fits } else { Self::Misses(Miss::of(found, expected())) }
    }

    /// Says that it lies one step further in.
    #[must_use]
    pub(in crate::judge) fn below(self, step: Step) -> Self {
        match self {
            Self::Fits => Self::Fits,
            Self::Misses(miss) => Self::Misses(miss.below(step)),
            Self::Unsure(mut doubt) => {
                doubt.at.insert(0, step);
                Self::Unsure(doubt)
            }
        }
    }

    /// All must fit: the first miss, else the first doubt. How many fitted counts as nearness.
    pub(super) fn all(fits: impl Iterator<Item = Self>) -> Self {
        let (mut near, mut missed, mut unsure) = (0, None, None);
        for fit in fits {
            match fit {
                Self::Fits => near += 1,
                Self::Misses(miss) => {
                    near += miss.near;
                    missed = missed.or(Some(miss));
                }
                Self::Unsure(doubt) => unsure = unsure.or(Some(doubt)),
            }
        }
        match (missed, unsure) {
            (Some(miss), _) => Self::Misses(Miss { near, ..miss }),
            (None, Some(doubt)) => Self::Unsure(doubt),
            (None, None) => Self::Fits,
        }
    }
}

impl From<Doubt> for Fit {
    fn from(doubt: Doubt) -> Self {
        Self::Unsure(doubt)
    }
}
