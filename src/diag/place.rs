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
