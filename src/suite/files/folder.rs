use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::shelf::{SNAPSHOTS, Shelf};
use super::{Files, ListError, ReadError, path};

/// A suite in a folder, or a single file of scenarios.
#[derive(Debug)]
pub struct Folder {
    origin: String,
    /// The folder, as it is shown.
    shown_as: String,
    /// The folder without links.
    root: PathBuf,
    /// The only file that is listed, where a file was opened; snapshots are listed besides.
    only: Option<String>,
    /// Where the paths below `snapshots/` lie.
    snapshots: Shelf,
}

/// The most files, and folders, that are listed.
const MOST_FILES: usize = 30_000;
/// The most folders within each other.
const DEEPEST: usize = 32;

impl Folder {
    /// Opens a folder, or the folder of a single file, of which that file alone is listed.
    ///
    /// # Errors
    /// When there is nothing at the path, or neither a folder nor a file.
    pub fn open(path: &Path) -> Result<Self, ReadError> {
        let kind = fs::metadata(path).map_err(not_there)?;
        if kind.is_dir() {
            let origin = shown(path);
            let root = fs::canonicalize(path)?;
            let snapshots = Shelf::of(&root, path);
            return Ok(Self { shown_as: origin.clone(), origin, root, only: None, snapshots });
        }
        regular(&kind)?;
        let name = path.file_name().and_then(|name| name.to_str()).ok_or(ReadError::BadPath)?;
        let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let root = fs::canonicalize(parent)?;
        Ok(Self {
            origin: shown(path),
            shown_as: shown(parent),
            snapshots: Shelf::within(&root, parent),
            root,
            only: Some(name.to_owned()),
        })
    }

    /// The folder on disk, without links.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The folder in which snapshots lie, and in which accepted ones are to be put; it need not be there.
    ///
    /// It is `snapshots` in the suite's folder. For `specs/NAME` it is `snapshots/NAME` beside `specs`, unless the suite
    /// has a folder of its own.
    #[must_use]
    pub fn snapshots(&self) -> &Path {
        &self.snapshots.folder
    }

    /// The path without links of a file that lies below the root, or among the snapshots.
    fn resolve(&self, path: &str) -> Result<PathBuf, ReadError> {
        if let Some(file) = path.strip_prefix(SNAPSHOTS).filter(|_| !self.snapshots.is_within) {
            let folder = fs::canonicalize(&self.snapshots.folder).map_err(not_there)?;
            let whole = fs::canonicalize(folder.join(file)).map_err(not_there)?;
            return if whole.starts_with(&folder) { Ok(whole) } else { Err(ReadError::Outside) };
        }
        let whole = fs::canonicalize(self.root.join(path)).map_err(not_there)?;
        // The opened file itself may be a link to elsewhere: whoever opens a file by name grants that file.
        if whole.starts_with(&self.root) || self.only.as_deref() == Some(path) {
            Ok(whole)
        } else {
            Err(ReadError::Outside)
        }
    }

    fn walk(&self, folder: &str, depth: usize, seen: &mut usize, paths: &mut Vec<String>) -> Result<(), ListError> {
        let unreadable = |source| ListError::Unreadable { folder: self.shown(folder), source };
        let too_many = || ListError::TooMany { folder: self.shown_as.clone(), most: MOST_FILES };
        if depth > DEEPEST {
            return Err(too_many());
        }
        for entry in fs::read_dir(self.root.join(folder)).map_err(unreadable)? {
            let entry = entry.map_err(unreadable)?;
            *seen += 1;
            if *seen > MOST_FILES {
                return Err(too_many());
            }
            // A name that is not UTF-8 cannot be named in a suite; a hidden one is no part of it.
            let Some(name) = entry.file_name().to_str().map(str::to_owned) else { continue };
            if name.starts_with('.') {
                continue;
            }
            let path = if folder.is_empty() { name } else { format!("{folder}/{name}") };
            // A link is listed as it is, also one to a folder: reading it tells what is wrong with it.
            if entry.file_type().map_err(unreadable)?.is_dir() {
                self.walk(&path, depth + 1, seen, paths)?;
            } else {
                paths.push(path);
            }
        }
        Ok(())
    }
}

impl Files for Folder {
    fn origin(&self) -> &str {
        &self.origin
    }

    fn shown(&self, path: &str) -> String {
        if let Some(file) = path.strip_prefix(SNAPSHOTS).filter(|_| !self.snapshots.is_within) {
            return format!("{}/{file}", self.snapshots.shown_as);
        }
        match self.shown_as.as_str() {
            "" | "." => path.to_owned(),
            folder => format!("{}/{path}", folder.trim_end_matches('/')),
        }
    }

    fn list(&self) -> Result<Vec<String>, ListError> {
        if let Some(only) = &self.only {
            let mut paths = vec![only.clone()];
            self.snapshots.list(&mut paths);
            paths.sort_unstable();
            return Ok(paths);
        }
        let mut paths = Vec::new();
        self.walk("", 0, &mut 0, &mut paths)?;
        if !self.snapshots.is_within {
            self.snapshots.list(&mut paths);
        }
        paths.sort_unstable();
        Ok(paths)
    }

