/// What may stand at a place of a file: the one source of the keys that a decoder knows and of the JSON Schema that
/// editors complete by.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// Anything.
    Any,
    /// A text; most texts may hold `$(…)`.
    Text,
    /// `true` or `false`.
    Bool,
    /// A number.
    Number,
    /// A whole number.
    Integer,
    /// A duration such as `500ms`, `20s`, `5m`, `2h`.
    Duration,
    /// One of these words.
    Word(&'static [&'static str]),
    /// Exactly this number, such as a version.
    Is(i64),
    /// A list.
    List(&'static Shape),
    /// A map with any keys.
    Map(&'static Shape),
    /// A map with these keys.
    Record(&'static Record),
    /// One of several shapes.
    Either(&'static [Shape]),
    /// A map whose keys are told by a function: for shapes that hold themselves and for those that a registry makes.
    Named(&'static str, fn() -> Vec<Field>),
}

/// A map with known keys.
#[derive(Debug)]
pub struct Record {
    /// Its name in the schema, in kebab-case.
    pub name: &'static str,
    /// What it is.
    pub doc: &'static str,
    /// Its keys.
    pub fields: &'static [Field],
}

/// A key.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// The key.
    pub key: &'static str,
    /// What it means.
    pub doc: &'static str,
    /// What may stand there.
    pub shape: Shape,
    /// Whether it must be there.
    pub need: Need,
}

/// Whether a key must be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// It must.
    Required,
    /// It may be left out.
    Optional,
}

impl Field {
    /// A key that may be left out.
    #[must_use]
    pub const fn optional(key: &'static str, shape: Shape, doc: &'static str) -> Self {
        Self { key, doc, shape, need: Need::Optional }
    }

    /// A key that must be there.
    #[must_use]
    pub const fn required(key: &'static str, shape: Shape, doc: &'static str) -> Self {
        Self { key, doc, shape, need: Need::Required }
    }
}
