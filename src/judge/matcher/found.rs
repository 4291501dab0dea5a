use crate::value::Json;

/// What a matcher is put to.
#[derive(Clone, Copy, Debug)]
pub enum Found<'a> {
    /// A value.
    Value(&'a Json),
    /// Nothing: no such member, header or name, or a body that is no JSON.
    Nothing,
    /// No node of a path that may find several.
    NoNodes,
}

impl<'a> Found<'a> {
    /// The value, if there is one.
    #[must_use]
    pub fn value(self) -> Option<&'a Json> {
        match self {
            Self::Value(value) => Some(value),
            Self::Nothing | Self::NoNodes => None,
        }
    }
}

impl<'a> From<Option<&'a Json>> for Found<'a> {
    fn from(value: Option<&'a Json>) -> Self {
        value.map_or(Self::Nothing, Self::Value)
    }
}
