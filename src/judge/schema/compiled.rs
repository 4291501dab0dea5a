use jsonschema::Validator;

use crate::value::View;

use super::message::lines;

/// A schema, compiled.
#[derive(Debug)]
pub struct Schema {
    pub(super) validator: Validator,
    pub(super) compares_numbers: bool,
    pub(super) allows_everything: bool,
}

/// What a schema says of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::judge) enum Verdict {
    /// The value follows it.
    Follows,
    /// It does not: one line for each kind of error.
    Violates(Vec<String>),
    /// A number at this JSON Pointer has more digits than can be compared.
    Inexact(String),
}

impl Schema {
    /// Whether every value follows it.
    #[must_use]
    pub fn allows_everything(&self) -> bool {
        self.allows_everything
    }

    pub(in crate::judge) fn judge(&self, view: &View) -> Verdict {
        if self.compares_numbers && let Some(pointer) = &view.inexact {
            return Verdict::Inexact(pointer.clone());
        }
        if self.validator.is_valid(&view.value) {
            return Verdict::Follows;
        }
        Verdict::Violates(lines(self.validator.iter_errors(&view.value)))
    }
}
