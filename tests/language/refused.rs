//! Cases that are refused, or warned of, when they are loaded, each with files of its own.
//!
//! A file holds cases between lines of `---`. The first comment names the case; what follows is its scenario, until a
//! line `#: PATH` begins another file of the same suite. Every case has the same `suite.yaml` unless it brings its own.

use std::collections::BTreeSet;

use assize::clock::Day;
use assize::diag::{Colour, Sources, render};
use assize::suite::yaml::{Limits, read};
use assize::suite::{LoadOptions, WaiverFile, load, load_waivers};

use crate::corpus::{Case, Fate, folder, keys};
use crate::tree::Tree;

const SUITE: &str = "\
suite: refused
provides:
  identities: { person: people }
  variables: { station: a phone number }
  features: { here: it has it }
";

/// The day as of which waivers are read.
const TODAY: &str = "2026-11-22";

/// A case, and what is said of it.
pub(crate) struct Refused {
    pub(crate) case: Case,
    pub(crate) told: String,
    /// Whether it can be run.
    pub(crate) loads: bool,
}

/// All cases of a file.
pub(crate) fn refused(topic: &str) -> Vec<Refused> {
    let text = std::fs::read_to_string(folder("refused").join(format!("{topic}.yaml"))).unwrap();
    text.split("\n---\n").map(one).collect()
}

/// The topics.
pub(crate) const TOPICS: [&str; 7] = ["checks", "keys", "lint", "names", "sources", "targets", "waivers"];

fn one(text: &str) -> Refused {
    let (head, text) = text.trim_start().split_once('\n').unwrap();
    let id = head.trim_start_matches("# ");
    let mut tree = Tree::default().with("suite.yaml", SUITE);
    let mut path = "scenarios/case.yaml".to_owned();
    let mut lines = String::new();
    let mut found = BTreeSet::new();
    let mut waivers = None;
    for line in text.lines().chain(["#: "]) {
        let Some(next) = line.strip_prefix("#: ") else {
            lines.extend([line, "\n"]);
            continue;
        };
        let mut sources = Sources::default();
        let source = sources.add("case", lines.as_str());
        let mut problems = assize::diag::Diagnostics::new();
        found.extend(read(source, &lines, &Limits::default(), &mut problems).iter().flat_map(keys));
        // A case without a scenario is one of other files.
        if path == "waivers.yaml" {
            waivers = Some(WaiverFile { shown: path.clone(), bytes: lines.clone().into_bytes() });
        } else if !lines.trim().is_empty() {
            tree = tree.with(&path, &lines);
        }
        next.clone_into(&mut path);
        lines.clear();
    }
    let (told, loads) = match load(&tree, &LoadOptions::default()) {
        Ok(loaded) => match load_waivers(waivers.as_slice(), &loaded.suite, Day::parse(TODAY).unwrap()) {
            Ok(_) => (render(&loaded.warnings, &loaded.suite.sources, Colour::Never), true),
            Err(error) => (render(&error.problems, &error.sources, Colour::Never), false),
        },
        Err(error) => (render(&error.problems, &error.sources, Colour::Never), false),
    };
    Refused { case: Case::new(id, None, found), told, loads }
}

#[test]
fn what_is_refused_is_refused_with_its_place_and_what_is_sound_is_not() {
    let mut wrong = Vec::new();
    for topic in TOPICS {
        let mut text = String::new();
        for Refused { case, told, loads } in refused(topic) {
            // What loads is sound, and nothing is said of it.
            let as_it_should = if case.fate == Fate::Refused {
                !loads
            } else {
                loads && (case.fate == Fate::Warns) != told.is_empty()
            };
            if !as_it_should {
                wrong.push(format!("{}\n{told}", case.id));
            }
            text.extend(["── ", &case.id, "\n", told.trim_end(), "\n\n"]);
        }
        insta::assert_snapshot!(format!("refused_{topic}"), text);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
