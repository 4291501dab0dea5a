use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::disk;
use super::suspicion::{Suspicion, WAY_OUT, suspicions};
use super::{Accepted, BadSnapshot, Name, Pending};

/// The folder of a suite's snapshots: what was accepted, and what waits to be.
///
/// The only thing that writes snapshots. Nothing is made before there is something to write; a file has its name only
/// when it is whole; a link is neither followed nor written through; a file that is not named as a snapshot is not
/// touched.
#[derive(Clone, Debug)]
pub struct Store {
    folder: PathBuf,
}

/// What lies in the folder under a name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Held {
    /// There is an accepted snapshot.
    pub accepted: bool,
    /// There is one that waits.
    pub pending: bool,
}

/// Whether a file had to be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// It was.
    Anew,
    /// It was there with the same bytes.
    Already,
}

/// Why the folder cannot do what it was asked for.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The system refuses it.
    #[error("`{}` cannot be {what}: {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What was to be done: `read`, `written`, `removed`.
        what: &'static str,
        /// What the system says.
        source: io::Error,
    },
    /// It is a link, a folder, a device or the like.
    #[error("`{}` is {found}, and no file of its own: it is left alone", path.display())]
    NotAFile {
        /// The file or folder.
        path: PathBuf,
        /// What it is.
        found: &'static str,
    },
    /// A file is no snapshot.
    #[error("`{}`: {why}", path.display())]
    Bad {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        why: BadSnapshot,
    },
    /// There is nothing of this name.
    #[error("nothing waits under the name `{0}`")]
    NothingWaits(Name),
    /// The text holds what looks like a secret.
    #[error("`{}` is refused, for it may hold a secret: {first}; {WAY_OUT}", path.display())]
    Suspicious {
        /// The file.
        path: PathBuf,
        /// What was found first.
        first: Suspicion,
    },
    /// insta does not read what was written for it.
    #[error("`{}` was not written: insta reads it in another way", path.display())]
    ReadBack {
        /// The file.
        path: PathBuf,
    },
}

impl Store {
    /// The store of this folder, which need not be there.
    #[must_use]
    pub fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// The folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Everything that lies here, by name. Files that are not named as snapshots are, hidden ones and folders are left
    /// out.
    ///
    /// # Errors
    /// When the folder is a link or cannot be read.
    pub fn held(&self) -> Result<BTreeMap<Name, Held>, StoreError> {
        let mut all: BTreeMap<Name, Held> = BTreeMap::new();
        for file in disk::list(&self.folder)? {
            let Ok(name) = Name::of_file(&file) else { continue };
            let held = all.entry(name).or_default();
            if file.ends_with(super::name::PENDING_ENDING) {
                held.pending = true;
            } else {
                held.accepted = true;
            }
        }
        Ok(all)
    }

    /// The names that wait, in order.
    ///
    /// # Errors
    /// When the folder is a link or cannot be read.
    pub fn pending(&self) -> Result<Vec<Name>, StoreError> {
        Ok(self.held()?.into_iter().filter(|(_, held)| held.pending).map(|(name, _)| name).collect())
    }

    /// The accepted snapshots that are none of these.
    ///
    /// # Errors
    /// When the folder is a link or cannot be read.
    pub fn orphans(&self, known: &BTreeSet<Name>) -> Result<Vec<Name>, StoreError> {
        let accepted = self.held()?.into_iter().filter(|(_, held)| held.accepted);
        Ok(accepted.map(|(name, _)| name).filter(|name| !known.contains(name)).collect())
    }

    /// What waits under this name.
    ///
    /// # Errors
    /// When nothing does, or it cannot be read.
    pub fn read_pending(&self, name: &Name) -> Result<Pending, StoreError> {
        let path = self.folder.join(name.pending_file());
        let bytes = disk::read(&path)?.ok_or_else(|| StoreError::NothingWaits(name.clone()))?;
        Pending::read(&name.pending_file(), &bytes).map_err(|why| StoreError::Bad { path, why })
    }

