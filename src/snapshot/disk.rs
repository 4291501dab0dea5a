use std::fs::{self, File};
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::path::Path;

use super::store::{StoreError, stranger};

/// The largest file that is read, in bytes: one more than a snapshot may have is enough to refuse it.
const MOST_BYTES: u64 = (8 << 20) + 1;

/// The names of the files in a folder, without links and hidden ones; none where there is no such folder.
pub(super) fn list(folder: &Path) -> Result<Vec<String>, StoreError> {
    if !is_own_folder(folder)? {
        return Ok(Vec::new());
    }
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).map_err(StoreError::io(folder, "read"))? {
        let entry = entry.map_err(StoreError::io(folder, "read"))?;
        let is_file = entry.file_type().map_err(StoreError::io(&entry.path(), "read"))?.is_file();
        let Some(name) = entry.file_name().to_str().map(str::to_owned) else { continue };
        if is_file && !name.starts_with('.') {
            names.push(name);
        }
    }
    names.sort_unstable();
    Ok(names)
}

/// The bytes of a file, unless there is none.
pub(super) fn read(path: &Path) -> Result<Option<Vec<u8>>, StoreError> {
    if !is_own_file(path)? {
        return Ok(None);
    }
    let failed = |error| StoreError::io(path, "read")(error);
    let mut bytes = Vec::new();
    File::open(path).map_err(failed)?.take(MOST_BYTES).read_to_end(&mut bytes).map_err(failed)?;
    Ok(Some(bytes))
}

/// Writes a file beside its place, lets `check` look at it, and gives it its name.
pub(super) fn write(path: &Path, bytes: &[u8], check: impl FnOnce(&Path) -> bool) -> Result<(), StoreError> {
    let (Some(folder), Some(name)) = (path.parent(), path.file_name().and_then(|name| name.to_str())) else {
        return Err(StoreError::NotAFile { path: path.to_owned(), found: "a root" });
    };
    if !is_own_folder(folder)? {
        fs::create_dir_all(folder).map_err(StoreError::io(folder, "made"))?;
    }
    is_own_file(path)?;
    let partial = folder.join(format!(".{name}.{}.partial", std::process::id()));
    let written = write_new(&partial, bytes).map_err(StoreError::io(path, "written")).and_then(|()| {
        if !check(&partial) {
            return Err(StoreError::ReadBack { path: path.to_owned() });
        }
        fs::rename(&partial, path).map_err(StoreError::io(path, "written"))
    });
    if written.is_err() {
        // Where even this fails, the first failure is the one to be told.
        let _ = fs::remove_file(&partial);
    }
    written
}

/// Removes a file, and says whether there was one.
pub(super) fn remove(path: &Path) -> Result<bool, StoreError> {
    if !is_own_file(path)? {
        return Ok(false);
    }
    fs::remove_file(path).map_err(StoreError::io(path, "removed"))?;
    Ok(true)
}

/// A file that was not there before: what stands in its place, a link above all, is not written to.
fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = match File::create_new(path) {
        // Left by a process of the same number that was killed.
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            fs::remove_file(path)?;
            File::create_new(path)?
        }
        other => other?,
    };
    file.write_all(bytes)?;
    file.sync_data()
}

/// Whether there is a folder at this place; anything else there is refused.
fn is_own_folder(folder: &Path) -> Result<bool, StoreError> {
    // A link above, such as one of `snapshots`, would lead elsewhere just as well.
    let shelf = folder.parent().filter(|shelf| shelf.ends_with("snapshots"));
    for place in shelf.into_iter().chain([folder]) {
        match fs::symlink_metadata(place) {
            Ok(metadata) if metadata.is_dir() => {}
            Ok(metadata) => {
                let found = stranger(&metadata).unwrap_or("a file");
                return Err(StoreError::NotAFile { path: place.to_owned(), found });
            }
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
            Err(error) => return Err(StoreError::io(place, "read")(error)),
        }
    }
    Ok(true)
}

/// Whether there is a file at this place; anything else there is refused.
fn is_own_file(path: &Path) -> Result<bool, StoreError> {
    if let Some(folder) = path.parent()
        && !is_own_folder(folder)?
    {
        return Ok(false);
    }
    match fs::symlink_metadata(path) {
        Ok(metadata) => match stranger(&metadata) {
            None => Ok(true),
            Some(found) => Err(StoreError::NotAFile { path: path.to_owned(), found }),
        },
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(false),
        Err(error) => Err(StoreError::io(path, "read")(error)),
    }
}
