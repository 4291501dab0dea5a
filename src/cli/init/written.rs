use std::io::Write as _;
use std::path::{Path, PathBuf};

use crate::cli::failure::Failure;

/// Files that are to be written.
#[derive(Debug, Default)]
pub(super) struct Written {
    /// Paths below the folder, and what is in each.
    pub(super) files: Vec<(String, Vec<u8>)>,
}

impl Written {
    /// With one more.
    pub(super) fn with(mut self, path: impl Into<String>, content: impl Into<Vec<u8>>) -> Self {
        self.files.push((path.into(), content.into()));
        self
    }

    /// Refuses where one of them is there: nothing of anybody's is overwritten.
    pub(super) fn refuse_existing(&self, folder: &Path) -> Result<(), Failure> {
        let there = self.paths(folder).find(|path| path.symlink_metadata().is_ok());
        match there {
            None => Ok(()),
            Some(path) => Err(Failure::usage(format!(
                "`{}` is there already, and nothing is overwritten: name another folder, or move it away",
                path.display()
            ))),
        }
    }

    /// Writes all of them.
    pub(super) fn write(&self, folder: &Path) -> Result<(), Failure> {
        self.refuse_existing(folder)?;
        for ((_, content), path) in self.files.iter().zip(self.paths(folder)) {
            let refuse =
                |error: std::io::Error| Failure::io(format!("`{}` cannot be written: {error}", path.display()));
            if let Some(parent) = path.parent() {
                std::fs::create_dir_all(parent).map_err(refuse)?;
            }
            // One that has come meanwhile is not overwritten either.
            let file = std::fs::OpenOptions::new().write(true).create_new(true).open(&path);
            file.and_then(|mut file| file.write_all(content)).map_err(refuse)?;
        }
        Ok(())
    }

    fn paths(&self, folder: &Path) -> impl Iterator<Item = PathBuf> {
        self.files.iter().map(|(path, _)| folder.join(path))
    }
}
