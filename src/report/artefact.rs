use std::ffi::OsString;
use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufReader, BufWriter, ErrorKind, Read as _, Seek as _, SeekFrom, Write};
use std::path::{Path, PathBuf};

use super::visible::one_line;

/// What becomes of a file that was begun and not finished.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Leftover {
    /// It goes: half of it is worth nothing.
    Remove,
    /// It stays under its temporary name, when anything is in it: each of its lines is worth something.
    Keep,
}

/// A file that a report is written to. It has its name only when it is whole: until then it is `NAME.PID.partial` beside
/// it, and an older file of that name is gone from the start, so that nobody can take it for the new one.
///
/// What is no regular file (`/dev/full`, a pipe), and whatever stands under `/dev` or `/proc`, is written to directly.
#[derive(Debug)]
pub(super) struct Artefact {
    out: BufWriter<File>,
    place: Option<Place>,
}

/// Where a regular file is, and where it will be.
#[derive(Debug)]
struct Place {
    partial: PathBuf,
    target: PathBuf,
    leftover: Leftover,
    has_content: bool,
}

/// That a file does not hold what was written to it.
pub(super) fn not_as_written(what: impl fmt::Display) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, format!("it does not read back: {what}"))
}

/// Large enough for most exchanges in one write.
const BUFFER: usize = 64 * 1024;

impl Artefact {
    /// Begins the file `path`, readable by its owner only. A link is followed.
    ///
    /// # Errors
    /// In a person's words: it is a directory, it is read-only, its directory is missing or may not be written to.
    pub(super) fn create(path: &Path, leftover: Leftover) -> io::Result<Self> {
        let Some(target) = regular_target(path)? else {
            // Appending leaves what a shell has put there before, where `/dev/stdout` is a regular file.
            let file = OpenOptions::new().append(true).open(path)?;
            return Ok(Self { out: BufWriter::with_capacity(BUFFER, file), place: None });
        };
        let partial = partial_name(&target)?;
        let file = create_private(&partial).map_err(|error| explain_create(&target, &error))?;
        let place = Place { partial, target, leftover, has_content: false };
        // From here on the partial file goes when anything fails.
        let artefact = Self { out: BufWriter::with_capacity(BUFFER, file), place: Some(place) };
        if let Some(place) = &artefact.place {
            remove_stale(&place.target)?;
        }
        Ok(artefact)
    }

    /// Begins what stands after the content of the file `path`, which may not be there yet; gives that content's size in
    /// bytes. Until the end the file stays as it is.
    ///
    /// # Errors
    /// As [`Artefact::create`] gives; or the content cannot be read.
    pub(super) fn extend(path: &Path) -> io::Result<(Self, u64)> {
        let Some(target) = regular_target(path)? else {
            return Self::create(path, Leftover::Remove).map(|artefact| (artefact, 0));
        };
        let partial = partial_name(&target)?;
        let file = create_private(&partial).map_err(|error| explain_create(&target, &error))?;
        let place = Place { partial, target, leftover: Leftover::Remove, has_content: false };
        let mut artefact = Self { out: BufWriter::with_capacity(BUFFER, file), place: Some(place) };
        let target = artefact.place.as_ref().map(|place| place.target.clone()).unwrap_or_default();
        let size = match File::open(&target) {
            Ok(mut old) => {
                // Whoever could read it still can, such as the runner of a job whose steps have another user.
                if let Some(place) = &artefact.place {
                    fs::set_permissions(&place.partial, old.metadata()?.permissions())?;
                }
                io::copy(&mut old, &mut artefact)?
            }
            Err(error) if error.kind() == ErrorKind::NotFound => 0,
            Err(error) => return Err(error),
        };
        Ok((artefact, size))
    }

    /// Stdout.
    ///
    /// # Errors
    /// The process has none.
    pub(super) fn stdout() -> io::Result<Self> {
        Ok(Self { out: BufWriter::with_capacity(BUFFER, stdout_file()?), place: None })
    }

