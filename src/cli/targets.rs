use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::diag::{Diagnostics, Span, nearest};
use crate::suite::{Connection, Pace, Suite, SuiteKind, Surface, Target, load_targets};
use crate::value::Json;

use super::args::PlanArgs;
use super::failure::Failure;
use super::sketch::sketch;
use super::terminal::Terminal;

/// The operator's file.
const FILE: &str = "assize.yaml";

/// What came of choosing a target.
pub(super) enum Chosen {
    /// This one.
    Target(Box<Target>),
    /// None, for nothing says which; and what whoever needs one is told.
    Nothing(Failure),
}

impl Chosen {
    fn target(target: Target) -> Self {
        Self::Target(Box::new(target))
    }

    /// The target, for whoever cannot do without.
    pub(super) fn or_refuse(self) -> Result<Target, Failure> {
        match self {
            Self::Target(target) => Ok(*target),
            Self::Nothing(failure) => Err(failure),
        }
    }
}

/// The target that is meant: the one that is named; else the default of the operator's file; else, where only a base URL
/// is given, that; else the default of the suite.
pub(super) fn choose(args: &PlanArgs, suite: &mut Suite, terminal: &mut Terminal) -> Result<Chosen, Failure> {
    let file = match &args.target_file {
        Some(path) => Some(path.clone()),
        None => search(FILE),
    };
    let own = file.as_deref().map(|path| read(path, suite, terminal)).transpose()?.unwrap_or_default();
    if let Some(name) = &args.target {
        let all = own.iter().chain(&suite.targets);
        return all.clone().find(|target| target.name == *name).cloned().map(Chosen::target).ok_or_else(|| {
            let hint = match nearest(name, all.map(|target| target.name.as_str())) {
                Some(near) => format!("; there is `{near}`"),
                None => "; `--target-file` names the file with your targets".to_owned(),
            };
            Failure::usage(format!("no target is called `{name}`{hint}"))
        });
    }
    let default = own.iter().find(|target| target.default);
    let only = match (&args.target_file, own.as_slice()) {
        (Some(_), [only]) => Some(only),
        _ => None,
    };
    if let Some(target) = default.or(only) {
        return Ok(Chosen::target(target.clone()));
    }
    if let Some(path) = &args.target_file {
        let names: Vec<&str> = own.iter().map(|target| target.name.as_str()).collect();
        let message = format!("`{}` has several targets: name one by `--target`: {}", path.display(), names.join(", "));
        return Err(Failure::usage(message));
    }
    if let Some(url) = args.base_url.clone()
        && suite.targets.is_empty()
    {
        return Ok(Chosen::target(by_url(&url, suite)));
    }
    if let Some(target) = suite.targets.iter().find(|target| target.default) {
        return Ok(Chosen::target(target.clone()));
    }
    let why = match (own.as_slice(), suite.targets.as_slice()) {
        ([only], []) | ([], [only]) => return Ok(Chosen::target(only.clone())),
        ([], []) if suite.kind == SuiteKind::Bare => {
            Failure::usage("no target: `--base-url URL` says where paths go, or write an `assize.yaml`")
        }
        ([], []) => Failure::usage(format!(
            "no target: the suite `{}` brings none. `--base-url URL` says where paths go; whoever has more to offer \
             describes it in an `assize.yaml` here or above, or in a file that `--target-file` names:\n\n{}",
            suite.name,
            sketch(suite).trim_end()
        )),
        (own, of_suite) => {
            let names: Vec<&str> = own.iter().chain(of_suite).map(|target| target.name.as_str()).collect();
            Failure::usage(format!("there are several targets: name one by `--target`: {}", names.join(", ")))
        }
    };
    Ok(Chosen::Nothing(why))
}

/// The variables that are given by hand: numbers and bools as such, everything else as text.
pub(super) fn variables(args: &PlanArgs) -> Result<BTreeMap<String, Json>, Failure> {
    args.vars
        .iter()
        .map(|given| {
            let (name, value) =
                given.split_once('=').ok_or_else(|| Failure::usage(format!("`--var {given}`: expected NAME=VALUE")))?;
            let json = match Json::parse(value.as_bytes()) {
                Ok(json @ (Json::Number(_) | Json::Bool(_))) => json,
                Ok(_) | Err(_) => Json::from(value),
            };
            Ok((name.to_owned(), json))
        })
        .collect()
}

/// A file of the operator here or above, up to the root of the repository.
pub(super) fn search(name: &str) -> Option<PathBuf> {
    let mut folder = std::env::current_dir().ok()?;
    loop {
        let file = folder.join(name);
        if file.is_file() {
            return Some(file);
        }
        if folder.join(".git").exists() || !folder.pop() {
            return None;
        }
    }
}

fn read(path: &Path, suite: &mut Suite, terminal: &Terminal) -> Result<Vec<Target>, Failure> {
    let bytes =
        std::fs::read(path).map_err(|error| Failure::usage(format!("`{}` cannot be read: {error}", path.display())))?;
    let mut out = Diagnostics::new();
    let targets = load_targets(&path.display().to_string(), &bytes, &mut suite.sources, &mut out);
    if out.has_errors() {
        return Err(Failure::problems(&out.into_sorted(), &suite.sources, terminal.colour()));
    }
    Ok(targets)
}

/// A target that is nothing but a base URL; its place is the command line.
fn by_url(url: &str, suite: &mut Suite) -> Target {
    let shown = format!("--base-url {url}");
    let length = shown.len();
    let span = Span::of(suite.sources.add("command line", shown), 0, length);
    Target {
        name: "command-line".to_owned(),
        default: true,
        embedded: false,
        clock: None,
        pace: Pace::default(),
        connection: Connection::default(),
        common: Surface { base_url: Some(url.trim_end_matches('/').to_owned()), ..Surface::default() },
        variants: BTreeMap::new(),
        setup: None,
        teardown: None,
        slots: Vec::new(),
        file: String::new(),
        span,
    }
}
