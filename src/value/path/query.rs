use regex::Regex;

use super::super::Json;

/// A query: from the root (`$`) or from the node at hand (`@`), and then step by step.
#[derive(Clone, Debug)]
pub(super) struct Query {
    pub(super) start: Start,
    pub(super) steps: Vec<Step>,
}

/// Where a query starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Start {
    Root,
    Current,
}

/// One segment (RFC 9535 §2.5).
#[derive(Clone, Debug)]
pub(super) struct Step {
    pub(super) reach: Reach,
    pub(super) selectors: Vec<Selector>,
}

/// Whether a segment looks at the node itself or at everything within it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    Children,
    Descendants,
}

/// One selector (RFC 9535 §2.3).
#[derive(Clone, Debug)]
pub(super) enum Selector {
    Name(String),
    Wildcard,
    Index(i64),
    Slice { start: Option<i64>, end: Option<i64>, step: i64 },
    Filter(Logical),
}

/// A logical expression of a filter (RFC 9535 §2.3.5).
#[derive(Clone, Debug)]
pub(super) enum Logical {
    Or(Vec<Logical>),
    And(Vec<Logical>),
    Not(Box<Logical>),
    Exists(Query),
    Compare(Operand, Comparison, Operand),
    Search(Box<Search>),
}

/// `match()` or `search()`; a pattern that is a literal is compiled once.
#[derive(Clone, Debug)]
pub(super) struct Search {
    pub(super) text: Operand,
    pub(super) pattern: Pattern,
    pub(super) extent: Extent,
}

/// The pattern of a [`Search`].
#[derive(Clone, Debug)]
pub(super) enum Pattern {
    /// Known beforehand; `None` when it is no pattern at all, which then never matches.
    Compiled(Option<Regex>),
    /// Taken from the document.
    Found(Operand),
}

/// How much of a text a pattern must match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Extent {
    Whole,
    Part,
}

/// What a comparison compares.
#[derive(Clone, Debug)]
pub(super) enum Operand {
    Literal(Json),
    /// A singular query, or `value()` of any.
    Value(Query),
    Length(Box<Operand>),
    Count(Query),
}

/// The comparison operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Query {
    /// Whether it can find one node only, whatever the document.
    pub(super) fn is_singular(&self) -> bool {
        self.steps.iter().all(|step| {
            step.reach == Reach::Children
                && matches!(step.selectors.as_slice(), [Selector::Name(_) | Selector::Index(_)])
        })
    }
}
