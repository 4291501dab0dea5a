//! Cases that run: what becomes of each, and what a person is told.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use quick_junit::Report;
use regex::Regex;

use crate::corpus::{Case, cases, folder, suite};
use crate::talker::Talker;

/// What the program said of a whole suite.
struct Ran {
    /// Case → its outcome.
    outcomes: BTreeMap<String, String>,
    /// Case → what stands about it on the console; nothing where all is well.
    told: BTreeMap<String, String>,
}

fn run(name: &str) -> Ran {
    let talker = Talker::start();
    let dir = tempfile::tempdir().unwrap();
    let targets = std::fs::read_to_string(folder(&format!("{name}.target.yaml"))).unwrap();
    std::fs::write(dir.path().join("assize.yaml"), targets.replace("http://TALKER", &talker.url())).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_assize"));
    command.args([
        "run",
        "--seed",
        "7",
        "--report",
        "junit=junit.xml",
        "--target",
        "talker",
        "--snapshots",
        "verify",
        "--suite",
    ]);
    command.arg(folder(name)).current_dir(dir.path());
    command.env_clear().env("HOME", dir.path()).env("NO_COLOR", "1");
    let output = command.output().unwrap();
    let stdout = String::from_utf8(output.stdout).unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    // What the cases make they also remove: an undo that does not help would be told here.
    assert!(!stdout.contains("left on the target"), "{stdout}");
    let junit = std::fs::read_to_string(dir.path().join("junit.xml"));
    let junit = junit.unwrap_or_else(|error| panic!("{error}\n{stdout}{stderr}"));
    let report = Report::deserialize_from_str(&junit).unwrap();
    let outcomes = report.test_suites.iter().flat_map(|suite| &suite.test_cases).map(|case| {
        let outcome = case.properties.iter().find(|property| property.name.as_str() == "outcome");
        (case.name.as_str().to_owned(), outcome.map_or_else(String::new, |property| property.value.as_str().to_owned()))
    });
    Ran { outcomes: outcomes.collect(), told: told(&stdout) }
}

/// Takes the text of the console apart, case by case: the findings, without the requests that led there.
fn told(stdout: &str) -> BTreeMap<String, String> {
    let headline = Regex::new(r"(?m)^\S+ [a-z]+: (\S+\.\S+)\n").unwrap();
    let rest = Regex::new(r"(?m)^(sent in this case|request \d+ \(|took ).*$").unwrap();
    let starts: Vec<_> = headline.captures_iter(stdout).collect();
    let mut told = BTreeMap::new();
    for (at, found) in starts.iter().enumerate() {
        let whole = found.get(0).unwrap();
        let end = starts.get(at + 1).map_or(stdout.len(), |next| next.get(0).unwrap().start());
        let text = &stdout[whole.end()..end];
        let end = rest.find(text).map_or(text.len(), |found| found.start());
        told.insert(found[1].to_owned(), golden(text[..end].trim()));
    }
    told
}

/// Without what differs from run to run, and without the numbers of lines, which every new case would change.
fn golden(text: &str) -> String {
    [
        (r"127\.0\.0\.1:\d+", "127.0.0.1:PORT"),
        (r"(?m)^ *--> .*/([^/:]+):\d+:\d+", "  --> $1"),
        (r"(?m)^ *\d+ \|", "   |"),
        (r"(?m)^ +([|=])", "   $1"),
        // Times of clocks.
        (r"\b\d+(\.\d+)?(ns|µs)", "TIME"),
        (r"(got one after|after|in) \d+\.\d+ ?(ms|s)\b", "$1 TIME"),
        (r"got 1[7-9]\d{8}\b", "got NOW"),
        (r"got 0\.\d{3}\b", "got SECONDS"),
        (r"\d+ attempts?\b", "N attempts"),
        (r"held at attempt \d+", "held at attempt N"),
        (r"\.until, attempt \d+", ".until, attempt N"),
    ]
    .iter()
    .fold(text.to_owned(), |text, (pattern, instead)| {
        Regex::new(pattern).unwrap().replace_all(&text, *instead).into_owned()
    })
}

/// Runs a suite; all cases end as they should, and what is said of each topic is the accepted text.
fn assert_judged(name: &str) {
    let cases = cases(&suite(name));
    let ran = run(name);
    let wrong: Vec<String> = cases.iter().flat_map(|case| wrong(case, &ran)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    let known: BTreeSet<&str> = cases.iter().map(|case| case.id.as_str()).collect();
    let strangers: Vec<&String> = ran.told.keys().filter(|id| !known.contains(base(id))).collect();
    assert!(strangers.is_empty(), "{strangers:?}");
    let mut topics: BTreeMap<&str, String> = BTreeMap::new();
    for case in &cases {
        let topic = topics.entry(case.about.as_str()).or_default();
        match ran.told.iter().filter(|(id, _)| base(id) == case.id).map(|(_, text)| text).next() {
            Some(text) => topic.extend(["── ", &case.id, "\n", text, "\n\n"]),
            None => topic.extend(["── ", &case.id, "\n\n"]),
        }
    }
    for (topic, text) in topics {
        insta::assert_snapshot!(format!("{name}_{}", topic.replace('.', "_")), text);
    }
}

/// The id of a case without its variant.
fn base(id: &str) -> &str {
    id.split('@').next().unwrap_or(id)
}

fn wrong(case: &Case, ran: &Ran) -> Vec<String> {
    let outcomes: BTreeMap<&String, &String> = ran.outcomes.iter().filter(|(id, _)| base(id) == case.id).collect();
    if outcomes.is_empty() {
        return vec![format!("{} did not run", case.id)];
    }
    let expected = case.fate.outcome();
    let wrong = outcomes.into_iter().filter(|(_, outcome)| *outcome != expected);
    wrong
        .map(|(id, outcome)| {
            let told = ran.told.get(id).map_or("", String::as_str);
            format!("{id} is {outcome}, and should be {expected}\n{told}")
        })
        .collect()
}

#[test]
fn every_case_of_the_language_ends_as_it_should_and_says_what_it_should() {
    assert_judged("suite");
}

#[test]
fn every_case_of_promises_and_variants_ends_as_it_should_and_says_what_it_should() {
    assert_judged("promises");
}
