use std::fmt;
use std::fmt::Write as _;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// The name of a snapshot: `<scenario>[.<row>].<step>[.<name>]`, within flows `flow.<flow>.<step>`.
///
/// A name is any text that is not empty and not too long. [`Name::file`] turns it into the name of a file, and no two
/// names give the same file, not even where a file system takes `A` for `a`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Name(Arc<str>);

/// Why a text is no name of a snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BadName {
    /// Nothing is there.
    #[error("the name of a snapshot is empty")]
    Empty,
    /// Its file could not be made on every system.
    #[error("the name of a snapshot is too long: its file would have {bytes} bytes, at most {most} are taken")]
    TooLong {
        /// How long the name of the file would be.
        bytes: usize,
        /// How long it may be.
        most: usize,
    },
    /// A file of this name cannot be one that this program wrote.
    #[error("the file is not named as a snapshot is")]
    NoSuchFile,
}

/// What follows the name of an accepted snapshot.
pub(super) const ENDING: &str = ".snap";
/// What follows the name of one that waits to be accepted.
pub(super) const PENDING_ENDING: &str = ".snap.new";
/// Most systems allow 255 bytes; a temporary file beside it takes some more.
const MOST_BYTES: usize = 220;
/// Files of these names mean devices on Windows, whatever follows the first dot.
const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "com", "lpt"];

impl Name {
    /// Reads a name.
    ///
    /// # Errors
    /// When it is empty or too long.
    pub fn parse(text: &str) -> Result<Self, BadName> {
        if text.is_empty() {
            return Err(BadName::Empty);
        }
        let bytes = stem(text).len();
        if bytes > MOST_BYTES {
            return Err(BadName::TooLong { bytes, most: MOST_BYTES });
        }
        Ok(Self(text.into()))
    }

    /// The name that a file of this name stands for: `NAME.snap` or `NAME.snap.new`.
    ///
    /// # Errors
    /// When [`Name::file`] would never give it: then it is not ours, and must not be touched.
    pub fn of_file(file: &str) -> Result<Self, BadName> {
        let written =
            file.strip_suffix(PENDING_ENDING).or_else(|| file.strip_suffix(ENDING)).ok_or(BadName::NoSuchFile)?;
        let name = Self::parse(&decoded(written).ok_or(BadName::NoSuchFile)?)?;
        // Only the one way of writing it: `%61` for `a` would be a second file of the same name.
        if stem(&name.0) == written { Ok(name) } else { Err(BadName::NoSuchFile) }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name of its file once it is accepted.
    #[must_use]
    pub fn file(&self) -> String {
        format!("{}{ENDING}", stem(&self.0))
    }

    /// The name of the file that waits to be accepted.
    #[must_use]
    pub fn pending_file(&self) -> String {
        format!("{}{PENDING_ENDING}", stem(&self.0))
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl TryFrom<String> for Name {
    type Error = BadName;

    fn try_from(text: String) -> Result<Self, BadName> {
        Self::parse(&text)
    }
}

impl From<Name> for String {
    fn from(name: Name) -> Self {
        name.0.as_ref().to_owned()
    }
}

/// The name of the file without its ending: small letters, digits, `-`, `_` and `.` as they are, every other byte as `%`
/// and two digits.
fn stem(name: &str) -> String {
    let device = device(name);
    let mut stem = String::with_capacity(name.len());
    for (at, byte) in name.bytes().enumerate() {
        let is_plain = match byte {
            b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' => device != Some(at),
            // A file that begins with a dot is hidden; one that ends with a dot, or holds two, confuses people.
            b'.' => at > 0 && at + 1 < name.len() && name.as_bytes()[at - 1] != b'.',
            _ => false,
        };
        if is_plain {
            stem.push(char::from(byte));
        } else {
            // Writing to a text cannot fail.
            let _ = write!(stem, "%{byte:02x}");
        }
    }
    stem
}

/// The last letter of the name of a device that a name begins with.
fn device(name: &str) -> Option<usize> {
    let first = name.split('.').next().unwrap_or_default();
    let word = first.trim_end_matches(|c: char| c.is_ascii_digit());
    let is_numbered = matches!(word, "com" | "lpt") && first.len() == word.len() + 1;
    let is_bare = first == word && DEVICES.contains(&word);
    (is_numbered || is_bare).then(|| word.len() - 1)
}

fn decoded(stem: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(stem.len());
    let mut rest = stem.as_bytes();
    while let [first, after @ ..] = rest {
        rest = after;
        if *first == b'%' {
            let [high, low, after @ ..] = rest else { return None };
            let digit = |byte: &u8| char::from(*byte).to_digit(16);
            bytes.push(u8::try_from(digit(high)? * 16 + digit(low)?).ok()?);
            rest = after;
        } else {
            bytes.push(*first);
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn file(name: &str) -> String {
        Name::parse(name).unwrap().file()
    }

    #[test]
    fn a_usual_name_is_its_file() {
        assert_eq!(file("session.start-twice.again"), "session.start-twice.again.snap");
        assert_eq!(Name::parse("a.b_1").unwrap().pending_file(), "a.b_1.snap.new");
    }

    #[test]
    fn what_could_lead_elsewhere_or_be_taken_for_another_is_written_in_digits() {
        assert_eq!(file("../x"), "%2e%2e%2fx.snap");
        assert_eq!(file("a/b\\c"), "a%2fb%5cc.snap");
        assert_eq!(file("Row"), "%52ow.snap");
        assert_eq!(file("grün"), "gr%c3%bcn.snap");
        assert_eq!(file(".hidden."), "%2ehidden%2e.snap");
        assert_eq!(file("con.a"), "co%6e.a.snap");
        assert_eq!(file("com1"), "co%6d1.snap");
        assert_eq!(file("contact"), "contact.snap");
        assert_eq!(file("a\0b"), "a%00b.snap");
    }

    #[test]
    fn a_file_that_is_not_ours_has_no_name() {
        for name in ["a", "a.snap.bak", ".snap", "A.snap", "%61.snap", "a%2.snap", "a%zz.snap", "%ff.snap", "a/b.snap"]
        {
            assert!(Name::of_file(name).is_err(), "{name}");
        }
    }

    #[test]
    fn a_name_that_no_system_could_hold_is_refused() {
        assert_eq!(Name::parse(""), Err(BadName::Empty));
        assert!(Name::parse(&"a".repeat(MOST_BYTES)).is_ok());
        assert_eq!(Name::parse(&"Ü".repeat(60)), Err(BadName::TooLong { bytes: 360, most: MOST_BYTES }));
    }

    proptest! {
        #[test]
        fn a_file_gives_its_name_back(text in "\\PC{1,15}") {
            let name = Name::parse(&text).unwrap();
            prop_assert_eq!(Name::of_file(&name.file()).unwrap(), name.clone());
            prop_assert_eq!(Name::of_file(&name.pending_file()).unwrap(), name);
        }
    }
}
