use std::fmt;
use std::path::{Path, PathBuf};

use super::visible;

/// Where a report goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Destination {
    /// To a file.
    File(PathBuf),
    /// To stdout, written `-`; what else would stand there goes to stderr.
    Stdout,
}

impl Destination {
    /// Whether both are one file, by whatever names, or both are stdout.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::File(one), Self::File(two)) => real(one) == real(two),
            (Self::Stdout, Self::Stdout) => true,
            (Self::File(_), Self::Stdout) | (Self::Stdout, Self::File(_)) => false,
        }
    }
}

impl fmt::Display for Destination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(f, "`{}`", visible::one_line(&path.to_string_lossy())),
            Self::Stdout => f.write_str("on stdout"),
        }
    }
}

/// The path by which two names of one file are the same; the file itself need not exist.
fn real(path: &Path) -> PathBuf {
    if let Ok(path) = path.canonicalize() {
        return path;
    }
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    match (parent.canonicalize(), path.file_name()) {
        (Ok(parent), Some(name)) => parent.join(name),
        _ => path.to_owned(),
    }
}
