use jsonschema::error::ValidationErrorKind;
use jsonschema::{ValidationError, Validator};
use serde_json::Value;

use crate::judge::opaque::is_opaque;
use crate::judge::show::{Step, place};
use crate::value::{Json, View};

use super::described::Described;
use super::hint::envelope;
use super::message::{Violation, steps_of, violations};

/// A schema, compiled.
#[derive(Debug)]
pub struct Schema {
    pub(super) validator: Validator,
    pub(super) compares_numbers: bool,
    pub(super) allows_everything: bool,
    /// How many schemas are put to one value in a row, at most.
    pub(super) row: usize,
    pub(super) described: Described,
}

/// How many schemas within each other the stack at hand is trusted with, in a build without optimisation.
const SHALLOW: usize = 200;
/// What one of them may take of a stack made for it.
const STACK_EACH: usize = 16 << 10;

/// What a schema says of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::judge) enum Verdict {
    /// The value follows it.
    Follows,
    /// It does not: what is wrong with each field, the worst first; never none.
    Violates(Vec<Violation>),
    /// A number at this JSONPath has more digits than can be compared.
    Inexact(String),
    /// What stands at this JSONPath holds a secret that only the door can see.
    Opaque(String),
    /// There is no room for a stack that would hold it.
    TooDeep,
}

impl Schema {
    /// Whether every value follows it.
    #[must_use]
    pub fn allows_everything(&self) -> bool {
        self.allows_everything
    }

    /// Whether it says anything of the value at the end of this way from the root: members by their name, elements by
    /// their index. What it says nothing of may be anything.
    pub fn speaks_of<'w>(&self, way: impl Iterator<Item = Result<&'w str, usize>>) -> bool {
        self.described.speaks_of(way)
    }

    /// Judges a value: `json` is what stands there exactly, `view` is made of it.
    pub(in crate::judge) fn judge(&self, json: &Json, view: &View) -> Verdict {
        if self.compares_numbers
            && let Some(pointer) = &view.inexact
        {
            return Verdict::Inexact(path_of(pointer));
        }
        let frames = depth(&view.value).saturating_mul(self.row + 1);
        if frames <= SHALLOW {
            return self.validate(json, &view.value);
        }
        // The validator recurses into body and schema; a deep body gets a stack of the size that it needs.
        std::thread::scope(|scope| {
            let stack = (1 << 20) + frames * STACK_EACH;
            let deep =
                std::thread::Builder::new().stack_size(stack).spawn_scoped(scope, || self.validate(json, &view.value));
            deep.ok().and_then(|thread| thread.join().ok()).unwrap_or(Verdict::TooDeep)
        })
    }

    fn validate(&self, json: &Json, value: &Value) -> Verdict {
        if self.validator.is_valid(value) {
            return Verdict::Follows;
        }
        let (mut opaque, mut is_other) = (None, false);
        let mut errors = self.validator.iter_errors(value).filter(|error| {
            let inside = looks_inside(error);
            if inside {
                opaque.get_or_insert_with(|| place("$", &steps_of(error.instance_path())));
            }
            is_other |= misses_the_top(error);
            !inside
        });
        let mut told = violations(errors.by_ref(), json, &self.described);
        drop(errors);
        match (told.first_mut(), opaque) {
            (None, Some(place)) => return Verdict::Opaque(place),
            (None, None) => told.push(Violation { line: "$: it is not valid".to_owned(), notes: Vec::new() }),
            (Some(first), _) if is_other => {
                let follows = |inner: &Json| self.validator.is_valid(&inner.to_view().value);
                if let Some(guess) = envelope(json, follows) {
                    first.notes.insert(0, format!("hint: {guess}"));
                }
            }
            (Some(_), _) => {}
        }
        Verdict::Violates(told)
    }
}

/// Whether an error is that the whole value is something else than what was asked for.
fn misses_the_top(error: &ValidationError<'_>) -> bool {
    error.instance_path().as_str().is_empty()
        && matches!(
            error.kind(),
            ValidationErrorKind::Type { .. }
                | ValidationErrorKind::Required { .. }
                | ValidationErrorKind::AnyOf { .. }
                | ValidationErrorKind::OneOfNotValid { .. }
        )
}

/// Whether an error is one about the characters of a text that a secret was taken out of.
fn looks_inside(error: &ValidationError<'_>) -> bool {
    let about_characters = matches!(
        error.kind(),
        ValidationErrorKind::Pattern { .. }
            | ValidationErrorKind::Format { .. }
            | ValidationErrorKind::MinLength { .. }
            | ValidationErrorKind::MaxLength { .. }
            | ValidationErrorKind::Enum { .. }
            | ValidationErrorKind::Constant { .. }
            | ValidationErrorKind::ContentEncoding { .. }
            | ValidationErrorKind::ContentMediaType { .. }
    );
    about_characters && error.instance().as_str().is_some_and(is_opaque)
}

/// How deep lists and objects stand within each other; a scalar counts as one.
fn depth(value: &Value) -> usize {
    let below = match value {
        Value::Array(items) => items.iter().map(depth).max(),
        Value::Object(members) => members.values().map(depth).max(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    };
    1 + below.unwrap_or(0)
}

/// A JSON Pointer as a JSONPath; a member whose name is a number looks like an element.
fn path_of(pointer: &str) -> String {
    let step = |part: &str| match part.parse() {
        Ok(index) => Step::Index(index),
        Err(_) => Step::Key(part.replace("~1", "/").replace("~0", "~")),
    };
    place("$", &pointer.split('/').skip(1).map(step).collect::<Vec<_>>())
}
