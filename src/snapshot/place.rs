use std::path::{Path, PathBuf};

/// The folder of a suite that holds its snapshots, and the one beside `specs` that holds those of all suites there.
const SNAPSHOTS: &str = "snapshots";
/// The folder that suites are looked for in.
const SPECS: &str = "specs";

/// Where the snapshots of a suite lie whose root is this folder: in `snapshots/` within it; of a suite in a folder
/// `specs`, in `snapshots/NAME/` beside `specs`, so that a suite that many projects copy holds no answers of one of them.
#[must_use]
pub fn folder_of(root: &Path) -> PathBuf {
    shelf(root)
        // A path such as `.` or `..` says nothing of where it is.
        .or_else(|| shelf(&root.canonicalize().ok()?))
        .unwrap_or_else(|| root.join(SNAPSHOTS))
}

fn shelf(root: &Path) -> Option<PathBuf> {
    let specs = root.parent().filter(|parent| parent.ends_with(SPECS))?;
    Some(specs.parent()?.join(SNAPSHOTS).join(root.file_name()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn snapshots_lie_within_the_suite_or_beside_specs() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        std::fs::create_dir_all(root.join("specs/a/b")).unwrap();
        assert_eq!(folder_of(Path::new("specs/cxone")), Path::new("snapshots/cxone"));
        assert_eq!(folder_of(Path::new("./specs/cxone/")), Path::new("./snapshots/cxone"));
        assert_eq!(folder_of(&root.join("specs/a/b/..")), root.join("snapshots/a"));
        assert_eq!(folder_of(&root), root.join("snapshots"));
        assert_eq!(folder_of(Path::new("mine")), Path::new("mine/snapshots"));
    }
}
