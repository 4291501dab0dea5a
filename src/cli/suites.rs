use std::path::{Path, PathBuf};

use crate::diag::nearest;
use crate::suite::{Embedded, Files, Folder, LoadOptions, Loaded, load};

use super::embedded::EMBEDDED_SUITES;
use super::failure::Failure;
use super::terminal::Terminal;

/// Where a suite is.
#[derive(Clone, Debug)]
pub(super) enum SuitePlace {
    /// A folder, or a file of scenarios.
    Disk(PathBuf),
    /// One that is part of the program.
    Embedded(&'static Embedded),
}

/// The folder that suites are looked for in.
const SPECS: &str = "specs";
/// The suite that is meant where there are several and none is named.
const FLAGSHIP: &str = "cxone";

impl SuitePlace {
    /// The suite of this path or name.
    pub(super) fn named(text: &str) -> Result<Self, Failure> {
        let path = Path::new(text);
        if path.exists() {
            refuse_shelf(path)?;
            return Ok(Self::Disk(path.to_owned()));
        }
        let below = Path::new(SPECS).join(text);
        if below.join("suite.yaml").is_file() {
            return Ok(Self::Disk(below));
        }
        let name = text.strip_prefix("embedded:").unwrap_or(text);
        if let Some(embedded) = embedded(name) {
            return Ok(Self::Embedded(embedded));
        }
        let names: Vec<&str> = EMBEDDED_SUITES.iter().map(|(name, _)| *name).collect();
        let hint = nearest(text, &names).map_or_else(
            || format!("; the suites that come along are {}", names.join(", ")),
            |near| format!("; there is `{near}`"),
        );
        Err(Failure::usage(format!("there is no suite at `{text}`{hint}")))
    }

    /// The suite that is meant by these selectors; those that stay, and those that named the suite itself.
    pub(super) fn of_selectors(selectors: &[String]) -> Result<(Self, Vec<String>), Failure> {
        let path_of = |selector: &String| -> Option<PathBuf> {
            let whole = Path::new(selector);
            let path = match selector.rsplit_once(':') {
                Some((path, line)) if !whole.exists() && line.bytes().all(|byte| byte.is_ascii_digit()) => {
                    Path::new(path)
                }
                _ => whole,
            };
            (path.exists() && (selector.contains('/') || path.extension().is_some())).then(|| path.to_owned())
        };
        let Some(path) = selectors.iter().find_map(path_of) else {
            return Ok((Self::found()?, selectors.to_vec()));
        };
        let mut folder = if path.is_dir() { Some(path.as_path()) } else { path.parent() };
        while let Some(here) = folder {
            if here.join("suite.yaml").is_file() || (here.as_os_str().is_empty() && Path::new("suite.yaml").is_file()) {
                let root = if here.as_os_str().is_empty() { Path::new(".") } else { here };
                let rest = selectors.iter().filter(|selector| Path::new(selector) != root).cloned().collect();
                return Ok((Self::Disk(root.to_owned()), rest));
            }
            folder = here.parent();
        }
        // One with a line chooses among the scenarios of the file.
        let rest = selectors.iter().filter(|selector| Path::new(selector) != path).cloned().collect();
        refuse_shelf(&path)?;
        Ok((Self::Disk(path), rest))
    }

    /// The suite that is meant where nobody says: one of `specs`, else the flagship that comes along.
    pub(super) fn found() -> Result<Self, Failure> {
        let mut here = Self::all_here();
        let flagship = here.iter().position(|path| path.ends_with(FLAGSHIP));
        match (here.len(), flagship) {
            (0, _) => embedded(FLAGSHIP).map(Self::Embedded).ok_or_else(|| Failure::internal("no suite comes along")),
            (_, Some(at)) => Ok(Self::Disk(here.swap_remove(at))),
            (1, None) => Ok(Self::Disk(here.swap_remove(0))),
            (_, None) => {
                let names: Vec<String> = here.iter().map(|path| path.display().to_string()).collect();
                Err(Failure::usage(format!("there are several suites: name one by `--suite`: {}", names.join(", "))))
            }
        }
    }

    /// All suites of `specs`, or all that come along.
    pub(super) fn all() -> Vec<Self> {
        let here = Self::all_here();
        if here.is_empty() {
            return EMBEDDED_SUITES.iter().map(|(_, suite)| Self::Embedded(suite)).collect();
        }
        here.into_iter().map(Self::Disk).collect()
    }

    fn all_here() -> Vec<PathBuf> {
        let specs = Path::new(SPECS);
        if specs.join("suite.yaml").is_file() {
            return vec![specs.to_owned()];
        }
        suites_in(specs)
    }

    /// Loads it.
    pub(super) fn load(&self, options: &LoadOptions, terminal: &mut Terminal) -> Result<Loaded, Failure> {
        let loaded = match self {
            Self::Embedded(embedded) => load(*embedded as &dyn Files, options),
            Self::Disk(path) => {
                let folder = Folder::open(path)
                    .map_err(|error| Failure::usage(format!("`{}` cannot be opened: {error}", path.display())))?;
                load(&folder, options)
            }
        };
        let loaded = loaded.map_err(|error| Failure::problems(&error.problems, &error.sources, terminal.colour()))?;
        if !loaded.warnings.is_empty() {
            let text = crate::diag::render(&loaded.warnings, &loaded.suite.sources, terminal.colour());
            terminal.complain(&text);
        }
        Ok(loaded)
    }
}

/// The suites in a folder, each a folder of its own.
fn suites_in(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut suites: Vec<PathBuf> = entries
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .filter(|path| path.join("suite.yaml").is_file())
        .collect();
    suites.sort();
    suites
}

/// A folder that holds suites is none: its files would be taken for scenarios.
fn refuse_shelf(path: &Path) -> Result<(), Failure> {
    let suites = suites_in(path);
    if suites.is_empty() || path.join("suite.yaml").is_file() {
        return Ok(());
    }
    let names: Vec<String> = suites.iter().map(|path| path.display().to_string()).collect();
    Err(Failure::usage(format!("`{}` is no suite, but holds some: name {}", path.display(), names.join(" or "))))
}

fn embedded(name: &str) -> Option<&'static Embedded> {
    EMBEDDED_SUITES.iter().find(|(known, _)| *known == name).map(|(_, suite)| suite)
}
