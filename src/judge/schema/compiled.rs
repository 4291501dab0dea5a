use jsonschema::Validator;
use serde_json::Value;

use crate::judge::show::{Step, place};
use crate::value::View;

use super::described::Described;
use super::message::lines;

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
    /// It does not: one line for each kind of error.
    Violates(Vec<String>),
    /// A number at this JSONPath has more digits than can be compared.
    Inexact(String),
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

    pub(in crate::judge) fn judge(&self, view: &View) -> Verdict {
        if self.compares_numbers
            && let Some(pointer) = &view.inexact
        {
            return Verdict::Inexact(path_of(pointer));
        }
        let frames = depth(&view.value).saturating_mul(self.row + 1);
        if frames <= SHALLOW {
            return self.validate(&view.value);
        }
        // The validator recurses into body and schema; a deep body gets a stack of the size that it needs.
        std::thread::scope(|scope| {
            let stack = (1 << 20) + frames * STACK_EACH;
            let deep = std::thread::Builder::new().stack_size(stack).spawn_scoped(scope, || self.validate(&view.value));
            deep.ok().and_then(|thread| thread.join().ok()).unwrap_or(Verdict::TooDeep)
        })
    }

    fn validate(&self, value: &Value) -> Verdict {
        if self.validator.is_valid(value) {
            return Verdict::Follows;
        }
        Verdict::Violates(lines(self.validator.iter_errors(value)))
    }
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
