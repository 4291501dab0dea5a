use super::{Kind, Number};

/// A JSON value, exactly as it was written.
///
/// Two values are equal when they mean the same: numbers by decimal value, objects whatever the order of their keys. The
/// values of a key that stands twice are compared in their order.
#[derive(Clone, Debug, Default)]
pub enum Json {
    /// `null`.
    #[default]
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, with its digits.
    Number(Number),
    /// A text.
    String(String),
    /// A list.
    Array(Vec<Json>),
    /// An object: its members in the order in which they were written, duplicates included.
    Object(Vec<(String, Json)>),
}

impl Json {
    /// The kind of this value.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Self::Null => Kind::Null,
            Self::Bool(_) => Kind::Boolean,
            Self::Number(_) => Kind::Number,
            Self::String(_) => Kind::String,
            Self::Array(_) => Kind::Array,
            Self::Object(_) => Kind::Object,
        }
    }

    /// The member called `key`; the last one when the key stands more than once.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.as_object()?.iter().rev().find(|(name, _)| name == key).map(|(_, value)| value)
    }

    /// The element at `index`, counted from zero.
    #[must_use]
    pub fn index(&self, index: usize) -> Option<&Self> {
        self.as_array()?.get(index)
    }

    /// The text, if it is one.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        if let Self::String(text) = self { Some(text) } else { None }
    }

    /// The number, if it is one.
    #[must_use]
    pub fn as_number(&self) -> Option<&Number> {
        if let Self::Number(number) = self { Some(number) } else { None }
    }

    /// The truth value, if it is one.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        if let Self::Bool(truth) = self { Some(*truth) } else { None }
    }

    /// The elements, if it is a list.
    #[must_use]
    pub fn as_array(&self) -> Option<&[Self]> {
        if let Self::Array(items) = self { Some(items) } else { None }
    }

    /// The members in their order, if it is an object.
    #[must_use]
    pub fn as_object(&self) -> Option<&[(String, Self)]> {
        if let Self::Object(members) = self { Some(members) } else { None }
    }

    /// Whether this is `null`.
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// Whether this is `null`, `""`, `[]` or `{}`.
    #[must_use]
    pub fn is_empty_value(&self) -> bool {
        match self {
            Self::Null => true,
            Self::Bool(_) | Self::Number(_) => false,
            Self::String(text) => text.is_empty(),
            Self::Array(items) => items.is_empty(),
            Self::Object(members) => members.is_empty(),
        }
    }
}

impl PartialEq for Json {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Null, Self::Null) => true,
            (Self::Bool(a), Self::Bool(b)) => a == b,
            (Self::Number(a), Self::Number(b)) => a == b,
            (Self::String(a), Self::String(b)) => a == b,
            (Self::Array(a), Self::Array(b)) => a == b,
            (Self::Object(a), Self::Object(b)) => same_members(a, b),
            _ => false,
        }
    }
}

impl Eq for Json {}

fn same_members(a: &[(String, Json)], b: &[(String, Json)]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    if a.iter().zip(b).all(|((left, _), (right, _))| left == right) {
        return a.iter().zip(b).all(|((_, left), (_, right))| left == right);
    }
    let (a, b) = (by_key(a), by_key(b));
    a.iter().zip(&b).all(|(left, right)| left.0 == right.0 && left.1 == right.1)
}

/// The members sorted by key; a stable sort, so that the values of a doubled key keep their order.
fn by_key(members: &[(String, Json)]) -> Vec<&(String, Json)> {
    let mut sorted: Vec<_> = members.iter().collect();
    sorted.sort_by(|a, b| a.0.cmp(&b.0));
    sorted
}

impl From<&str> for Json {
    fn from(text: &str) -> Self {
        Self::String(text.to_owned())
    }
}

impl From<String> for Json {
    fn from(text: String) -> Self {
        Self::String(text)
    }
}

impl From<bool> for Json {
    fn from(truth: bool) -> Self {
        Self::Bool(truth)
    }
}

impl From<i64> for Json {
    fn from(number: i64) -> Self {
        Self::Number(number.into())
    }
}

impl From<u64> for Json {
    fn from(number: u64) -> Self {
        Self::Number(number.into())
    }
}

impl From<Number> for Json {
    fn from(number: Number) -> Self {
        Self::Number(number)
    }
}

impl From<Vec<Json>> for Json {
    fn from(items: Vec<Json>) -> Self {
        Self::Array(items)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(text: &str) -> Json {
        Json::parse(text.as_bytes()).expect("the test's own JSON")
    }

    #[test]
    fn equality_ignores_key_order_and_number_spelling() {
        for (a, b) in [
            (r#"{"a":1,"b":[2]}"#, r#"{"b":[2.0],"a":1e0}"#),
            (r#"{"a":1,"b":0,"a":2}"#, r#"{"b":-0,"a":1,"a":2}"#),
            ("[]", " [ ] "),
        ] {
            assert_eq!(json(a), json(b), "{a} {b}");
        }
        for (a, b) in [
            (r#"{"a":1,"a":2}"#, r#"{"a":2,"a":1}"#),
            (r#"{"a":1}"#, r#"{"a":1,"b":1}"#),
            ("[1,2]", "[2,1]"),
            ("1", r#""1""#),
            ("null", "false"),
            ("9007199254740993", "9007199254740992"),
        ] {
            assert_ne!(json(a), json(b), "{a} {b}");
        }
    }

    #[test]
    fn the_last_of_doubled_keys_is_the_one_found() {
        assert_eq!(json(r#"{"a":1,"a":2}"#).get("a"), Some(&Json::from(2_i64)));
        assert_eq!(json("[1]").get("a"), None);
        assert_eq!(json("[1]").index(0), Some(&Json::from(1_i64)));
    }

    #[test]
    fn emptiness_is_null_and_the_three_empty_ones() {
        for text in ["null", r#""""#, "[]", "{}"] {
            assert!(json(text).is_empty_value(), "{text}");
        }
        for text in ["0", "false", "[null]", r#"" ""#] {
            assert!(!json(text).is_empty_value(), "{text}");
        }
    }
}
