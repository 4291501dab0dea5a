use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::source::Source;
use super::window::Window;
use super::{Span, visible};

/// Where something stands in a file, with the line itself, so that a caret can be drawn without the file.
///
/// Columns count characters from 1. A place that spans lines ends, here, at the end of its first line.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Place {
    /// The path as shown; empty where nothing is known.
    pub file: Arc<str>,
    /// Line, from 1.
    pub line: u32,
    /// Column of the first character, from 1, in the whole line.
    pub column: u32,
    /// Column after the last character, from 1; equal to `column` where a point is meant.
    pub end_column: u32,
    /// The line, every character that a terminal might obey replaced by one that can be seen, tabs by a space. A long
    /// line is cut to a stretch around the place.
    pub text: String,
    /// Column of the first character of `text`: 1, unless its beginning was cut off. The caret stands under character
    /// `column - text_column` of `text`, counted from 0.
    pub text_column: u32,
}

impl Place {
    /// The longest stretch of a line that is kept, in characters.
    pub const MOST_CHARACTERS: usize = 160;

    pub(super) fn new(source: &Source, span: Span) -> Self {
        let line = source.line_at(span.start);
        let window = Window::of(line.text, span, line.start, Self::MOST_CHARACTERS);
        let column = |characters: usize| u32::try_from(characters + 1).unwrap_or(u32::MAX);
        Self {
            file: visible(source.path()).into(),
            line: line.number,
            column: column(window.before),
            end_column: column(window.before + window.length),
            text: visible(window.text).replace('\t', " "),
            text_column: column(window.cut),
        }
    }
}

impl fmt::Display for Place {
    /// `file:line:column`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::Sources;

    fn place(text: &str, start: u32, end: u32) -> Place {
        let mut sources = Sources::default();
        let file = sources.add("a.yaml", text);
        sources.place(Span::new(file, start, end))
    }

    #[test]
    fn columns_count_characters_from_one() {
        let found = place("a: 1\r\nüb: x\t\u{1b}y\r\n", 9, 10);
        let expected = Place {
            file: "a.yaml".into(),
            line: 2,
            column: 3,
            end_column: 4,
            text: "üb: x ␛y".to_owned(),
            text_column: 1,
        };
        assert_eq!(found, expected);
        assert_eq!(found.to_string(), "a.yaml:2:3");
    }

    #[test]
    fn a_long_line_is_cut_so_that_the_caret_still_fits() {
        let text = format!("{}!{}", "ü".repeat(1000), "z".repeat(1000));
        let found = place(&text, 2000, 2001);
        assert_eq!((found.column, found.end_column, found.text_column), (1001, 1002, 961));
        assert_eq!(found.text.chars().count(), Place::MOST_CHARACTERS);
        assert_eq!(found.text.chars().nth((found.column - found.text_column) as usize), Some('!'));
    }

    #[test]
    fn every_span_has_a_place() {
        for (start, end) in [(0, 0), (3, 3), (4, 99), (99, 100), (0, u32::MAX), (2, 3)] {
            let found = place("aü\n", start, end);
            assert!(found.line >= 1 && found.column >= found.text_column, "{found:?}");
        }
        assert_eq!(Sources::default().place(Span::point(crate::diag::SourceId(7), 1)), Place::default());
    }
}
