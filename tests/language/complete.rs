//! That nothing of the language was forgotten: every name in its tables has a case that passes and one that does not.

use std::collections::{BTreeMap, BTreeSet};

use assize::judge::{CHECKS, MATCHERS};
use assize::suite::{Kind, json_schema};
use serde_json::Value;

use crate::corpus::{Case, Fate, cases, suite};
use crate::refused::{TOPICS, refused};

/// Keys that cannot be wrong by themselves, or that another one is about.
const ELSEWHERE: [(&str, &str); 6] = [
    ("check.vacuous", "lint.vacuous"),
    ("scenario.rows", "taken out of every row before it is read"),
    ("step.undo", "its keys"),
    ("step.poll", "its keys"),
    ("step.multipart.file", "step.multipart"),
    ("step.multipart.type", "step.multipart"),
];

/// Every name that has cases: what it is about, and the key by which it stands in them.
fn names() -> Vec<(String, String)> {
    let mut names: Vec<(String, String)> = Vec::new();
    names.extend(CHECKS.iter().map(|kind| (format!("check.{}", kind.name), kind.name.to_owned())));
    names.extend(MATCHERS.iter().map(|kind| (format!("matcher.{}", kind.name), kind.name.to_owned())));
    names.push(("step.undo.entry".to_owned(), "undo".to_owned()));
    names.extend(["target.setup", "target.setup.as", "target.teardown"].map(|about| {
        let key = about.rsplit('.').next().unwrap_or(about);
        (about.to_owned(), key.to_owned())
    }));
    let schema = json_schema(Kind::Scenario);
    let mut keys = |about: &str, table: &Value| {
        for key in table["properties"].as_object().expect("a table of fields").keys() {
            names.push((format!("{about}.{key}"), key.clone()));
        }
    };
    keys("scenario", &schema);
    keys("waiver", &json_schema(Kind::Waivers)["$defs"]["waiver"]);
    keys("survivor", &json_schema(Kind::Waivers)["$defs"]["survivor"]);
    for (about, table) in [
        ("step", "step"),
        ("step", "member"),
        ("step.poll", "poll"),
        ("step.undo", "undo"),
        ("step.undo.entry", "undo-entry"),
        ("step.as", "acting"),
        ("step.capture", "capture"),
        ("check.location", "location"),
        ("check.jwt", "jwt"),
        ("check.snapshot", "snapshot"),
        ("step.multipart", "part"),
    ] {
        keys(about, &schema["$defs"][table]);
    }
    names
}

/// All cases, by what they are about.
fn corpus() -> BTreeMap<String, Vec<Case>> {
    let mut by_name: BTreeMap<String, Vec<Case>> = BTreeMap::new();
    let running = ["suite", "promises"].iter().flat_map(|name| cases(&suite(name)));
    let refused = TOPICS.iter().flat_map(|topic| refused(topic)).map(|refused| refused.case);
    for case in running.chain(refused) {
        by_name.entry(case.about.clone()).or_default().push(case);
    }
    by_name
}

/// The cases of a name: its own, and where a part of it (`step.undo.done`) has none, those in which its key stands.
fn of<'c>(about: &str, key: &str, corpus: &'c BTreeMap<String, Vec<Case>>) -> Vec<&'c Case> {
    let whole = about.rsplit_once('.').map_or("", |(whole, _)| whole);
    let is_part = whole.contains('.') || ["waiver", "survivor"].contains(&whole);
    let own = corpus.get(about).into_iter().flatten();
    let of_whole = corpus.iter().filter(|(name, _)| is_part && name.starts_with(whole)).flat_map(|(_, cases)| cases);
    own.chain(of_whole).filter(|case| case.keys.contains(key) || case.about == about).collect()
}

#[test]
fn every_name_of_the_language_has_a_case_that_passes_and_one_that_does_not() {
    let corpus = corpus();
    let excused: BTreeSet<&str> = ELSEWHERE.iter().map(|(name, _)| *name).collect();
    let mut missing = Vec::new();
    for (about, key) in names() {
        if excused.contains(about.as_str()) {
            continue;
        }
        let cases = of(&about, &key, &corpus);
        let holds_key = |case: &&&Case| case.keys.contains(&key);
        if !cases.iter().filter(holds_key).any(|case| case.fate.is_good()) {
            missing.push(format!("{about} has no case that passes with `{key}` in it"));
        }
        if !cases.iter().any(|case| !case.fate.is_good() && case.fate != Fate::Notes) {
            missing.push(format!("{about} has no case that does not pass"));
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

#[test]
fn no_case_is_about_something_that_the_language_does_not_have() {
    let known: BTreeSet<String> = names().into_iter().map(|(about, _)| about).collect();
    let of_tables = |about: &&String| {
        ["check.", "matcher.", "scenario.", "step.", "survivor.", "target.", "waiver."]
            .iter()
            .any(|it| about.starts_with(it))
    };
    let corpus = corpus();
    let strangers: Vec<&String> = corpus
        .keys()
        .filter(of_tables)
        .filter(|about| !known.contains(*about) && !about.ends_with(".unknown"))
        .collect();
    assert_eq!(strangers, Vec::<&String>::new());
}