    /// What was accepted under this name.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn read_accepted(&self, name: &Name) -> Result<Option<Accepted>, StoreError> {
        let path = self.folder.join(name.file());
        let Some(bytes) = disk::read(&path)? else { return Ok(None) };
        Accepted::read(&name.file(), &bytes).map(Some).map_err(|why| StoreError::Bad { path, why })
    }

    /// Keeps what was seen until somebody has looked at it.
    ///
    /// # Errors
    /// When it may hold a secret, or cannot be written.
    pub fn keep(&self, pending: &Pending) -> Result<Written, StoreError> {
        self.write(&pending.name.pending_file(), &pending.to_file(), pending)
    }

    /// Takes what was seen for the accepted text from now on; nothing waits under its name any more.
    ///
    /// # Errors
    /// When it may hold a secret, or cannot be written.
    pub fn put(&self, pending: &Pending) -> Result<Written, StoreError> {
        let written = self.write(&pending.name.file(), &pending.to_accepted_file(), pending)?;
        self.reject(&pending.name)?;
        Ok(written)
    }

    /// Accepts what waits under this name.
    ///
    /// # Errors
    /// When nothing waits there, it may hold a secret, or it cannot be written.
    pub fn accept(&self, name: &Name) -> Result<Written, StoreError> {
        self.put(&self.read_pending(name)?)
    }

    /// Forgets what waits under this name, and says whether anything did.
    ///
    /// # Errors
    /// When it cannot be removed.
    pub fn reject(&self, name: &Name) -> Result<bool, StoreError> {
        disk::remove(&self.folder.join(name.pending_file()))
    }

    /// Removes the accepted snapshot of this name, and says whether there was one.
    ///
    /// # Errors
    /// When it cannot be removed.
    pub fn remove(&self, name: &Name) -> Result<bool, StoreError> {
        disk::remove(&self.folder.join(name.file()))
    }

    fn write(&self, file: &str, text: &str, pending: &Pending) -> Result<Written, StoreError> {
        let path = self.folder.join(file);
        if let Some(first) = suspicions(text).into_iter().next() {
            return Err(StoreError::Suspicious { path, first });
        }
        if disk::read(&path)?.is_some_and(|bytes| bytes == text.as_bytes()) {
            return Ok(Written::Already);
        }
        let is_read = |written: &Path| {
            // insta itself has the last word on whether this is a file of its own.
            insta::Snapshot::from_file(written)
                .is_ok_and(|read| read.as_text().is_some_and(|text| text.to_string() == pending.text.as_str()))
        };
        disk::write(&path, text.as_bytes(), is_read)?;
        Ok(Written::Anew)
    }
}

impl StoreError {
    /// What the system says of a file.
    pub(super) fn io(path: &Path, what: &'static str) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { path, what, source }
    }
}

/// What a file is, where it is no file of its own.
pub(super) fn stranger(metadata: &fs::Metadata) -> Option<&'static str> {
    if metadata.is_file() {
        None
    } else if metadata.is_symlink() {
        Some("a link")
    } else if metadata.is_dir() {
        Some("a folder")
    } else {
        Some("a device, a pipe or a socket")
    }
}

#[cfg(test)]
mod tests {
    use crate::snapshot::{Metadata, Text};

    use super::*;

    fn pending(name: &str, text: &str) -> Pending {
        let metadata = Metadata { source: Some("a.yaml".to_owned()), line: Some(3), ..Metadata::default() };
        Pending { name: Name::parse(name).unwrap(), text: Text::new(text), metadata }
    }

    fn store() -> (tempfile::TempDir, Store) {
        let temp = tempfile::tempdir().unwrap();
        let store = Store::new(temp.path().join("snapshots/mine"));
        (temp, store)
    }

