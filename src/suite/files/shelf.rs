use std::fs;
use std::path::{Path, PathBuf};

use super::folder::shown;

/// What the paths of snapshots begin with.
pub(super) const SNAPSHOTS: &str = "snapshots/";

/// The folder with suites of a repository, and that with their snapshots.
const SPECS: &str = "specs";
const FOLDER: &str = "snapshots";
/// What ends the name of an accepted snapshot.
const ENDING: &str = ".snap";
/// The most snapshots that are listed.
const MOST_FILES: usize = 20_000;

/// The folder in which the snapshots of a suite lie.
#[derive(Debug)]
pub(super) struct Shelf {
    /// The folder; it need not be there.
    pub(super) folder: PathBuf,
    /// The same, as it is shown.
    pub(super) shown_as: String,
    /// Whether it is a folder of the suite's own.
    pub(super) is_within: bool,
}

impl Shelf {
    /// The shelf of the suite whose folder without links is `root`.
    pub(super) fn of(root: &Path, path: &Path) -> Self {
        let is_shipped = root.parent().is_some_and(|parent| parent.ends_with(SPECS))
            && root.join("suite.yaml").is_file()
            && !root.join(FOLDER).is_dir();
        let beside = root.parent().and_then(Path::parent).zip(root.file_name());
        match beside.filter(|_| is_shipped) {
            Some((top, name)) => {
                let shown_top = path.parent().and_then(Path::parent).map(shown).filter(|top| !top.is_empty());
                let name_text = name.to_string_lossy();
                let shown_as = match shown_top {
                    Some(top) => format!("{top}/{FOLDER}/{name_text}"),
                    None => format!("{FOLDER}/{name_text}"),
                };
                Self { folder: top.join(FOLDER).join(name), shown_as, is_within: false }
            }
            None => Self::within(root, path),
        }
    }

    /// The shelf within a folder.
    pub(super) fn within(root: &Path, path: &Path) -> Self {
        Self { folder: root.join(FOLDER), shown_as: shown(&path.join(FOLDER)), is_within: true }
    }

    /// Adds the accepted snapshots to the paths of the suite. Where there is no folder there are none.
    pub(super) fn list(&self, paths: &mut Vec<String>) {
        let Ok(entries) = fs::read_dir(&self.folder) else { return };
        let names = entries.filter_map(Result::ok).filter_map(|entry| entry.file_name().to_str().map(str::to_owned));
        let ours = names.filter(|name| name.ends_with(ENDING) && !name.starts_with('.'));
        paths.extend(ours.take(MOST_FILES).map(|name| format!("{SNAPSHOTS}{name}")));
    }
}