    fn read(&self, path: &str, most: u64) -> Result<Vec<u8>, ReadError> {
        path::check(path)?;
        let before = self.resolve(path)?;
        regular(&fs::metadata(&before).map_err(not_there)?)?;
        let file = open(&before).map_err(not_there)?;
        // A link may have been swapped since: what was opened must be a regular file, and the one that lies below the
        // root now.
        let opened = file.metadata()?;
        regular(&opened)?;
        let after = self.resolve(path)?;
        if !is_same(&opened, &fs::metadata(after).map_err(not_there)?) {
            return Err(ReadError::Outside);
        }
        let mut bytes = Vec::new();
        file.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > most { Err(ReadError::TooBig { most }) } else { Ok(bytes) }
    }
}

/// A path as it is shown: with `/`, and without `./` at its beginning.
pub(super) fn shown(path: &Path) -> String {
    let text = path.to_string_lossy().replace('\\', "/");
    text.strip_prefix("./").unwrap_or(&text).to_owned()
}

fn not_there(error: io::Error) -> ReadError {
    if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) {
        ReadError::NotThere
    } else {
        ReadError::Unreadable(error)
    }
}

fn regular(metadata: &Metadata) -> Result<(), ReadError> {
    if metadata.is_file() {
        Ok(())
    } else if metadata.is_dir() {
        Err(ReadError::NotAFile("a folder"))
    } else {
        Err(ReadError::NotAFile("a device, a pipe or a socket"))
    }
}

/// Opens without waiting: a pipe put in the file's place must not hang the load.
#[cfg(any(target_os = "linux", target_os = "macos"))]
fn open(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;

    /// `O_NONBLOCK`.
    const AT_ONCE: i32 = if cfg!(target_os = "linux") { 0o4000 } else { 0x4 };
    File::options().read(true).custom_flags(AT_ONCE).open(path)
}

#[cfg(not(any(target_os = "linux", target_os = "macos")))]
fn open(path: &Path) -> io::Result<File> {
    File::open(path)
}

#[cfg(unix)]
fn is_same(opened: &Metadata, named: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    (opened.dev(), opened.ino()) == (named.dev(), named.ino())
}

#[cfg(not(unix))]
fn is_same(opened: &Metadata, named: &Metadata) -> bool {
    opened.len() == named.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(files: &[(&str, &str)]) -> (tempfile::TempDir, Folder) {
        let temp = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let path = temp.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let folder = Folder::open(temp.path()).unwrap();
        (temp, folder)
    }

    #[test]
    fn files_are_listed_in_order_and_hidden_ones_left_out() {
        let (_temp, folder) =
            folder(&[("b.yaml", ""), ("a/z.yaml", ""), ("a/b/c.json", ""), (".git/x", ""), ("a/.swp", "")]);
        assert_eq!(folder.list().unwrap(), ["a/b/c.json", "a/z.yaml", "b.yaml"]);
    }

    #[test]
    fn a_single_file_is_all_there_is() {
        let (temp, _) = folder(&[("a.yaml", "x"), ("b.yaml", "y")]);
        let only = Folder::open(&temp.path().join("a.yaml")).unwrap();
        assert_eq!(only.list().unwrap(), ["a.yaml"]);
        assert_eq!(only.read("a.yaml", 10).unwrap(), b"x");
    }

    #[test]
    fn a_file_is_read_up_to_its_limit() {
        let (_temp, folder) = folder(&[("a", "12345")]);
        assert_eq!(folder.read("a", 5).unwrap(), b"12345");
        assert!(matches!(folder.read("a", 4), Err(ReadError::TooBig { most: 4 })));
        assert!(matches!(folder.read("b", 4), Err(ReadError::NotThere)));
        assert!(matches!(folder.read("a/b", 4), Err(ReadError::NotThere)));
    }

    #[test]
    fn nothing_but_a_regular_file_is_read() {
        let (_temp, folder) = folder(&[("a/b", "")]);
        assert!(matches!(folder.read("a", 5), Err(ReadError::NotAFile("a folder"))));
    }

    #[cfg(unix)]
    #[test]
    fn a_link_that_leaves_the_suite_is_refused_and_one_within_is_followed() {
        use std::os::unix::fs::symlink;

        let outside = tempfile::tempdir().unwrap();
        fs::write(outside.path().join("canary"), "canary").unwrap();
        let (temp, folder) = folder(&[("real/a", "text")]);
        symlink(outside.path().join("canary"), temp.path().join("file")).unwrap();
        symlink(outside.path(), temp.path().join("dir")).unwrap();
        symlink("real/a", temp.path().join("within")).unwrap();
        symlink("nowhere", temp.path().join("broken")).unwrap();
        symlink("/dev/zero", temp.path().join("zero")).unwrap();
        assert!(matches!(folder.read("file", 99), Err(ReadError::Outside)));
        assert!(matches!(folder.read("dir/canary", 99), Err(ReadError::Outside)));
        assert!(matches!(folder.read("zero", 99), Err(ReadError::Outside)));
        assert!(matches!(folder.read("broken", 99), Err(ReadError::NotThere)));
        assert_eq!(folder.read("within", 99).unwrap(), b"text");
        assert_eq!(folder.list().unwrap(), ["broken", "dir", "file", "real/a", "within", "zero"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_socket_is_no_file_and_does_not_hang() {
        let (temp, folder) = folder(&[]);
        let _listener = std::os::unix::net::UnixListener::bind(temp.path().join("pipe.yaml")).unwrap();
        assert!(matches!(folder.read("pipe.yaml", 99), Err(ReadError::NotAFile(_))));
    }
}
