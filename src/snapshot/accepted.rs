use super::read::{BadSnapshot, read};
use super::{Metadata, Name, Text};

/// A snapshot that was accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// Its name.
    pub name: Name,
    /// What an answer must look like.
    pub text: Text,
    /// The file, as a path within the suite's files.
    pub file: String,
    /// What else the file says.
    pub metadata: Metadata,
}

impl Accepted {
    /// Reads a file; `file` is a path with `/` whose last part gives the name.
    ///
    /// # Errors
    /// As [`BadSnapshot`] says.
    pub fn read(file: &str, bytes: &[u8]) -> Result<Self, BadSnapshot> {
        let name = Name::of_file(file.rsplit('/').next().unwrap_or(file))?;
        let (metadata, text) = read(bytes)?;
        Ok(Self { name, text, file: file.to_owned(), metadata })
    }
}