    fn files(store: &Store) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(store.folder())
            .map(|entries| entries.map(|it| it.unwrap().file_name().into_string().unwrap()).collect())
            .unwrap_or_default();
        names.sort();
        names
    }

    #[test]
    fn what_was_seen_is_kept_accepted_and_removed() {
        let (_temp, store) = store();
        let seen = pending("a.b", "200");
        assert!(store.held().unwrap().is_empty());
        assert_eq!(store.keep(&seen).unwrap(), Written::Anew);
        assert_eq!(store.keep(&seen).unwrap(), Written::Already);
        assert_eq!(store.pending().unwrap(), std::slice::from_ref(&seen.name));
        assert_eq!(store.read_pending(&seen.name).unwrap(), seen);
        assert_eq!(store.accept(&seen.name).unwrap(), Written::Anew);
        assert_eq!(files(&store), ["a.b.snap"]);
        assert_eq!(fs::read_to_string(store.folder().join("a.b.snap")).unwrap(), "---\nsource: a.yaml\n---\n200\n");
        assert_eq!(store.put(&seen).unwrap(), Written::Already);
        assert_eq!(store.orphans(&BTreeSet::from([seen.name.clone()])).unwrap(), []);
        assert_eq!(store.orphans(&BTreeSet::new()).unwrap(), std::slice::from_ref(&seen.name));
        assert!(store.remove(&seen.name).unwrap() && !store.remove(&seen.name).unwrap());
        assert!(files(&store).is_empty());
    }

    #[test]
    fn what_is_rejected_leaves_what_was_accepted() {
        let (_temp, store) = store();
        store.put(&pending("a", "old")).unwrap();
        store.keep(&pending("a", "new")).unwrap();
        let name = Name::parse("a").unwrap();
        assert_eq!(store.held().unwrap()[&name], Held { accepted: true, pending: true });
        assert!(store.reject(&name).unwrap());
        assert_eq!(store.read_accepted(&name).unwrap().unwrap().text.as_str(), "old");
        assert!(matches!(store.accept(&name), Err(StoreError::NothingWaits(_))));
    }

    #[test]
    fn what_may_hold_a_secret_is_neither_kept_nor_accepted() {
        let (_temp, store) = store();
        let named = ["  \"client_sec", "ret\": \"not-a-secret-1\""].concat();
        assert!(matches!(store.keep(&pending("a", &named)), Err(StoreError::Suspicious { .. })));
        assert!(files(&store).is_empty());
        fs::create_dir_all(store.folder()).unwrap();
        fs::write(store.folder().join("a.snap.new"), pending("a", &named).to_file()).unwrap();
        assert!(matches!(store.accept(&Name::parse("a").unwrap()), Err(StoreError::Suspicious { .. })));
        assert_eq!(files(&store), ["a.snap.new"]);
    }

    #[test]
    fn files_of_others_are_left_alone() {
        let (_temp, store) = store();
        store.put(&pending("a", "1")).unwrap();
        for other in ["README.md", "B.snap", ".hidden.snap", "x.snap.bak"] {
            fs::write(store.folder().join(other), "mine").unwrap();
        }
        fs::create_dir(store.folder().join("sub.snap")).unwrap();
        assert_eq!(store.held().unwrap().len(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_neither_read_nor_written_through() {
        use std::os::unix::fs::symlink;

        let (temp, store) = store();
        let canary = temp.path().join("canary");
        fs::write(&canary, "canary").unwrap();
        fs::create_dir_all(store.folder()).unwrap();
        symlink(&canary, store.folder().join("a.snap")).unwrap();
        symlink(&canary, store.folder().join("b.snap.new")).unwrap();
        for name in ["a", "b"] {
            let name = Name::parse(name).unwrap();
            assert!(!store.held().unwrap().contains_key(&name));
            assert!(store.put(&pending(name.as_str(), "x")).is_err());
            assert!(store.accept(&name).is_err());
        }
        assert!(store.keep(&pending("b", "x")).is_err());
        assert_eq!(fs::read_to_string(&canary).unwrap(), "canary");

        // Nor is a folder that is a link, here or above.
        symlink(temp.path(), temp.path().join("linked")).unwrap();
        let elsewhere = Store::new(temp.path().join("linked"));
        assert!(matches!(elsewhere.keep(&pending("c", "x")), Err(StoreError::NotAFile { found: "a link", .. })));
        assert!(elsewhere.held().is_err());
        symlink(temp.path().join("snapshots"), temp.path().join("other")).unwrap();
        let shelf = temp.path().join("other/snapshots");
        assert!(!temp.path().join("c.snap.new").exists() && !shelf.exists());
    }
}
