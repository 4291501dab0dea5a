use std::fmt;
use std::sync::Arc;

/// What a snapshot says, in the one form in which a file can hold it: lines end by a line feed alone, and nothing but a
/// character that is to be seen stands at its end.
///
/// insta compares texts in this form too. What makes a text must write a carriage return that matters in another way.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Text(Arc<str>);

impl Text {
    /// The text, brought into that form.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let text = text.trim_end();
        if !text.contains('\r') {
            return Self(text.into());
        }
        let lines: Vec<&str> = text.split('\n').map(|line| line.trim_end_matches('\r')).collect();
        Self(lines.join("\n").into())
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_the_same_when_it_was_written_and_read() {
        for (given, kept) in [("a\r\nb\r\n", "a\nb"), ("a\r\r\n b \n\n\t", "a\n b"), ("", ""), ("a\rb", "a\rb")] {
            let text = Text::new(given);
            assert_eq!(text.as_str(), kept);
            assert_eq!(Text::new(text.as_str()), text);
        }
    }
}
