use std::path::{Path, PathBuf};

use crate::clock::{Clock as _, Day, SystemClock};
use crate::event::Waiver;
use crate::suite::{
    Files, Folder, ReadError, Suite, SurvivorWaiver, WaiverError, WaiverFile, load_survivor_waivers, load_waivers,
};

use super::failure::Failure;
use super::suites::SuitePlace;
use super::targets;
use super::terminal::Terminal;

/// The file of waivers, the operator's and the suite's.
const FILE: &str = "waivers.yaml";
/// The most bytes of one.
const MOST_BYTES: u64 = 1024 * 1024;

/// The waivers for a suite that was read from `place`: those of its folder, and those of the operator, which are in
/// `named`, else in `waivers.yaml` here or above.
pub(super) fn find(
    place: &SuitePlace,
    named: Option<&Path>,
    suite: &Suite,
    terminal: &Terminal,
) -> Result<Vec<Waiver>, Failure> {
    let files = files(place, named)?;
    load_waivers(&files, suite, today()).map_err(|error| told(&error, terminal))
}

/// The waivers of survivors, from the same files.
pub(super) fn find_survivors(
    place: &SuitePlace,
    named: Option<&Path>,
    suite: &Suite,
    terminal: &Terminal,
) -> Result<Vec<SurvivorWaiver>, Failure> {
    let files = files(place, named)?;
    load_survivor_waivers(&files, suite, today()).map_err(|error| told(&error, terminal))
}

fn told(error: &WaiverError, terminal: &Terminal) -> Failure {
    Failure::problems(&error.problems, &error.sources, terminal.colour())
}

/// Every file of waivers.
fn files(place: &SuitePlace, named: Option<&Path>) -> Result<Vec<WaiverFile>, Failure> {
    let operators = match named {
        Some(path) => Some(path.to_owned()),
        None => targets::search(FILE),
    };
    let (of_suite, path) = of_suite(place)?;
    let mut files = Vec::from_iter(of_suite);
    // Whoever runs in the suite's folder finds the same file twice.
    let is_same = |operators: &PathBuf| path.is_some() && std::fs::canonicalize(operators).ok() == path;
    if let Some(path) = operators.filter(|path| !is_same(path)) {
        let shown = path.display().to_string();
        let bytes =
            std::fs::read(&path).map_err(|error| Failure::usage(format!("`{shown}` cannot be read: {error}")))?;
        if bytes.len() as u64 > MOST_BYTES {
            return Err(Failure::usage(format!("`{shown}` has more than {MOST_BYTES} bytes")));
        }
        files.push(WaiverFile { shown, bytes });
    }
    Ok(files)
}

/// The waivers that lie in the suite's folder.
pub(super) fn of_suite_alone(
    place: &SuitePlace,
    suite: &Suite,
) -> Result<Result<Vec<Waiver>, Box<WaiverError>>, Failure> {
    let (file, _) = of_suite(place)?;
    Ok(load_waivers(&Vec::from_iter(file), suite, today()))
}

fn today() -> Day {
    Day::of(SystemClock.now())
}

/// The file of the suite's folder, with its path where it is on disk.
fn of_suite(place: &SuitePlace) -> Result<(Option<WaiverFile>, Option<PathBuf>), Failure> {
    let unreadable = |shown: &str, error: ReadError| Failure::usage(format!("`{shown}` cannot be read: {error}"));
    let read = |files: &dyn Files| match files.read(FILE, MOST_BYTES) {
        Ok(bytes) => Ok(Some(WaiverFile { shown: files.shown(FILE), bytes })),
        Err(ReadError::NotThere) => Ok(None),
        Err(error) => Err(unreadable(&files.shown(FILE), error)),
    };
    match place {
        SuitePlace::Embedded(embedded) => Ok((read(*embedded)?, None)),
        SuitePlace::Disk(path) => {
            let folder = Folder::open(path).map_err(|error| unreadable(&path.display().to_string(), error))?;
            Ok((read(&folder)?, std::fs::canonicalize(folder.root().join(FILE)).ok()))
        }
    }
}
