use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};

/// What is looked at.
#[derive(Debug)]
pub(super) struct Roots {
    /// The suite: a folder, or a file.
    pub(super) suite: PathBuf,
    /// The folder of its accepted snapshots.
    pub(super) snapshots: Option<PathBuf>,
    /// Files that say something else about the run: targets, waivers, secrets.
    pub(super) others: Vec<PathBuf>,
}

/// The files that a run depends on, each with a digest of what is in it. What a file holds counts, not what the system
/// says has happened to it: a run that reads files, or writes reports beside them, wakes nobody.
#[derive(Debug, Default)]
pub(super) struct Files {
    digests: BTreeMap<PathBuf, u64>,
}

/// Folders deeper than this hold no file of a suite.
const DEEPEST: usize = 12;

impl Files {
    /// Looks at all of them.
    pub(super) fn look(roots: &Roots) -> Self {
        let mut files = Self::default();
        if roots.suite.is_dir() {
            files.look_into(&roots.suite, DEEPEST);
        } else {
            files.look_at(&roots.suite);
        }
        if let Some(folder) = &roots.snapshots {
            files.look_into(folder, 1);
        }
        for path in &roots.others {
            files.look_at(path);
        }
        files
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.digests.len()
    }

    /// The files that are new, gone or otherwise than in `before`.
    pub(super) fn changed_since(&self, before: &Self) -> BTreeSet<PathBuf> {
        let is_other = |path: &&PathBuf| self.digests.get(*path) != before.digests.get(*path);
        self.digests.keys().chain(before.digests.keys()).filter(is_other).cloned().collect()
    }

    fn look_into(&mut self, folder: &Path, depth: usize) {
        let Ok(entries) = std::fs::read_dir(folder) else { return };
        for path in entries.filter_map(Result::ok).map(|entry| entry.path()) {
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            if name.starts_with('.') || matches!(name, "target" | "node_modules") {
                continue;
            }
            if path.is_dir() {
                if depth > 0 {
                    self.look_into(&path, depth - 1);
                }
            } else if is_of_a_suite(&path) {
                self.look_at(&path);
            }
        }
    }

    fn look_at(&mut self, path: &Path) {
        // One that is gone, or is just being written, is told of when it is there.
        let Ok(bytes) = std::fs::read(path) else { return };
        let mut hasher = DefaultHasher::new();
        bytes.hash(&mut hasher);
        self.digests.insert(path.to_owned(), hasher.finish());
    }
}

/// Reports and records that a run writes are none.
fn is_of_a_suite(path: &Path) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    matches!(ending, "yaml" | "yml" | "json" | "snap" | "txt" | "xml" | "csv" | "bin" | "pem")
        && !path.to_string_lossy().contains("junit")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_has_changed_when_something_else_is_in_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let roots = Roots { suite: folder.path().to_owned(), snapshots: None, others: Vec::new() };
        for (name, text) in [("a.yaml", "a"), ("b.yaml", "b"), ("run.ndjson", "{}")] {
            std::fs::write(path(name), text).unwrap();
        }
        let before = Files::look(&roots);
        assert_eq!(before.count(), 2);
        std::fs::write(path("a.yaml"), "a").unwrap();
        std::fs::write(path("run.ndjson"), "{ }").unwrap();
        assert_eq!(Files::look(&roots).changed_since(&before), BTreeSet::new());
        std::fs::remove_file(path("a.yaml")).unwrap();
        std::fs::write(path("b.yaml"), "c").unwrap();
        std::fs::write(path("d.yaml"), "d").unwrap();
        let changed = Files::look(&roots).changed_since(&before);
        assert_eq!(changed, ["a.yaml", "b.yaml", "d.yaml"].map(path).into());
    }
}
