use std::fmt;

use super::scope::{Missing, MissingKind};
use super::{Json, Number};

/// The name of a value: a letter or `_`, then letters, digits, `_` and `-`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(Box<str>);

/// A name and the way into its value: `session`, `steps.start.headers.retry-after`, `seen[0].id`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NamePath {
    /// The name itself.
    pub root: Name,
    /// The steps into its value, mostly none.
    pub members: Vec<Member>,
}

/// One step into a value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Member {
    /// `.key`: letters, digits, `_` and `-`.
    Key(String),
    /// `[0]`, counted from zero.
    Index(usize),
}

/// Why a text is no name, or no path from one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{kind}")]
pub struct BadName {
    /// Bytes before the fault.
    pub offset: usize,
    /// What is wrong there.
    pub kind: BadNameKind,
}

/// What can be wrong with a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BadNameKind {
    /// It does not begin like a name.
    #[error("expected a name: a letter or `_`, then letters, digits, `_` and `-`")]
    Name,
    /// No key after a dot.
    #[error("expected the name of a member after `.`: letters, digits, `_` and `-`")]
    Key,
    /// No index within brackets.
    #[error("expected an index such as `[0]`")]
    Index,
    /// Something after the name.
    #[error("expected the end, `.member`, `[0]`, ` + number` or ` - number`")]
    Trailing,
}

impl Name {
    /// Reads a name.
    ///
    /// # Errors
    /// When the text is none.
    pub fn parse(text: &str) -> Result<Self, BadName> {
        let length = name_len(text);
        if length == 0 {
            Err(BadName { offset: 0, kind: BadNameKind::Name })
        } else if length < text.len() {
            Err(BadName { offset: length, kind: BadNameKind::Trailing })
        } else {
            Ok(Self(text.into()))
        }
    }

    /// The name as a text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl NamePath {
    /// Reads a name and the way into its value.
    ///
    /// # Errors
    /// When the text is none, with the place.
    pub fn parse(text: &str) -> Result<Self, BadName> {
        let (path, length) = Self::parse_prefix(text)?;
        if length < text.len() {
            return Err(BadName { offset: length, kind: BadNameKind::Trailing });
        }
        Ok(path)
    }

    /// Reads the path that `text` begins with, and says how long it is.
    pub(super) fn parse_prefix(text: &str) -> Result<(Self, usize), BadName> {
        let mut at = name_len(text);
        if at == 0 {
            return Err(BadName { offset: 0, kind: BadNameKind::Name });
        }
        let mut path = Self { root: Name(text[..at].into()), members: Vec::new() };
        loop {
            let rest = &text[at..];
            if let Some(key) = rest.strip_prefix('.') {
                let length = key.bytes().take_while(|byte| is_name_byte(*byte)).count();
                if length == 0 {
                    return Err(BadName { offset: at + 1, kind: BadNameKind::Key });
                }
                path.members.push(Member::Key(key[..length].to_owned()));
                at += 1 + length;
            } else if let Some(index) = rest.strip_prefix('[') {
                let bad = BadName { offset: at + 1, kind: BadNameKind::Index };
                let (digits, _) = index.split_once(']').ok_or(bad)?;
                if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
                    return Err(bad);
                }
                path.members.push(Member::Index(digits.parse().map_err(|_| bad)?));
                at += digits.len() + 2;
            } else {
                return Ok((path, at));
            }
        }
    }

    /// What stands at the end of the way into `value`, the value of the root.
    ///
    /// # Errors
    /// [`MissingKind::NoSuchMember`] when a step leads nowhere.
    pub fn follow<'a>(&self, value: &'a Json) -> Result<&'a Json, Missing> {
        self.members
            .iter()
            .try_fold(value, |value, member| match member {
                Member::Key(key) => value.get(key),
                Member::Index(index) => value.index(*index),
            })
            .ok_or_else(|| self.missing(MissingKind::NoSuchMember))
    }

    /// That this path has no value, and why.
    #[must_use]
    pub fn missing(&self, kind: MissingKind) -> Missing {
        Missing { path: self.clone(), kind }
    }

    /// The value as a number, to reckon with; a text of digits counts as one.
    pub(super) fn number(&self, value: &Json) -> Result<Number, Missing> {
        let number = match value {
            Json::Number(number) => Some(number.clone()),
            Json::String(digits) if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) => {
                let significant = digits.trim_start_matches('0');
                Number::parse(if significant.is_empty() { "0" } else { significant }).ok()
            }
            Json::String(text) => Number::parse(text).ok(),
            Json::Null => return Err(self.missing(MissingKind::NoValue)),
            Json::Bool(_) | Json::Array(_) | Json::Object(_) => None,
        };
        number.ok_or_else(|| self.missing(MissingKind::NotANumber))
    }
}

fn name_len(text: &str) -> usize {
    if !text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_') {
        return 0;
    }
    text.bytes().take_while(|byte| is_name_byte(*byte)).count()
}

fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-'
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Name({})", self.0)
    }
}

impl fmt::Display for NamePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.root)?;
        self.members.iter().try_for_each(|member| match member {
            Member::Key(key) => write!(f, ".{key}"),
            Member::Index(index) => write!(f, "[{index}]"),
        })
    }
}

impl fmt::Debug for NamePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NamePath({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_written_as_it_was_read() {
        for text in ["a", "_x-1", "steps.1.headers.retry-after", "seen[0].id[12]", "case.nonce"] {
            assert_eq!(NamePath::parse(text).map(|path| path.to_string()), Ok(text.to_owned()));
        }
    }

    #[test]
    fn a_bad_name_is_refused_at_its_place() {
        for (text, offset, kind) in [
            ("", 0, BadNameKind::Name),
            ("1a", 0, BadNameKind::Name),
            ("ä", 0, BadNameKind::Name),
            ("a b", 1, BadNameKind::Trailing),
            ("a.", 2, BadNameKind::Key),
            ("a..b", 2, BadNameKind::Key),
            ("a[", 2, BadNameKind::Index),
            ("a[]", 2, BadNameKind::Index),
            ("a[-1]", 2, BadNameKind::Index),
            ("a[99999999999999999999]", 2, BadNameKind::Index),
            ("a.é", 2, BadNameKind::Key),
        ] {
            assert_eq!(NamePath::parse(text), Err(BadName { offset, kind }), "{text}");
        }
        assert!(Name::parse("a.b").is_err());
    }
}
