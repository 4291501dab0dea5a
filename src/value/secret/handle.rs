use std::fmt;
use std::ops::Range;

use super::Form;

const OPEN: &[u8] = "\u{2039}".as_bytes();
const CLOSE: &[u8] = "\u{203a}".as_bytes();

/// What a secret is called: `agent.access_token`. Letters, digits, `_`, `-` and `.`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SecretName(Box<str>);

/// A text that stands for a secret: `‹agent.access_token#2›`.
///
/// The number tells apart the values of one name, in the order in which the case first saw them. A form says that the
/// handle stands for the value in another encoding, `‹agent.password#1~base64›`; several are applied from left to right.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Handle {
    name: SecretName,
    number: u32,
    forms: Vec<Form>,
}

impl SecretName {
    /// Reads a name; `None` when the text is none.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        (!text.is_empty() && text.bytes().all(is_name_byte)).then(|| Self(text.into()))
    }

    /// The nearest name: every character that no name has becomes `_`.
    #[must_use]
    pub fn lossy(text: &str) -> Self {
        let name: String =
            text.chars().map(|c| if u8::try_from(c).is_ok_and(is_name_byte) { c } else { '_' }).collect();
        Self(if name.is_empty() { "_".into() } else { name.into() })
    }

    /// The name as a text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Handle {
    pub(super) fn new(name: SecretName, number: u32) -> Self {
        Self { name, number, forms: Vec::new() }
    }

    /// Reads a text that is a handle and nothing else; `None` when it is not.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (range, handle) = Self::find(text.as_bytes(), 0)?;
        (range == (0..text.len())).then_some(handle)
    }

    /// What the secret is called.
    #[must_use]
    pub fn name(&self) -> &SecretName {
        &self.name
    }

    /// Which of the values of this name it is, from 1.
    #[must_use]
    pub fn number(&self) -> u32 {
        self.number
    }

    /// The encodings, from the inside out; none when the handle stands for the value as it is.
    #[must_use]
    pub fn forms(&self) -> &[Form] {
        &self.forms
    }

    /// The handle of the same value, encoded once more.
    #[must_use]
    pub fn encoded(mut self, form: Form) -> Self {
        self.forms.push(form);
        self
    }

    /// The handle of the same value, without the outermost encoding.
    #[must_use]
    pub fn decoded(mut self) -> Self {
        self.forms.pop();
        self
    }

    /// All handles in a text, and where they stand.
    pub fn all(text: &str) -> impl Iterator<Item = (Range<usize>, Self)> {
        let mut at = 0;
        std::iter::from_fn(move || {
            let found = Self::find(text.as_bytes(), at)?;
            at = found.0.end;
            Some(found)
        })
    }

    /// The next handle at or after `from`, and its bytes.
    pub(super) fn find(text: &[u8], from: usize) -> Option<(Range<usize>, Self)> {
        // Most texts hold no such byte, and this is the fastest way to know.
        if !text.get(from..)?.contains(&OPEN[0]) {
            return None;
        }
        let mut at = from;
        loop {
            let start = at + position(text.get(at..)?, OPEN)?;
            let inner = start + OPEN.len();
            if let Some((handle, length)) = Self::read(&text[inner..]) {
                return Some((start..inner + length + CLOSE.len(), handle));
            }
            at = inner;
        }
    }

    /// Reads what follows the opening mark, up to the closing one, and says how long it is.
    fn read(text: &[u8]) -> Option<(Self, usize)> {
        let length = text.iter().take_while(|byte| is_name_byte(**byte) || matches!(byte, b'#' | b'~')).count();
        if !text[length..].starts_with(CLOSE) {
            return None;
        }
        let (name, rest) = std::str::from_utf8(&text[..length]).ok()?.split_once('#')?;
        let mut words = rest.split('~');
        let digits = words.next()?;
        // One spelling only: what is read must be written alike again.
        if digits.starts_with('0') || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let name = SecretName::parse(name)?;
        let forms = words.map(Form::from_word).collect::<Option<Vec<_>>>()?;
        Some((Self { name, number: digits.parse().ok()?, forms }, length))
    }
}

/// Whether a handle stands anywhere in the text.
#[must_use]
pub fn has_handle(text: &str) -> bool {
    Handle::find(text.as_bytes(), 0).is_some()
}

fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.')
}

fn position(text: &[u8], mark: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        at += text.get(at..)?.iter().position(|byte| *byte == mark[0])?;
        if text[at..].starts_with(mark) {
            return Some(at);
        }
        at += 1;
    }
}

impl fmt::Display for SecretName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\u{2039}{}#{}", self.name, self.number)?;
        self.forms.iter().try_for_each(|form| write!(f, "~{form}"))?;
        f.write_str("\u{203a}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn handles_are_found_and_written_alike() {
        for text in ["‹agent.access_token#2›", "‹a-1#10~base64›", "‹x#1~base64~percent›"] {
            assert_eq!(Handle::parse(text).map(|handle| handle.to_string()).as_deref(), Some(text));
        }
        for text in [
            "",
            "‹a›",
            "‹a#›",
            "‹a#0›",
            "‹a#01›",
            "‹#1›",
            "‹a b#1›",
            "‹a#1",
            "a#1›",
            "‹a#1~nope›",
            "‹a#99999999999›",
            "x‹a#1›",
        ] {
            assert_eq!(Handle::parse(text), None, "{text}");
        }
        assert!(has_handle("a ‹b ‹c#1› d"));
        assert!(!has_handle("a ‹b ‹c# 1› d"));
    }
}
