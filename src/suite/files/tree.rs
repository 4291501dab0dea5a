use std::io;

/// The files of a suite.
pub trait Files {
    /// What the suite is called where it is read from, such as `specs/cxone` or `embedded:cxone`. Problems show the
    /// path of a file after it.
    fn origin(&self) -> &str;

    /// The paths of all files, with `/`, relative to the root, sorted by bytes; hidden files and folders left out.
    ///
    /// # Errors
    /// When a folder cannot be read, or when there are absurdly many files.
    fn list(&self) -> Result<Vec<String>, ListError>;

    /// The bytes of a file, at most `most` of them.
    ///
    /// # Errors
    /// As [`ReadError`] says.
    fn read(&self, path: &str, most: u64) -> Result<Vec<u8>, ReadError>;

    /// How a path within the suite is shown.
    fn shown(&self, path: &str) -> String {
        match self.origin() {
            "" | "." => path.to_owned(),
            origin => format!("{}/{path}", origin.trim_end_matches('/')),
        }
    }
}

/// Why the files of a suite cannot be listed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ListError {
    /// A folder cannot be read.
    #[error("cannot read the folder `{folder}`: {source}")]
    Unreadable {
        /// The folder, as shown.
        folder: String,
        /// What the system says.
        source: io::Error,
    },
    /// There are more files than a suite has.
    #[error("`{folder}` has more than {most} files or folders in folders, which is no suite")]
    TooMany {
        /// The root, as shown.
        folder: String,
        /// How many are listed.
        most: usize,
    },
}

/// Why a file of a suite cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// There is no such file.
    #[error("there is no such file")]
    NotThere,
    /// The path, or a link on it, leads out of the suite.
    #[error("it lies outside the suite's folder")]
    Outside,
    /// The path is not written as paths of suites are.
    #[error("expected a relative path with `/` and without `.` and `..`")]
    BadPath,
    /// It is a folder, a device, a pipe or the like.
    #[error("expected a file, found {0}")]
    NotAFile(&'static str),
    /// It is too large.
    #[error("it has more than {most} bytes")]
    TooBig {
        /// How many are read.
        most: u64,
    },
    /// The system refuses it.
    #[error("{0}")]
    Unreadable(#[from] io::Error),
}
