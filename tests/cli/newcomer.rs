//! What whoever writes a suite for the first time runs into.

use crate::bench::Bench;

const SCENARIO: &str = "\
scenario: It is there
id: there
needs: [wings]
steps:
  - request: GET /$(room)
    expect: 200
";
const SUITE: &str = "\
suite: rooms
variants: { old: as it was, new: as it is }
provides: { variables: { room: a room }, features: { wings: it flies } }
";

fn suite() -> Bench {
    Bench::new().file("rooms/suite.yaml", SUITE).file("rooms/scenarios/there.yaml", SCENARIO)
}

#[test]
fn a_list_of_cases_needs_no_target() {
    let ran = suite().run(["list", "--suite", "rooms"]).exits(0);
    let wanted = "there@old  It is there\nthere@new  It is there\n2 cases; a target may lack what some of them need\n";
    assert_eq!(ran.stdout, wanted);
    let ran = suite().run(["list", "--suite", "rooms", "--variant", "new", "--format", "json"]).exits(0);
    let told: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert!(told["target"].is_null() && told["cases"][0]["id"] == "there@new", "{ran}");
}

#[test]
fn a_target_of_another_suite_does_not_keep_a_list_from_being_made() {
    let other = "targets: { other: { default: true, base_url: \"https://other.example\", variants: { blue: {} } } }\n";
    let bench = suite().file("assize.yaml", other);
    let ran = bench.run(["list", "--suite", "rooms"]).exits(0);
    assert!(ran.stdout.starts_with("there@old "), "{ran}");
    // Whoever names a target is told why it does not fit.
    bench.run(["list", "--suite", "rooms", "--target", "other"]).exits(2);
}

#[test]
fn a_selector_that_matches_nothing_is_told_without_a_target_too() {
    let ran = suite().run(["list", "--suite", "rooms", "ther"]).exits(2);
    assert!(ran.stderr.contains("`ther` selects nothing") && ran.stderr.contains("`there`"), "{ran}");
}

#[test]
fn a_reader_who_has_seen_enough_is_no_fault() {
    let bench = suite();
    let invocations = [
        bench.assize(["list", "--suite", "rooms"]),
        bench.assize(["explain"]),
        bench.assize(["schema", "scenario"]),
        bench.assize(["check", "rooms"]),
        bench.assize(["run", "--help"]),
    ];
    for invocation in invocations {
        let ran = invocation.stdout_to_nobody().run().exits(0);
        assert_eq!(ran.stderr, "", "{ran}");
    }
}

#[test]
fn a_verdict_that_nobody_could_read_is_a_fault() {
    let bench = Bench::new().file("hello.yaml", "scenario: x\nsteps:\n  - request: GET /\n    expect: 200\n");
    let args = ["run", "hello.yaml", "--base-url", "http://127.0.0.1:9"];
    bench.assize(args).stdout_to_nobody().run().exits(74);
}

#[test]
fn explain_says_what_is_not_yet_supported() {
    for name in ["operation"] {
        let ran = Bench::new().run(["explain", name]).exits(0);
        assert!(ran.stdout.contains("not yet supported"), "{ran}");
    }
}

#[test]
fn a_folder_that_holds_suites_names_them() {
    let bench = suite().file("houses/suite.yaml", "suite: houses\n");
    for args in [["check", "."], ["run", "./"], ["list", "--suite=."]] {
        let ran = bench.run(args).exits(2);
        assert!(ran.stderr.contains("is no suite, but holds some: name "), "{ran}");
        assert!(ran.stderr.contains("houses or ") && ran.stderr.contains("rooms\n"), "{ran}");
    }
}

#[test]
fn check_tells_the_first_problem_below_their_number() {
    let bench = Bench::new().file("a.yaml", "scenario: x\nsteps:\n  - request: GET /\n");
    let ran = bench.run(["check", "a.yaml"]).exits(2);
    assert_eq!(ran.stdout, "a.yaml: 1 problem\n  first: a.yaml:3:5: an answer that nothing judges [unjudged-answer]\n");
}

#[test]
fn the_help_of_check_and_schema_leads_to_the_page_of_the_language() {
    for command in ["check", "schema"] {
        let ran = Bench::new().run([command, "--help"]).exits(0);
        assert!(ran.stdout.contains("docs/language.md"), "{ran}");
    }
}
