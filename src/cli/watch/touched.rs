use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::suite::{Step, StepKind, Suite};
use crate::value::{Node, NodeKind};

/// Which scenarios a run is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::cli) enum Touched {
    /// All that are selected.
    All,
    /// Of these, those that are selected; by id.
    Only(BTreeSet<String>),
}

impl Touched {
    /// Whether this scenario is among them.
    pub(in crate::cli) fn holds(&self, scenario: &str) -> bool {
        match self {
            Self::All => true,
            Self::Only(ids) => ids.contains(scenario),
        }
    }

    /// The scenarios that these files, relative to the suite, are a part of: their own; those that use a flow, a schema, a
    /// body; those that compare with a snapshot. Of what concerns the whole suite, all.
    pub(super) fn by(suite: &Suite, changed: &BTreeSet<PathBuf>) -> Self {
        let mut touched = BTreeSet::new();
        for path in changed {
            match Self::by_file(suite, path) {
                Self::All => return Self::All,
                Self::Only(ids) => touched.extend(ids),
            }
        }
        Self::Only(touched)
    }

    fn by_file(suite: &Suite, path: &Path) -> Self {
        let stands_there = |shown: &str| Path::new(shown).ends_with(path);
        let own: BTreeSet<String> = suite
            .scenarios
            .iter()
            .filter(|scenario| stands_there(&suite.sources.place(scenario.span).file))
            .map(|scenario| scenario.id.clone())
            .collect();
        if !own.is_empty() {
            return Self::Only(own);
        }
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if path.extension().is_some_and(|ending| ending == "snap") {
            return by_snapshot(suite, name);
        }
        let flows: BTreeSet<&str> = suite
            .flows
            .values()
            .filter(|flow| stands_there(&suite.sources.place(flow.span).file))
            .map(|flow| flow.name.as_str())
            .collect();
        if !flows.is_empty() {
            return by_flows(suite, flows);
        }
        let is_part = path.components().count() > 1 && !path.starts_with("scenarios") && !path.starts_with("flows");
        if is_part { by_mention(suite, path) } else { of_a_file_that_is_gone(path) }
    }
}

/// A file of scenarios that is no longer there has none; anything else concerns the whole suite.
fn of_a_file_that_is_gone(path: &Path) -> Touched {
    if path.starts_with("scenarios") { Touched::Only(BTreeSet::new()) } else { Touched::All }
}

/// The scenarios that use these flows, by themselves or by others. What no scenario uses, a target may.
fn by_flows<'s>(suite: &'s Suite, mut flows: BTreeSet<&'s str>) -> Touched {
    loop {
        let users = suite.flows.values().filter(|flow| flow.uses.iter().any(|used| flows.contains(used.as_str())));
        let more: Vec<&str> = users.map(|flow| flow.name.as_str()).filter(|name| !flows.contains(name)).collect();
        if more.is_empty() {
            break;
        }
        flows.extend(more);
    }
    let is_use = |step: &Step| matches!(&step.kind, StepKind::Use { flow, .. } if flows.contains(flow.as_str()));
    let users =
        suite.scenarios.iter().filter(|scenario| scenario.steps.iter().flat_map(Step::with_members).any(is_use));
    let users: BTreeSet<String> = users.map(|scenario| scenario.id.clone()).collect();
    if users.is_empty() { Touched::All } else { Touched::Only(users) }
}

/// The scenarios that speak of this schema or body: by its name, or by that of a schema that refers to it.
fn by_mention(suite: &Suite, path: &Path) -> Touched {
    let mut names = BTreeSet::new();
    let mut found: BTreeSet<PathBuf> = BTreeSet::from([path.to_owned()]);
    while let Some(path) = found.pop_first() {
        let of = |part: Option<&std::ffi::OsStr>| part.and_then(|part| part.to_str()).map(str::to_owned);
        let (Some(stem), Some(name)) = (of(path.file_stem()), of(path.file_name())) else { continue };
        for (_, source) in suite.sources.iter() {
            let other = Path::new(source.path());
            if other.extension().is_none_or(|ending| ending != "json") {
                continue;
            }
            let is_known = other.file_name().and_then(|name| name.to_str()).is_none_or(|name| names.contains(name));
            if !is_known && !other.ends_with(&path) && source.text().contains(&name) {
                found.insert(other.to_owned());
            }
        }
        names.extend([stem, name]);
    }
    let speaks = |node: &Node| mentions(node, &names);
    // A set of checks of the suite, or what its documents say, may stand in any step.
    if suite.sets.values().any(speaks) || path.starts_with("openapi") {
        return Touched::All;
    }
    let flows: BTreeSet<&str> =
        suite.flows.values().filter(|flow| speaks(&flow.node)).map(|flow| flow.name.as_str()).collect();
    let own = suite.scenarios.iter().filter(|scenario| speaks(&scenario.node)).map(|scenario| scenario.id.clone());
    let mut touched: BTreeSet<String> = own.collect();
    if !flows.is_empty() {
        match by_flows(suite, flows) {
            Touched::All => return Touched::All,
            Touched::Only(users) => touched.extend(users),
        }
    }
    Touched::Only(touched)
}

