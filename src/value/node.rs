use std::fmt;
use std::sync::Arc;

use crate::diag::Span;

/// A value as it stands in a file that a person wrote, every part with its place. A clone shares what is below it.
///
/// An alias is expanded: its node is that of the anchor, places too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Where it stands; of a list or map in block form, from its first entry to the end of its last.
    pub span: Span,
    /// What it is.
    pub kind: NodeKind,
}

/// The kinds of values, by YAML 1.2 with the numbers of JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NodeKind {
    /// `null`, `~`, or nothing at all.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A JSON number, verbatim.
    Number(NumberText),
    /// Any other scalar.
    Text(Scalar),
    /// A list.
    List(Arc<[Node]>),
    /// A map: entries in the order written, keys unique.
    Map(Arc<[Entry]>),
}

/// A number by the grammar of JSON (RFC 8259), as it was written: `1.0` and `1` are two texts.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct NumberText(Arc<str>);

/// A text, and where its characters stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scalar {
    /// The text after escapes, folding and the removal of quotes.
    pub value: Arc<str>,
    /// Where `value` stands in the source character for character, its byte offset there. Texts with escapes, or that
    /// fold over lines, have none. The last line break of a block need not be there.
    pub verbatim_from: Option<u32>,
}

/// A key of a map. Whatever scalar was written, its text counts: `404:` is the key `404`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// The key.
    pub text: Arc<str>,
    /// Where it stands, quotes included.
    pub span: Span,
    /// As in [`Scalar::verbatim_from`].
    pub verbatim_from: Option<u32>,
}

/// A key and its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The key.
    pub key: Key,
    /// Its value.
    pub value: Node,
}

impl Node {
    /// What it is, in words, as in "expected a list, found a text".
    #[must_use]
    pub const fn kind_name(&self) -> &'static str {
        match self.kind {
            NodeKind::Null => "null",
            NodeKind::Bool(_) => "a boolean",
            NodeKind::Number(_) => "a number",
            NodeKind::Text(_) => "a text",
            NodeKind::List(_) => "a list",
            NodeKind::Map(_) => "a map",
        }
    }

    /// Whether it is null; `key: null` means that the key is not there.
    #[must_use]
    pub const fn is_null(&self) -> bool {
        matches!(self.kind, NodeKind::Null)
    }

    /// The text, if it is one. A number is none.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        if let NodeKind::Text(scalar) = &self.kind { Some(&scalar.value) } else { None }
    }

    /// The items, if it is a list.
    #[must_use]
    pub fn as_list(&self) -> Option<&[Self]> {
        if let NodeKind::List(items) = &self.kind { Some(items) } else { None }
    }

    /// The entries, if it is a map.
    #[must_use]
    pub fn as_map(&self) -> Option<&[Entry]> {
        if let NodeKind::Map(entries) = &self.kind { Some(entries) } else { None }
    }

    /// The value of `key`, if it is a map that has it.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// The entry of `key`, if it is a map that has it.
    #[must_use]
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.as_map()?.iter().find(|entry| &*entry.key.text == key)
    }

    /// The place of `len` bytes of its text from byte `offset` on; the whole node where its characters do not stand in
    /// the source as they are.
    #[must_use]
    pub fn span_within(&self, offset: usize, len: usize) -> Span {
        match &self.kind {
            NodeKind::Text(scalar) => within(self.span, scalar.verbatim_from, &scalar.value, offset, len),
            NodeKind::Number(number) => within(self.span, Some(self.span.start), number.as_str(), offset, len),
            NodeKind::Null | NodeKind::Bool(_) | NodeKind::List(_) | NodeKind::Map(_) => self.span,
        }
    }
}

impl Key {
    /// The place of `len` bytes of the key from byte `offset` on; the whole key where its characters do not stand in the
    /// source as they are.
    #[must_use]
    pub fn span_within(&self, offset: usize, len: usize) -> Span {
        within(self.span, self.verbatim_from, &self.text, offset, len)
    }
}

/// The part `offset..offset + len` of `value`, cut off at its end, whole characters only.
fn within(span: Span, verbatim_from: Option<u32>, value: &str, offset: usize, len: usize) -> Span {
    let Some(from) = verbatim_from else { return span };
    let start = value.floor_char_boundary(offset);
    let end = value.ceil_char_boundary(offset.saturating_add(len));
    // The line break at the end of a block may not be written.
    let place = |at: usize| (from as usize + at).min(span.end as usize);
    Span::of(span.source, place(start), place(end))
}

impl NumberText {
    /// Takes a text that is a JSON number, and no other.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        is_json_number(text).then(|| Self(text.into()))
    }

    /// The number as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for NumberText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// `-? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?`, RFC 8259 section 6.
fn is_json_number(text: &str) -> bool {
    let digits = |text: &str| text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let text = text.strip_prefix('-').unwrap_or(text);
    let whole = digits(text);
    if whole == 0 || (whole > 1 && text.starts_with('0')) {
        return false;
    }
    let mut rest = &text[whole..];
    if let Some(fraction) = rest.strip_prefix('.') {
        let count = digits(fraction);
        if count == 0 {
            return false;
        }
        rest = &fraction[count..];
    }
    let Some(exponent) = rest.strip_prefix(['e', 'E']) else { return rest.is_empty() };
    let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    let count = digits(exponent);
    count > 0 && count == exponent.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_those_of_json() {
        for text in ["0", "-0", "10", "1.50", "1e9", "1E+09", "-1.5e-3", "123456789012345678901234567890"] {
            assert_eq!(NumberText::parse(text).map(|number| number.to_string()).as_deref(), Some(text));
        }
        for text in ["", "-", "+1", "012", "0x1f", "1_000", ".5", "1.", "1e", "1e+", ".nan", "1 ", "--1", "1.2.3", "٣"]
        {
            assert_eq!(NumberText::parse(text), None, "{text}");
        }
    }
}
