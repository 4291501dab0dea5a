use crate::report::visible;

/// How loud an annotation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Level {
    /// Red.
    Error,
    /// Yellow.
    Warning,
    /// Grey.
    Notice,
}

impl Level {
    pub(super) const ALL: [Self; 3] = [Self::Error, Self::Warning, Self::Notice];

    /// The command.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Notice => "notice",
        }
    }
}

/// An annotation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Annotation {
    pub(super) level: Level,
    /// Where it is shown; nowhere but in the list where nothing is known.
    pub(super) at: Option<Spot>,
    pub(super) title: String,
    pub(super) message: String,
}

/// A stretch of a line of a file, from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Spot {
    pub(super) file: String,
    pub(super) line: u32,
    pub(super) column: u32,
    pub(super) end_column: u32,
}

/// The longest title and the longest message, in bytes.
const MOST_TITLE: usize = 250;
const MOST_MESSAGE: usize = 2 * 1024;

impl Annotation {
    /// The command, without a line break.
    pub(super) fn command(&self) -> String {
        let mut properties = Vec::new();
        if let Some(spot) = &self.at {
            properties.push(format!("file={}", property(&spot.file)));
            properties.push(format!("line={}", spot.line));
            if spot.column > 0 {
                properties.push(format!("col={}", spot.column));
            }
            if spot.end_column > spot.column {
                // GitHub counts the last column, not the one after it.
                properties.push(format!("endColumn={}", spot.end_column - 1));
            }
        }
        properties.push(format!("title={}", property(&visible::short(&self.title, MOST_TITLE))));
        let message = data(&visible::short(&self.message, MOST_MESSAGE));
        format!("::{} {}::{message}", self.level.as_str(), properties.join(","))
    }
}

/// Text as the message of a command.
///
/// # Source
/// `escapeData` of GitHub's `actions/toolkit`, `packages/core/src/command.ts`.
pub(super) fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Text as a property of a command.
///
/// # Source
/// `escapeProperty`, in the same file.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_end_a_property_or_a_message_is_escaped() {
        let at = Spot { file: "a,b:c%.yaml".to_owned(), line: 3, column: 5, end_column: 8 };
        let annotation = Annotation {
            level: Level::Error,
            at: Some(at),
            title: "x::error::y, z".to_owned(),
            message: "100 %\r\n::set-env name=a::b ##[x]".to_owned(),
        };
        assert_eq!(
            annotation.command(),
            "::error file=a%2Cb%3Ac%25.yaml,line=3,col=5,endColumn=7,title=x%3A%3Aerror%3A%3Ay%2C z::\
             100 %25\\r\\n::set-env name=a::b \\u{23}#[x]"
        );
    }

    #[test]
    fn without_a_place_only_the_title_is_told() {
        let annotation =
            Annotation { level: Level::Notice, at: None, title: "all".to_owned(), message: "3 passed".to_owned() };
        assert_eq!(annotation.command(), "::notice title=all::3 passed");
    }
}