fn mentions(node: &Node, names: &BTreeSet<String>) -> bool {
    match &node.kind {
        NodeKind::Text(text) => {
            let last = text.value.rsplit('/').next().unwrap_or_default();
            names.contains(last) || names.contains(&*text.value)
        }
        NodeKind::List(items) => items.iter().any(|item| mentions(item, names)),
        NodeKind::Map(entries) => entries.iter().any(|entry| mentions(&entry.value, names)),
        NodeKind::Null | NodeKind::Bool(_) | NodeKind::Number(_) => false,
    }
}

/// Names of snapshots begin with that of their scenario, or with `flow.` and that of their flow.
fn by_snapshot(suite: &Suite, name: &str) -> Touched {
    if let Some(rest) = name.strip_prefix("flow.") {
        let flow = suite.flows.values().find(|flow| rest.starts_with(&format!("{}.", flow.name)));
        return flow.map_or(Touched::All, |flow| by_flows(suite, BTreeSet::from([flow.name.as_str()])));
    }
    let ids = suite.scenarios.iter().map(|scenario| &scenario.id);
    Touched::Only(ids.filter(|id| name.starts_with(&format!("{id}."))).cloned().collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::suite::{Embedded, LoadOptions, load};

    const ROOMS: Embedded = Embedded {
        origin: "specs/rooms",
        files: &[
            ("flows/book.yaml", b"flow: book\nsteps:\n  - { request: POST /bookings, given: 201 }\n"),
            ("flows/stay.yaml", b"flow: stay\nsteps:\n  - use: book\n"),
            ("scenarios/a.yaml", b"scenario: A\nid: a\nsteps:\n  - use: stay\n  - { request: GET /a, expect: 200 }\n"),
            (
                "scenarios/b.yaml",
                b"scenario: B\nid: b\nsteps:\n  - { request: GET /b, expect: { status: 200, schema: booking } }\n",
            ),
            ("scenarios/c.yaml", b"scenario: C\nid: c\nsteps:\n  - { request: GET /c, expect: 200 }\n"),
            ("schemas/booking.json", b"{ \"type\": \"object\", \"properties\": { \"room\": { \"$ref\": \"room.json\" } }, \"required\": [\"room\"] }"),
            ("schemas/room.json", b"{ \"type\": \"object\", \"required\": [\"no\"] }"),
            ("suite.yaml", b"suite: rooms\n"),
        ],
    };

    fn touched(path: &str) -> Touched {
        let loaded = load(&ROOMS, &LoadOptions::default()).unwrap_or_else(|error| panic!("{:?}", error.problems));
        Touched::by(&loaded.suite, &BTreeSet::from([PathBuf::from(path)]))
    }

    fn only<const N: usize>(ids: [&str; N]) -> Touched {
        Touched::Only(ids.into_iter().map(str::to_owned).collect())
    }

    #[test]
    fn a_file_touches_the_scenarios_that_it_is_a_part_of() {
        assert_eq!(touched("scenarios/c.yaml"), only(["c"]));
        assert_eq!(touched("flows/stay.yaml"), only(["a"]));
        assert_eq!(touched("flows/book.yaml"), only(["a"]));
        assert_eq!(touched("schemas/booking.json"), only(["b"]));
        assert_eq!(touched("schemas/room.json"), only(["b"]));
        assert_eq!(touched("snapshots/c.1.snap"), only(["c"]));
        assert_eq!(touched("suite.yaml"), Touched::All);
        assert_eq!(touched("scenarios/gone.yaml"), only([]));
    }
}
