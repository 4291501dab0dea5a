use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use crate::event::FileDigest;

use super::{Files, ReadError};

/// Reads files and remembers the digest of each.
pub(crate) struct Reader<'f> {
    files: &'f dyn Files,
    paths: Vec<String>,
    digests: RefCell<BTreeMap<String, String>>,
}

impl<'f> Reader<'f> {
    /// A reader of `files`, of which these are the paths.
    pub(crate) fn new(files: &'f dyn Files, paths: Vec<String>) -> Self {
        Self { files, paths, digests: RefCell::default() }
    }

    /// All files that there are, in order.
    pub(crate) fn paths(&self) -> &[String] {
        &self.paths
    }

    /// How a path within the suite is shown.
    pub(crate) fn shown(&self, path: &str) -> String {
        self.files.shown(path)
    }

    /// The bytes of a file, at most `most` of them.
    pub(crate) fn read(&self, path: &str, most: u64) -> Result<Arc<[u8]>, ReadError> {
        let bytes = self.files.read(path, most)?;
        self.digests.borrow_mut().insert(path.to_owned(), sha256(&bytes));
        Ok(bytes.into())
    }

    /// Whether this file was read.
    pub(crate) fn has_read(&self, path: &str) -> bool {
        self.digests.borrow().contains_key(path)
    }

    /// Every file that was read, by path, and the digest over them all.
    pub(crate) fn manifest(&self) -> (Vec<FileDigest>, String) {
        let digests = self.digests.borrow();
        let mut lines = String::new();
        for (path, sha256) in digests.iter() {
            // The form of `sha256sum`, so that anybody can make the digest again.
            let _ = writeln!(lines, "{sha256}  {path}");
        }
        let manifest =
            digests.iter().map(|(path, sha256)| FileDigest { path: path.clone(), sha256: sha256.clone() }).collect();
        (manifest, sha256(lines.as_bytes()))
    }
}

/// The SHA-256 of these bytes in small hexadecimal digits.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::super::Embedded;
    use super::*;

    #[test]
    fn the_manifest_holds_what_was_read_and_nothing_else() {
        let files = Embedded { origin: "", files: &[("b", b"2"), ("a", b"1"), ("c", b"3")] };
        let reader = Reader::new(&files, files.list().unwrap());
        reader.read("b", 9).unwrap();
        reader.read("a", 9).unwrap();
        let (manifest, digest) = reader.manifest();
        let mut lines = String::new();
        for file in &manifest {
            writeln!(lines, "{}  {}", file.sha256, file.path).unwrap();
        }
        assert_eq!(
            lines,
            "6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b  a\n\
             d4735e3a265e16eee03f59718b9b5d03019c07d8b6c51f90da3a666eec13ab35  b\n"
        );
        assert_eq!(digest, sha256(lines.as_bytes()));
    }
}
