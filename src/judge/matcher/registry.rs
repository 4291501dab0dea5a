use crate::judge::{Compiler, Moment};
use crate::value::{Node, Shape};

use super::contains::Contains;
use super::equality::{AnyOf, Equals, Not, OneOf};
use super::kind::OfType;
use super::length::Length;
use super::list::{Any, Each, NoneOf, Unique};
use super::object::Has;
use super::presence::{Empty, Exists};
use super::range::{Max, Min};
use super::schema::OfSchema;
use super::text::{Matches, StartsWith};
use super::time::{After, Before};
use super::{Matcher, Test};

/// A kind of matcher.
pub struct MatcherKind {
    /// Its key.
    pub name: &'static str,
    /// What it says, for the JSON Schema of scenarios and for `assize explain`.
    pub doc: &'static str,
    /// What may stand as its operand.
    pub shape: Shape,
    /// Whether null is an operand rather than the absence of the key.
    pub(super) takes_null: bool,
    pub(super) parse: Parse,
}

type Parse = fn(&Node, &mut Compiler<'_>, Moment) -> Option<Box<dyn Test>>;

impl std::fmt::Debug for MatcherKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MatcherKind").field("name", &self.name).finish_non_exhaustive()
    }
}

const fn kind(name: &'static str, shape: Shape, parse: Parse, doc: &'static str) -> MatcherKind {
    MatcherKind { name, doc, shape, takes_null: false, parse }
}

const fn kind_with_null(name: &'static str, shape: Shape, parse: Parse, doc: &'static str) -> MatcherKind {
    MatcherKind { name, doc, shape, takes_null: true, parse }
}

fn boxed<T: Test + 'static>(test: T) -> Box<dyn Test> {
    Box::new(test)
}

/// A value or a matcher.
const MATCHER: Shape = Shape::Any;
const NUMBER_DURATION_TIME: Shape = Shape::Either(&[Shape::Number, Shape::Text]);

/// All matchers: one line each.
pub static MATCHERS: &[MatcherKind] = &[
    kind_with_null("equals", Shape::Any, |n, c, m| Some(boxed(Equals::parse(n, c, m))),
        "the same value: numbers by exact decimal value, objects whatever the order of their members"),
    kind_with_null("not", MATCHER, |n, c, m| Not::parse(n, c, m).map(boxed),
        "a value that is there and is not this one, or does not fit this matcher"),
    kind("one_of", Shape::Either(&[Shape::List(&Shape::Any), Shape::Text]), |n, c, m| OneOf::parse(n, c, m).map(boxed),
        "one of these values; a name of a list may stand for them"),
    kind("any_of", Shape::List(&MATCHER), |n, c, m| AnyOf::parse(n, c, m).map(boxed),
        "fits at least one of these values or matchers"),
    kind_with_null("type", Shape::Word(OfType::WORDS), |n, c, _| OfType::parse(n, c).map(boxed),
        "a value of this type; `integer` is a number without a fraction, `1.0` too"),
    kind("min", NUMBER_DURATION_TIME, |n, c, m| Min::parse(n, c, m).map(boxed),
        "a number that is not less; where the value is a duration or a time, one that is not shorter or earlier"),
    kind("max", NUMBER_DURATION_TIME, |n, c, m| Max::parse(n, c, m).map(boxed),
        "a number that is not more; where the value is a duration or a time, one that is not longer or later"),
    kind("before", NUMBER_DURATION_TIME, |n, c, m| Before::parse(n, c, m).map(boxed),
        "a time before this one: RFC 3339 text, or seconds since 1970"),
    kind("after", NUMBER_DURATION_TIME, |n, c, m| After::parse(n, c, m).map(boxed),
        "a time after this one: RFC 3339 text, or seconds since 1970"),
    kind("contains", Shape::Any, |n, c, m| Some(boxed(Contains::parse(n, c, m))),
        "a text that has this text in it, or a list that has these elements, in any order"),
    kind("starts_with", Shape::Text, |n, c, m| StartsWith::parse(n, c, m).map(boxed),
        "a text that begins with this one"),
    kind("matches", Shape::Text, |n, c, _| Matches::parse(n, c).map(boxed),
        "a text in which this regular expression (of the Rust crate `regex`, linear time) matches somewhere"),
    kind("length", MATCHER, |n, c, m| Length::parse(n, c, m).map(boxed),
        "a text of so many characters, a list of so many elements, an object of so many members; a number or a matcher"),
    kind("has", Shape::Map(&MATCHER), |n, c, m| Has::parse(n, c, m).map(boxed),
        "an object whose members fit; others may be there"),
    kind("each", MATCHER, |n, c, m| Each::parse(n, c, m).map(boxed),
        "a list whose elements all fit; an empty list does not, unless `length: { min: 0 }` stands beside it"),
    kind("any", MATCHER, |n, c, m| Any::parse(n, c, m).map(boxed),
        "a list in which at least one element fits"),
    kind("none", MATCHER, |n, c, m| NoneOf::parse(n, c, m).map(boxed),
        "a list in which no element fits; a path that may find several nodes and finds none is such a list"),
    kind("unique", Shape::Bool, |n, c, _| Unique::parse(n, c).map(boxed),
        "a list in which no value stands twice"),
    kind("exists", Shape::Bool, |n, c, _| Exists::parse(n, c).map(boxed),
        "whether something is there, null too"),
    kind("empty", Shape::Bool, |n, c, _| Empty::parse(n, c).map(boxed),
        "`true`: nothing, null, an empty text, list or object; `false`: something else"),
    kind("schema", Shape::Any, |n, c, _| OfSchema::parse(n, c).map(boxed),
        "a value that follows this schema: a name, or the schema itself"),
];

/// The kind of this name.
pub(super) fn named(name: &str) -> Option<&'static MatcherKind> {
    MATCHERS.iter().find(|kind| kind.name == name)
}

/// Reads the list of matchers that `key` takes.
pub(super) fn parse_list(node: &Node, key: &str, compiler: &mut Compiler<'_>, moment: Moment) -> Option<Vec<Matcher>> {
    match node.as_list() {
        Some(items) if !items.is_empty() => {
            let matchers: Vec<_> = items.iter().map(|item| Matcher::parse(item, compiler, moment)).collect();
            matchers.into_iter().collect()
        }
        Some(_) | None => {
            compiler.wrong_type(node, &format!("a list of values or matchers under `{key}`"));
            None
        }
    }
}

/// Reads `true` or `false`.
pub(super) fn parse_bool(node: &Node, compiler: &mut Compiler<'_>) -> Option<bool> {
    if let crate::value::NodeKind::Bool(value) = node.kind {
        return Some(value);
    }
    compiler.wrong_type(node, "`true` or `false`");
    None
}
