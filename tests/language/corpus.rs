//! The cases: what each is about, and what is to become of it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use assize::suite::{Folder, LoadOptions, Suite, load};
use assize::value::Node;

/// A folder of this test.
pub(crate) fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/language").join(name)
}

/// What becomes of a case, by the first word of its label.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Fate {
    Passes,
    Fails,
    Warns,
    Notes,
    Blocks,
    Breaks,
    Skips,
    Flakes,
    Inconclusive,
    Refused,
    Loads,
}

impl Fate {
    /// The fate that a label begins with.
    pub(crate) fn of(label: &str) -> Option<Self> {
        Some(match label.split('-').next()? {
            "passes" => Self::Passes,
            "fails" => Self::Fails,
            "warns" => Self::Warns,
            "notes" => Self::Notes,
            "blocks" => Self::Blocks,
            "breaks" => Self::Breaks,
            "skips" => Self::Skips,
            "flakes" => Self::Flakes,
            "inconclusive" => Self::Inconclusive,
            "refused" => Self::Refused,
            "loads" => Self::Loads,
            _ => return None,
        })
    }

    /// The outcome of such a case, as reports call it.
    pub(crate) fn outcome(self) -> &'static str {
        match self {
            Self::Passes | Self::Notes | Self::Loads => "passed",
            Self::Fails => "failed",
            Self::Warns => "warned",
            Self::Blocks => "blocked",
            Self::Breaks => "broken",
            Self::Skips => "skipped",
            Self::Flakes => "flaky",
            Self::Inconclusive => "inconclusive",
            Self::Refused => "refused",
        }
    }

    /// Whether the promise of the case is kept.
    pub(crate) fn is_good(self) -> bool {
        matches!(self, Self::Passes | Self::Notes | Self::Loads | Self::Flakes)
    }
}

/// A case.
#[derive(Debug)]
pub(crate) struct Case {
    /// Its id, with row and variant.
    pub(crate) id: String,
    /// What it is about: `check.status`.
    pub(crate) about: String,
    pub(crate) fate: Fate,
    /// All keys that stand in it.
    pub(crate) keys: BTreeSet<String>,
}

impl Case {
    /// A case of this scenario's id and row.
    pub(crate) fn new(id: &str, row: Option<&str>, keys: BTreeSet<String>) -> Self {
        let parts: Vec<&str> = id.split('.').collect();
        // What has a `-` in it, or is a fate, is no name of the language.
        let is_label = |part: &&str| part.contains('-') || Fate::of(part).is_some();
        let at = parts.iter().position(is_label).unwrap_or(parts.len());
        let of_id = parts.iter().copied().find(|part| Fate::of(part).is_some());
        let label = row.or(of_id).unwrap_or_default();
        let fate = Fate::of(label).unwrap_or_else(|| panic!("{id} {row:?}: what becomes of it?"));
        let whole = row.map_or_else(|| id.to_owned(), |row| format!("{id}/{row}"));
        Self { id: whole, about: parts[..at].join("."), fate, keys }
    }
}

/// A suite of cases that run.
pub(crate) fn suite(name: &str) -> Suite {
    let folder = Folder::open(&folder(name)).unwrap();
    let loaded = load(&folder, &LoadOptions::default());
    let loaded = loaded.unwrap_or_else(|error| {
        panic!("{}", assize::diag::render(&error.problems, &error.sources, assize::diag::Colour::Never))
    });
    loaded.suite
}

/// The cases of a suite.
pub(crate) fn cases(suite: &Suite) -> Vec<Case> {
    suite
        .scenarios
        .iter()
        .map(|scenario| {
            let id = scenario.id.split('/').next().unwrap_or_default();
            Case::new(id, scenario.row.as_deref(), keys(&scenario.node))
        })
        .collect()
}

/// All keys in a tree; what stands before a dot or a bracket of a path is none.
pub(crate) fn keys(node: &Node) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut open = vec![node];
    while let Some(node) = open.pop() {
        for entry in node.as_map().unwrap_or_default() {
            found.insert(entry.key.text.to_string());
            open.push(&entry.value);
        }
        open.extend(node.as_list().unwrap_or_default());
    }
    found
}
