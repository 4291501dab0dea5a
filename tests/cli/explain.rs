//! What is said of codes, requirements and scenarios.

use std::fmt::Write as _;

use serde_json::Value;

use crate::bench::Bench;

fn entries(bench: &Bench, id: &str) -> Vec<Value> {
    let ran = bench.run(["explain", id, "--format", "json"]).exits(0);
    let told: Value = serde_json::from_str(&ran.stdout).unwrap();
    told["entries"].as_array().unwrap().clone()
}

#[test]
fn everything_that_has_a_code_is_explained_in_full() {
    let bench = Bench::new();
    let all: Value = serde_json::from_str(&bench.run(["explain", "--format", "json"]).exits(0).stdout).unwrap();
    let all = all["entries"].as_array().unwrap();
    let codes: Vec<&Value> =
        all.iter().filter(|entry| ["problem", "finding"].contains(&entry["kind"].as_str().unwrap())).collect();
    assert!(codes.len() > 100, "{}", codes.len());
    for code in codes {
        for part in ["what", "why", "source", "fix", "example"] {
            assert!(code[part].as_str().is_some_and(|text| !text.is_empty()), "{part} of {code}");
        }
    }
}

#[test]
fn what_the_example_of_a_finding_expects_is_a_sound_step() {
    let bench = Bench::new();
    let all: Value = serde_json::from_str(&bench.run(["explain", "--format", "json"]).exits(0).stdout).unwrap();
    let mut text = String::new();
    for entry in all["entries"].as_array().unwrap().iter().filter(|entry| entry["kind"] == "finding") {
        let asked = entry["example"].as_str().unwrap().split("\ngot:\n").next().unwrap();
        // Two sent together, and what a document says, cannot stand alone.
        if !asked.contains("statuses:") && (asked.starts_with("expect:") || asked.starts_with("poll:")) {
            let id = entry["id"].as_str().unwrap();
            let expects = if asked.starts_with("poll:") { "\n    expect: 200" } else { "" };
            // Writing to a text cannot fail.
            let _ =
                write!(text, "scenario: {id}\nid: {id}\nsteps:\n  - request: GET /{id}\n    {asked}{expects}\n---\n");
        }
    }
    let bench = bench.file("examples.yaml", text.trim_end_matches("---\n"));
    let ran = bench.run(["check", "examples.yaml"]).exits(0);
    assert!(ran.stdout.contains("sound"), "{ran}");
}

#[test]
fn a_name_of_several_things_is_explained_as_each() {
    let bench = Bench::new();
    let kinds = |id: &str| -> Vec<String> {
        entries(&bench, id).iter().map(|entry| entry["kind"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(kinds("duplicate-key"), ["problem", "finding"]);
    assert_eq!(kinds("schema"), ["check", "matcher"]);
}

#[test]
fn a_requirement_and_a_scenario_have_source_mending_and_example() {
    let bench = Bench::new();
    insta::assert_snapshot!(bench.run(["explain", "CX-SES-002"]).golden());
    insta::assert_snapshot!(bench.run(["explain", "session.end-twice"]).golden());
    for id in ["CX-SES-002", "session.end-twice"] {
        for part in ["what", "why", "source", "fix", "example"] {
            assert!(entries(&bench, id)[0][part].is_string(), "{part} of {id}");
        }
    }
}

#[test]
fn what_nothing_is_called_has_its_nearest_named() {
    for (wrong, right) in [
        ("stauts-mismatch", "status-mismatch"),
        ("CX-SES-0002", "CX-SES-002"),
        ("sesion.end-twice", "session.end-twice"),
    ] {
        let ran = Bench::new().run(["explain", wrong]).exits(2);
        assert_eq!(ran.stderr, format!("error: nothing is called `{wrong}`; there is `{right}`\n"));
    }
}