    /// Begins the file and writes `text` as its whole content, which is read back.
    ///
    /// # Errors
    /// As [`Artefact::commit`] gives.
    pub(super) fn write_whole(mut self, text: &str) -> io::Result<()> {
        self.write_all(text.as_bytes())?;
        self.commit(|mut file| {
            let mut found = Vec::with_capacity(text.len());
            file.read_to_end(&mut found)?;
            if found.ends_with(text.as_bytes()) { Ok(()) } else { Err(not_as_written("another text")) }
        })
    }

    /// Writes everything to the disk, lets `check` read it back, and gives the file its name. What is no regular file is
    /// not read back.
    ///
    /// # Errors
    /// What writing gives, or what `check` says.
    pub(super) fn commit(mut self, check: impl FnOnce(BufReader<File>) -> io::Result<()>) -> io::Result<()> {
        self.out.flush()?;
        let Some(place) = &self.place else { return Ok(()) };
        self.out.get_ref().sync_all()?;
        check(BufReader::with_capacity(BUFFER, File::open(&place.partial)?))?;
        fs::rename(&place.partial, &place.target)?;
        sync_directory(&place.target);
        self.place = None;
        Ok(())
    }
}

impl Write for Artefact {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if let Some(place) = &mut self.place {
            place.has_content |= !bytes.is_empty();
        }
        self.out.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

impl Drop for Artefact {
    fn drop(&mut self) {
        if let Some(place) = &self.place
            && (place.leftover == Leftover::Remove || !place.has_content)
        {
            // Nothing can be told from here, and an error has been told already.
            let _ = fs::remove_file(&place.partial);
        }
    }
}

/// What a report keeps until it can be put in order: a file beside the report, `NAME.PID.spill`, which has lost its name
/// where the system allows that, so that nothing is left of it whatever happens. Beside what is no regular file it is
/// kept in memory.
#[derive(Debug)]
pub(super) struct Spill {
    store: Store,
    length: u64,
}

#[derive(Debug)]
enum Store {
    Memory(Vec<u8>),
    Disk(SpillFile),
}

/// A piece of a spill.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    start: u64,
    length: u64,
}

impl Piece {
    /// Whether nothing is in it.
    pub(super) fn is_empty(self) -> bool {
        self.length == 0
    }
}

#[derive(Debug)]
struct SpillFile {
    file: File,
    path: PathBuf,
}

impl Spill {
    /// The spill of the report at `path`.
    ///
    /// # Errors
    /// No file can be made beside it.
    pub(super) fn beside(path: &Path) -> io::Result<Self> {
        let store = match regular_target(path)? {
            None => Store::Memory(Vec::new()),
            Some(target) => {
                let mut name = OsString::from(target.file_name().unwrap_or_default());
                name.push(format!(".{}.spill", std::process::id()));
                let path = target.with_file_name(name);
                let file = create_private(&path).map_err(|error| explain_create(&target, &error))?;
                if cfg!(unix) {
                    // Where that fails, it goes when the report is done.
                    let _ = fs::remove_file(&path);
                }
                Store::Disk(SpillFile { file, path })
            }
        };
        Ok(Self { store, length: 0 })
    }

    /// One that is kept in memory.
    pub(super) fn memory() -> Self {
        Self { store: Store::Memory(Vec::new()), length: 0 }
    }

    /// Keeps `bytes`.
    ///
    /// # Errors
    /// What writing gives.
    pub(super) fn push(&mut self, bytes: &[u8]) -> io::Result<Piece> {
        match &mut self.store {
            Store::Memory(kept) => kept.extend_from_slice(bytes),
            Store::Disk(SpillFile { file, .. }) => file.write_all(bytes)?,
        }
        let piece = Piece { start: self.length, length: bytes.len() as u64 };
        self.length += piece.length;
        Ok(piece)
    }

    /// Copies a piece to `out`.
    ///
    /// # Errors
    /// What reading or writing gives.
    pub(super) fn copy(&mut self, piece: Piece, out: &mut impl Write) -> io::Result<()> {
        match &mut self.store {
            Store::Memory(kept) => {
                let range = usize::try_from(piece.start).ok().zip(usize::try_from(piece.start + piece.length).ok());
                let bytes = range.and_then(|(start, end)| kept.get(start..end));
                out.write_all(bytes.ok_or(ErrorKind::UnexpectedEof)?)
            }
            Store::Disk(SpillFile { file, .. }) => {
                file.seek(SeekFrom::Start(piece.start))?;
                let copied = io::copy(&mut (&*file).take(piece.length), out)?;
                if copied == piece.length { Ok(()) } else { Err(ErrorKind::UnexpectedEof.into()) }
            }
        }
    }
}

