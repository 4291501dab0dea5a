use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::cli::failure::Failure;
use crate::cli::suites::SuitePlace;
use crate::cli::terminal::Terminal;
use crate::diag::nearest;
use crate::snapshot::{Metadata, Name, Store, StoreError};
use crate::suite::{Folder, LoadOptions};

/// The snapshots of a suite on disk.
pub(super) struct Shelf {
    /// The suite, as it is shown.
    pub(super) suite: String,
    pub(super) store: Store,
    place: SuitePlace,
}

/// Where the snapshots of a suite are kept; nowhere, where the suite is part of the program.
pub(in crate::cli) fn store_of(place: &SuitePlace) -> Result<Option<Store>, Failure> {
    let SuitePlace::Disk(path) = place else { return Ok(None) };
    let folder = Folder::open(path)
        .map_err(|error| Failure::usage(format!("`{}` cannot be opened: {error}", path.display())))?;
    Ok(Some(Store::new(folder.snapshots().to_owned())))
}

impl Shelf {
    /// That of the suite that is named, or those of all that are here.
    pub(super) fn find(suite: Option<&str>) -> Result<Vec<Self>, Failure> {
        let places = match suite {
            Some(named) => vec![SuitePlace::named(named)?],
            None => places_here(),
        };
        let mut shelves = Vec::new();
        for place in places {
            let shown = match &place {
                SuitePlace::Embedded(embedded) => embedded.origin.to_owned(),
                SuitePlace::Disk(path) => path.display().to_string(),
            };
            match store_of(&place)? {
                Some(store) => shelves.push(Self { suite: shown, store, place }),
                None if suite.is_some() => {
                    return Err(Failure::usage(format!(
                        "`{shown}` is part of the program: its snapshots cannot be changed; run a copy of its folder"
                    )));
                }
                None => {}
            }
        }
        if shelves.is_empty() {
            return Err(Failure::usage(
                "there is no suite here whose snapshots could be looked at; `--suite` names one",
            ));
        }
        Ok(shelves)
    }

    /// The names that its steps compare with.
    pub(super) fn known(&self, terminal: &mut Terminal) -> Result<BTreeSet<Name>, Failure> {
        Ok(self.place.load(&LoadOptions::default(), terminal)?.suite.snapshot_names)
    }

    /// What waits here.
    pub(super) fn pending(&self) -> Result<Vec<Name>, Failure> {
        self.store.pending().map_err(|error| failed(&error))
    }

    /// The path of a file here, as it is shown: from the folder that the program runs in, where it lies below.
    pub(super) fn path(&self, file: &str) -> String {
        let whole = self.store.folder().join(file);
        let here = std::env::current_dir().and_then(|here| here.canonicalize());
        let below = here.ok().and_then(|here| whole.strip_prefix(here).ok().map(Path::to_owned));
        below.unwrap_or(whole).display().to_string()
    }

    /// Where the step of a snapshot stands, as it is shown.
    pub(super) fn place_of(&self, metadata: &Metadata) -> String {
        let Some(source) = &metadata.source else { return String::new() };
        let line = metadata.line.map_or_else(String::new, |line| format!(":{line}"));
        let folder = match &self.place {
            SuitePlace::Disk(path) if path.is_dir() => path.clone(),
            SuitePlace::Disk(path) => path.parent().map(Path::to_owned).unwrap_or_default(),
            SuitePlace::Embedded(_) => PathBuf::new(),
        };
        let whole = folder.join(source).display().to_string();
        format!("{}{line}", whole.strip_prefix("./").unwrap_or(&whole))
    }
}

/// The suites of `specs`, or that of this folder.
fn places_here() -> Vec<SuitePlace> {
    let of_specs: Vec<SuitePlace> =
        SuitePlace::all().into_iter().filter(|place| matches!(place, SuitePlace::Disk(_))).collect();
    let here = Path::new(".");
    let is_suite = here.join("suite.yaml").is_file() || here.join("snapshots").is_dir() && of_specs.is_empty();
    if is_suite { vec![SuitePlace::Disk(here.to_owned())] } else { of_specs }
}

/// The snapshots that wait under these names, in all of these suites.
pub(super) fn chosen<'s>(shelves: &'s [Shelf], names: &[String]) -> Result<Vec<(&'s Shelf, Name)>, Failure> {
    let mut waiting = Vec::new();
    for shelf in shelves {
        waiting.extend(shelf.pending()?.into_iter().map(|name| (shelf, name)));
    }
    for wanted in names {
        if waiting.iter().any(|(_, name)| crate::plan::glob(wanted, name.as_str())) {
            continue;
        }
        let near = nearest(wanted, waiting.iter().map(|(_, name)| name.as_str()));
        let hint = match near {
            Some(near) => format!("; did you mean `{near}`?"),
            None if waiting.is_empty() => "; nothing waits at all".to_owned(),
            None => "; `assize snapshots list` shows what waits".to_owned(),
        };
        return Err(Failure::usage(format!("nothing waits under the name `{wanted}`{hint}")));
    }
    if !names.is_empty() {
        waiting.retain(|(_, name)| names.iter().any(|wanted| crate::plan::glob(wanted, name.as_str())));
    }
    Ok(waiting)
}

/// Says why the folder could not do it.
pub(super) fn failed(error: &StoreError) -> Failure {
    match error {
        StoreError::Io { .. } | StoreError::ReadBack { .. } => Failure::io(error),
        StoreError::NotAFile { .. }
        | StoreError::Bad { .. }
        | StoreError::NothingWaits(_)
        | StoreError::Suspicious { .. } => Failure::usage(error),
    }
}
