use std::fmt::Write as _;

use serde::Serialize;

use crate::report::paint::Role;
use crate::report::visible;

/// Text that a suite or an endpoint wrote, made visible and bounded. Templates get such text in no other type.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub(super) struct Shown(String);

impl Shown {
    /// An id or a name.
    pub(super) fn name(text: &str) -> Self {
        Self::already(visible::short(text, 300))
    }

    /// A sentence or a field, within a line.
    pub(super) fn sentence(text: &str) -> Self {
        Self::already(visible::short(text.trim(), 2 * 1024))
    }

    /// Text within a line, cut to about `most` bytes.
    pub(super) fn short(text: &str, most: usize) -> Self {
        Self::already(visible::short(text, most))
    }

    /// Text of several lines, not cut.
    pub(super) fn lines(text: &str) -> Self {
        Self::already(visible::lines(text).into_owned())
    }

    /// Text that another room of the reports has made visible.
    pub(super) fn already(text: String) -> Self {
        if !text.contains(is_no_character) {
            return Self(text);
        }
        let mut shown = String::with_capacity(text.len() + 16);
        for character in text.chars() {
            if is_no_character(character) {
                // Writing to a text cannot fail.
                let _ = write!(shown, "\\u{{{:x}}}", u32::from(character));
            } else {
                shown.push(character);
            }
        }
        Self(shown)
    }

    /// The text.
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether HTML calls it an error.
///
/// # Source
/// HTML Standard, §13.2.3.5 and Infra §4.5: noncharacters in the input stream.
fn is_no_character(character: char) -> bool {
    let number = u32::from(character);
    matches!(number, 0xfdd0..=0xfdef) || number & 0xfffe == 0xfffe
}

/// The class in the style sheet for a role.
pub(super) fn class_of(role: Role) -> &'static str {
    match role {
        Role::Bad => "bad",
        Role::Unsure => "unsure",
        Role::Odd => "odd",
        Role::Good => "good",
        Role::Faint => "faint",
        Role::Plain | Role::Strong | Role::Frame => "plain",
    }
}