impl Drop for SpillFile {
    fn drop(&mut self) {
        if cfg!(not(unix)) {
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// The regular file that `path` means, or will be; `None` for what is to be written to directly.
fn regular_target(path: &Path) -> io::Result<Option<PathBuf>> {
    match fs::metadata(path) {
        Ok(found) if found.is_dir() => Err(io::Error::new(ErrorKind::IsADirectory, "it is a directory")),
        Ok(found) if !found.is_file() || is_of_the_system(path) => Ok(None),
        Ok(found) if found.permissions().readonly() => {
            Err(io::Error::new(ErrorKind::PermissionDenied, "a file of that name is there and is read-only"))
        }
        Ok(_) => path.canonicalize().map(Some),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            if fs::symlink_metadata(path).is_ok() {
                return Err(io::Error::new(ErrorKind::NotFound, "it is a link to a file that does not exist"));
            }
            let parent = parent(path);
            if parent.is_dir() {
                return Ok(Some(path.to_owned()));
            }
            let shown = parent.to_string_lossy();
            let text = format!("the directory `{}` does not exist", one_line(&shown));
            Err(io::Error::new(ErrorKind::NotFound, text))
        }
        Err(error) => Err(error),
    }
}

#[cfg(unix)]
fn stdout_file() -> io::Result<File> {
    use std::os::fd::AsFd as _;
    Ok(File::from(io::stdout().as_fd().try_clone_to_owned()?))
}

#[cfg(windows)]
fn stdout_file() -> io::Result<File> {
    use std::os::windows::io::AsHandle as _;
    Ok(File::from(io::stdout().as_handle().try_clone_to_owned()?))
}

fn is_of_the_system(path: &Path) -> bool {
    path.starts_with("/dev") || path.starts_with("/proc")
}

fn parent(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn partial_name(target: &Path) -> io::Result<PathBuf> {
    let name = target.file_name().ok_or_else(|| io::Error::new(ErrorKind::InvalidInput, "it names no file"))?;
    let mut partial = OsString::from(name);
    partial.push(format!(".{}.partial", std::process::id()));
    Ok(target.with_file_name(partial))
}

fn create_private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        // A process that had this number was killed; what it began is nobody's any more.
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            fs::remove_file(path)?;
            options.open(path)
        }
        other => other,
    }
}

fn explain_create(target: &Path, error: &io::Error) -> io::Error {
    let directory = parent(target).to_string_lossy();
    io::Error::new(error.kind(), format!("no file can be made in `{}`: {error}", one_line(&directory)))
}

fn remove_stale(target: &Path) -> io::Result<()> {
    match fs::remove_file(target) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(io::Error::new(error.kind(), format!("the older file of that name cannot be removed: {error}")))
        }
        _ => Ok(()),
    }
}

