use super::print::print;
use super::read::{BadSnapshot, read};
use super::{Metadata, Name, Text};

/// A snapshot that waits to be accepted: what a run saw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pending {
    /// Its name.
    pub name: Name,
    /// What was seen.
    pub text: Text,
    /// Where the step stands, and what helps to review it.
    pub metadata: Metadata,
}

impl Pending {
    /// Reads a file; `file` is a path with `/` whose last part gives the name.
    ///
    /// # Errors
    /// As [`BadSnapshot`] says.
    pub fn read(file: &str, bytes: &[u8]) -> Result<Self, BadSnapshot> {
        let name = Name::of_file(file.rsplit('/').next().unwrap_or(file))?;
        let (metadata, text) = read(bytes)?;
        Ok(Self { name, text, metadata })
    }

    /// The file that waits: `NAME.snap.new`, byte for byte as insta writes it.
    #[must_use]
    pub fn to_file(&self) -> String {
        print(&self.metadata, &self.text)
    }

    /// The file once it is accepted: `NAME.snap`, byte for byte as insta and cargo-insta write it. The line is left out.
    #[must_use]
    pub fn to_accepted_file(&self) -> String {
        print(&Metadata { line: None, ..self.metadata.clone() }, &self.text)
    }
}
