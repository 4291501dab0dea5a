use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use notify::RecursiveMode;

use crate::cli::args::{Format, RunArgs};
use crate::cli::failure::Failure;
use crate::cli::suites::SuitePlace;
use crate::cli::terminal::Terminal;
use crate::cli::words::counted;
use crate::cli::{Exit, run, snapshots, targets};
use crate::suite::{Folder, LoadOptions, load};

use super::files::{Files, Roots};
use super::touched::Touched;
use super::woken::{Bell, Woken};

/// `assize run --watch`: runs what is selected, then, whenever a file of it changes, what that file touches. A signal during
/// a run stops it like any run; one between two runs ends the program as the last run ended.
pub(in crate::cli) fn execute(args: &RunArgs, terminal: &mut Terminal) -> Result<Exit, Failure> {
    if args.format == Format::Json {
        return Err(Failure::usage("`--watch` is for people: it does not go with `--format json`"));
    }
    let (place, _) = run::suite_place(&args.plan)?;
    let SuitePlace::Disk(suite) = &place else {
        return Err(Failure::usage(
            "the suite is part of the program, and does not change: `assize init --suite NAME DIR` makes a copy that can \
             be watched",
        ));
    };
    let roots = roots(args, &place, suite)?;
    let mut bell = Bell::new()?;
    listen(&mut bell, &roots)?;
    let mut files = Files::look(&roots);
    let mut pending = BTreeSet::new();
    let mut touched = Touched::All;
    let mut has_run = false;
    loop {
        let exit = match run::once(args, &touched, terminal) {
            Ok(Exit::Signal(number)) => return Ok(Exit::Signal(number)),
            Ok(exit) => {
                pending.clear();
                has_run = true;
                exit
            }
            Err(failure) => {
                // What has been changed while the suite was not sound is run once it is.
                terminal.complain(&failure.text);
                failure.exit
            }
        };
        terminal.complain(&format!("watching {}; Ctrl-C ends\n", counted(files.count(), "file")));
        let changed = loop {
            if bell.wait() == Woken::Signal {
                return Ok(exit);
            }
            let now = Files::look(&roots);
            let changed = now.changed_since(&files);
            files = now;
            if !changed.is_empty() {
                break changed;
            }
        };
        let names: Vec<String> = changed.iter().map(|path| path.display().to_string()).collect();
        pending.extend(changed.iter().map(|path| relative(path, &roots)));
        // Until all that is selected has run once, that is what runs.
        touched = touched_by(args, suite, &pending).filter(|_| has_run).unwrap_or(Touched::All);
        terminal.clear();
        terminal.complain(&format!("\n── changed: {}\n", names.join(", ")));
    }
}

/// The scenarios that these files touch; none where the suite is not sound, which the run will tell.
fn touched_by(args: &RunArgs, suite: &Path, pending: &BTreeSet<PathBuf>) -> Option<Touched> {
    let extra_names = targets::variables(&args.plan).ok()?.into_keys().collect();
    let folder = Folder::open(suite).ok()?;
    let loaded = load(&folder, &LoadOptions { extra_names }).ok()?;
    Some(if suite.is_file() { Touched::All } else { Touched::by(&loaded.suite, pending) })
}

fn roots(args: &RunArgs, place: &SuitePlace, suite: &Path) -> Result<Roots, Failure> {
    let snapshots = snapshots::store_of(place)?.map(|store| store.folder().to_owned());
    let target = args.plan.target_file.clone().or_else(|| targets::search("assize.yaml"));
    let waivers = args.waivers.clone().or_else(|| targets::search("waivers.yaml"));
    let others = [target, waivers, args.plan.env_file.clone()].into_iter().flatten();
    Ok(Roots { suite: suite.to_owned(), snapshots, others: others.collect() })
}

fn listen(bell: &mut Bell, roots: &Roots) -> Result<(), Failure> {
    let folder_of = |path: &Path| match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        Some(_) | None => PathBuf::from("."),
    };
    if roots.suite.is_dir() {
        bell.listen(&roots.suite, RecursiveMode::Recursive)?;
    }
    // Editors replace files: it is their folder that can be watched.
    let mut folders: BTreeSet<PathBuf> = roots.others.iter().map(|path| folder_of(path)).collect();
    if !roots.suite.is_dir() {
        folders.insert(folder_of(&roots.suite));
    }
    folders.extend(roots.snapshots.clone().filter(|folder| folder.is_dir()));
    folders.iter().try_for_each(|folder| bell.listen(folder, RecursiveMode::NonRecursive))
}

/// The path within the suite; of a snapshot, below `snapshots`; of anything else its name.
fn relative(path: &Path, roots: &Roots) -> PathBuf {
    let name = || path.file_name().map(PathBuf::from).unwrap_or_default();
    if roots.snapshots.as_ref().is_some_and(|folder| path.starts_with(folder)) {
        return Path::new("snapshots").join(name());
    }
    path.strip_prefix(&roots.suite).map_or_else(|_| name(), Path::to_owned)
}
