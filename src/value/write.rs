use std::fmt::{self, Write};

use super::Json;

impl Json {
    /// The text over several lines, each level two spaces further in; no newline at its end.
    #[must_use]
    pub fn pretty(&self) -> String {
        let mut text = String::new();
        // Writing into a String cannot fail.
        let _ = write_pretty(&mut text, self, 0);
        text
    }

    /// The compact text, cut to at most `max_chars` characters; a cut text ends in `…`, and never within a handle.
    #[must_use]
    pub fn preview(&self, max_chars: usize) -> String {
        let mut cut = Cut { text: String::new(), left: max_chars };
        if write!(cut, "{self}").is_err() {
            cut.text.pop();
            if let Some(start) = cut.text.rfind('‹').filter(|start| is_open(&cut.text[*start..])) {
                cut.text.truncate(start);
            }
            if max_chars > 0 {
                cut.text.push('…');
            }
        }
        cut.text
    }
}

impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_compact(f, self)
    }
}

/// Whether this is the beginning of a handle that was cut off; a sign that stands far from the end begins none.
fn is_open(text: &str) -> bool {
    const LONGEST: usize = 100;
    !text.contains('›') && text.chars().count() <= LONGEST && !text.contains(char::is_whitespace)
}

/// Takes so many characters and then refuses, so that a preview of a large tree costs no more than itself.
struct Cut {
    text: String,
    left: usize,
}

impl Write for Cut {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for character in text.chars() {
            if self.left == 0 {
                return Err(fmt::Error);
            }
            self.left -= 1;
            self.text.push(character);
        }
        Ok(())
    }
}

fn write_compact(out: &mut impl Write, json: &Json) -> fmt::Result {
    match json {
        Json::Null => out.write_str("null"),
        Json::Bool(true) => out.write_str("true"),
        Json::Bool(false) => out.write_str("false"),
        Json::Number(number) => out.write_str(number.text()),
        Json::String(text) => write_string(out, text),
        Json::Array(items) => {
            out.write_char('[')?;
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.write_char(',')?;
                }
                write_compact(out, item)?;
            }
            out.write_char(']')
        }
        Json::Object(members) => {
            out.write_char('{')?;
            for (at, (key, value)) in members.iter().enumerate() {
                if at > 0 {
                    out.write_char(',')?;
                }
                write_string(out, key)?;
                out.write_char(':')?;
                write_compact(out, value)?;
            }
            out.write_char('}')
        }
    }
}

fn write_pretty(out: &mut impl Write, json: &Json, level: usize) -> fmt::Result {
    let line = |out: &mut dyn Write, level: usize| write!(out, "\n{:1$}", "", level * 2);
    match json {
        Json::Array(items) if !items.is_empty() => {
            for (at, item) in items.iter().enumerate() {
                out.write_char(if at == 0 { '[' } else { ',' })?;
                line(out, level + 1)?;
                write_pretty(out, item, level + 1)?;
            }
            line(out, level)?;
            out.write_char(']')
        }
        Json::Object(members) if !members.is_empty() => {
            for (at, (key, value)) in members.iter().enumerate() {
                out.write_char(if at == 0 { '{' } else { ',' })?;
                line(out, level + 1)?;
                write_string(out, key)?;
                out.write_str(": ")?;
                write_pretty(out, value, level + 1)?;
            }
            line(out, level)?;
            out.write_char('}')
        }
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) | Json::Array(_) | Json::Object(_) => {
            write_compact(out, json)
        }
    }
}

/// A string literal; only what JSON demands is escaped.
pub(super) fn write_string(out: &mut impl Write, text: &str) -> fmt::Result {
    out.write_char('"')?;
    write_escaped(out, text)?;
    out.write_char('"')
}

/// The inside of a string literal.
pub(super) fn write_escaped(out: &mut impl Write, text: &str) -> fmt::Result {
    let mut done = 0;
    for (at, byte) in text.bytes().enumerate() {
        if !matches!(byte, b'"' | b'\\' | 0..=0x1f) {
            continue;
        }
        out.write_str(&text[done..at])?;
        done = at + 1;
        match byte {
            b'"' => out.write_str("\\\"")?,
            b'\\' => out.write_str("\\\\")?,
            0x08 => out.write_str("\\b")?,
            0x0c => out.write_str("\\f")?,
            b'\n' => out.write_str("\\n")?,
            b'\r' => out.write_str("\\r")?,
            b'\t' => out.write_str("\\t")?,
            control => write!(out, "\\u{control:04x}")?,
        }
    }
    out.write_str(&text[done..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pretty_text_has_two_spaces_a_level() {
        let json = Json::parse(br#"{"a":[1,{"b":[]}],"c":{}}"#).expect("the test's own JSON");
        assert_eq!(json.pretty(), "{\n  \"a\": [\n    1,\n    {\n      \"b\": []\n    }\n  ],\n  \"c\": {}\n}");
    }

    #[test]
    fn a_preview_is_cut_between_characters() {
        let json = Json::from(vec!["äöü".into(), "x".into()]);
        assert_eq!(json.preview(100), r#"["äöü","x"]"#);
        assert_eq!(json.preview(11), r#"["äöü","x"]"#);
        assert_eq!(json.preview(10), r#"["äöü","x…"#);
        assert_eq!(json.preview(4), r#"["ä…"#);
        assert_eq!(json.preview(0), "");
    }

    #[test]
    fn a_handle_is_shown_whole_or_not_at_all() {
        let json = Json::from(vec!["‹agent.token#2›".into(), "‹agent.token#3›".into()]);
        assert_eq!(json.preview(25), r#"["‹agent.token#2›","…"#);
        assert_eq!(json.preview(19), r#"["‹agent.token#2›"…"#);
        assert_eq!(json.preview(10), r#"["…"#);
        assert_eq!(Json::from("a ‹ b and so on").preview(12), "\"a ‹ b and …");
    }
}