/// Makes the new name last. Some file systems do not offer it, and the file itself is safe without.
fn sync_directory(target: &Path) {
    if cfg!(unix)
        && let Ok(directory) = File::open(parent(target))
    {
        let _ = directory.sync_all();
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    fn names(directory: &Path) -> Vec<String> {
        let mut names = fs::read_dir(directory)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect::<Vec<_>>();
        names.sort();
        names
    }

    fn refusal(path: &Path) -> String {
        Artefact::create(path, Leftover::Remove).expect_err("the test's path cannot be written").to_string()
    }

    #[test]
    fn a_file_has_its_name_only_when_it_is_whole_and_the_old_one_goes_first() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("out.xml");
        fs::write(&path, "old").unwrap();
        let mut artefact = Artefact::create(&path, Leftover::Remove).unwrap();
        assert_eq!(names(directory.path()), [format!("out.xml.{}.partial", std::process::id())]);
        artefact.write_all(b"new").unwrap();
        let mut seen = String::new();
        artefact
            .commit(|mut file| {
                assert!(!path.exists());
                file.read_to_string(&mut seen).map(drop)
            })
            .unwrap();
        assert_eq!(seen, "new");
        assert_eq!(names(directory.path()), ["out.xml"]);
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
    }

    #[test]
    fn what_does_not_read_back_never_gets_its_name() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("out.xml");
        let artefact = Artefact::create(&path, Leftover::Remove).unwrap();
        assert!(artefact.commit(|_| Err(io::Error::other("no"))).is_err());
        assert_eq!(names(directory.path()), Vec::<String>::new());
    }

    #[test]
    fn only_a_leftover_with_something_in_it_is_kept() {
        let directory = tempfile::tempdir().unwrap();
        for (content, leftover, stays) in
            [("", Leftover::Keep, false), ("a", Leftover::Remove, false), ("a", Leftover::Keep, true)]
        {
            let mut artefact = Artefact::create(&directory.path().join("log"), leftover).unwrap();
            artefact.write_all(content.as_bytes()).unwrap();
            drop(artefact);
            assert_eq!(names(directory.path()).len(), usize::from(stays), "{content:?} {leftover:?}");
        }
        // The same process may begin it anew.
        assert!(Artefact::create(&directory.path().join("log"), Leftover::Remove).is_ok());
    }

    #[test]
    fn a_path_that_cannot_be_written_is_refused_at_once_and_says_why() {
        let directory = tempfile::tempdir().unwrap();
        assert_eq!(refusal(directory.path()), "it is a directory");
        let missing = directory.path().join("no");
        assert_eq!(refusal(&missing.join("out")), format!("the directory `{}` does not exist", missing.display()));
        let read_only = directory.path().join("read-only");
        fs::write(&read_only, "old").unwrap();
        let mut permissions = fs::metadata(&read_only).unwrap().permissions();
        permissions.set_readonly(true);
        fs::set_permissions(&read_only, permissions).unwrap();
        assert_eq!(refusal(&read_only), "a file of that name is there and is read-only");
        assert_eq!(fs::read_to_string(&read_only).unwrap(), "old");
    }

    #[cfg(unix)]
    #[test]
    fn files_are_private_and_links_are_followed() {
        use std::os::unix::fs::{PermissionsExt as _, symlink};
        let directory = tempfile::tempdir().unwrap();
        let (file, link, dangling) =
            (directory.path().join("f"), directory.path().join("l"), directory.path().join("d"));
        fs::write(&file, "old").unwrap();
        symlink(&file, &link).unwrap();
        symlink(directory.path().join("no"), &dangling).unwrap();
        Artefact::create(&link, Leftover::Remove).unwrap().commit(|_| Ok(())).unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "");
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(refusal(&dangling), "it is a link to a file that does not exist");
    }

    #[test]
    fn what_is_added_stands_after_what_was_there_and_only_at_the_end() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("summary.md");
        for (expected, size) in [("one", 0), ("oneone", 3)] {
            let (artefact, found) = Artefact::extend(&path).unwrap();
            assert_eq!(found, size);
            assert_eq!(path.exists(), size > 0);
            artefact.write_whole("one").unwrap();
            assert_eq!(fs::read_to_string(&path).unwrap(), expected);
            #[cfg(unix)]
            {
                use std::os::unix::fs::PermissionsExt as _;
                let mode = fs::metadata(&path).unwrap().permissions().mode() & 0o777;
                assert_eq!(mode, if size == 0 { 0o600 } else { 0o644 });
                fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
            }
        }
        drop(Artefact::extend(&path).unwrap());
        assert_eq!(names(directory.path()), ["summary.md"]);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_full_device_is_written_to_directly_and_says_so_at_the_end() {
        let mut artefact = Artefact::create(Path::new("/dev/full"), Leftover::Remove).unwrap();
        artefact.write_all(b"x").unwrap();
        let error = artefact.commit(|_| Ok(())).expect_err("the device is full");
        assert_eq!(error.kind(), ErrorKind::StorageFull);
    }
}
