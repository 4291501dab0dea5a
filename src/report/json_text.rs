use std::io::{self, BufReader, Read, Write};

use serde::Serialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::ser::{CompactFormatter, Formatter, Serializer};

use super::artefact::not_as_written;

/// The value as JSON in one line that no terminal and no CI system obeys: what would be obeyed stands as `\uXXXX`, so
/// the value stays what it is.
pub(super) fn json<T: Serialize + ?Sized>(value: &T) -> io::Result<Vec<u8>> {
    let mut out = Vec::new();
    value.serialize(&mut Serializer::with_formatter(&mut out, Harmless))?;
    Ok(out)
}

/// `"name": value` and, if more follows, a comma, as one line of a document.
pub(super) fn member<T: Serialize + ?Sized>(out: &mut impl Write, name: &str, value: &T) -> io::Result<()> {
    write!(out, "\"{name}\": ")?;
    out.write_all(&json(value)?)?;
    out.write_all(b",\n")
}

/// Reads a whole document, and nothing after it.
pub(super) fn read_back<T: DeserializeOwned>(file: BufReader<impl Read>) -> io::Result<T> {
    serde_json::from_reader(file).map_err(not_as_written)
}

/// Items of a document that need only be counted.
pub(super) type Counted = Vec<IgnoredAny>;

struct Harmless;

impl Formatter for Harmless {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        let mut done = 0;
        let mut characters = fragment.char_indices().peekable();
        while let Some((at, character)) = characters.next() {
            let next = characters.peek().map(|(_, next)| *next);
            // `##[`, `##vso[` and the like: the first of two, wherever a fragment ends.
            let is_command = character == '#' && matches!(next, None | Some('#'));
            if !is_command && !is_obeyed(character) {
                continue;
            }
            writer.write_all(&fragment.as_bytes()[done..at])?;
            for unit in character.encode_utf16(&mut [0; 2]) {
                write!(writer, "\\u{unit:04x}")?;
            }
            done = at + character.len_utf8();
        }
        writer.write_all(&fragment.as_bytes()[done..])
    }

    fn write_char_escape<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        escape: serde_json::ser::CharEscape,
    ) -> io::Result<()> {
        CompactFormatter.write_char_escape(writer, escape)
    }
}

/// Whether a terminal or a viewer may act by it, or readers of JSON disagree on it.
fn is_obeyed(character: char) -> bool {
    !character.is_ascii_graphic()
        && character != ' '
        && (matches!(u32::from(character), 0x7f..=0x9f | 0xfffe | 0xffff) || is_hidden(character))
}

fn is_hidden(character: char) -> bool {
    let mut buffer = [0; 4];
    matches!(crate::diag::visible(character.encode_utf8(&mut buffer)), std::borrow::Cow::Owned(_))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_be_obeyed_is_escaped_and_the_value_is_the_same() {
        let text = "a ##vso[x]y ##\n##[error] 1#2 \u{202e}\u{7f}\u{9b}\u{fffe}👾";
        let written = String::from_utf8(json(text).unwrap()).unwrap();
        assert_eq!(
            written,
            "\"a \\u0023#vso[x]y \\u0023\\u0023\\n\\u0023#[error] 1#2 \\u202e\\u007f\\u009b\\ufffe👾\""
        );
        assert_eq!(serde_json::from_str::<String>(&written).unwrap(), text);
    }
}
