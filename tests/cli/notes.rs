//! Checks that did not hold and that nothing fails by.

use crate::bench::{Bench, Ran};
use crate::server::{Reply, Server};

const REQUIREMENTS: &str = "\
catalogue: notes
source: { document: a page }
requirements:
  - { id: N-1, level: SHOULD, actor: server, text: It answers., source: { section: 1, basis: stated } }
  - { id: N-2, level: INFO, actor: server, text: It says who it is., source: { section: 2, basis: stated } }
  - { id: N-3, level: MAY, actor: server, text: It is quick., source: { section: 3, basis: stated } }
";
const SCENARIOS: &str = "\
scenario: It answers
id: answers
verifies: [N-1]
steps:
  - step: ask
    request: GET /
    expect: 200
    should: { headers: { etag: { exists: true } } }
---
scenario: It says who it is
id: who
verifies: [N-2]
steps:
  - step: ask
    request: GET /
    expect: { json: { $.name: me } }
---
scenario: It is quick
id: quick
verifies: [N-3]
steps:
  - request: GET /
    expect: { status: 200, within: 30s }
";

fn run(bench: &Bench, args: &[&str]) -> Ran {
    let server = Server::start(|_| Reply::ok("{\"name\":\"you\"}"));
    let url = server.url();
    let mut invocation = bench.assize(["run", "--suite", ".", "--base-url", &url]);
    for arg in args {
        invocation = invocation.args([*arg]);
    }
    invocation.run().exits(0)
}

fn suite() -> Bench {
    Bench::new()
        .file("suite.yaml", "suite: notes\n")
        .file("requirements.yaml", REQUIREMENTS)
        .file("scenarios/all.yaml", SCENARIOS)
}

#[test]
fn notes_are_counted_and_shown_when_asked_for() {
    let bench = suite();
    let ran = run(&bench, &[]);
    assert!(ran.stdout.contains("noted: 2 notes in 2 cases, by which nothing fails; `-v` shows them\n"), "{ran}");
    assert!(!ran.stdout.contains("· noted"), "{ran}");
    let ran = run(&bench, &["-v"]);
    assert!(ran.stdout.contains("\n  · noted: ask.should.headers[etag]: "), "{ran}");
    assert!(ran.stdout.contains("\n  · noted: ask.expect.json[$.name]: "), "{ran}");
    assert_eq!(ran.verdict(), "3 passed, 0 failed (exit 0 PASS)");
}

#[test]
fn notes_stand_in_junit_as_properties() {
    let bench = suite();
    run(&bench, &["--report", "junit=junit.xml"]);
    let xml = bench.read("junit.xml");
    assert!(xml.contains(r#"name="noted-check" value="answers#ask.should.headers[etag]""#), "{xml}");
    assert!(xml.contains(r#"name="noted-check" value="who#ask.expect.json[$.name]""#), "{xml}");
}

#[test]
fn a_requirement_that_was_broken_is_not_kept_whatever_its_level() {
    let ran = run(&suite(), &[]);
    assert!(ran.stdout.contains("requirements kept: SHOULD 1/1  MAY 1/1  INFO 0/1\n  broken     N-2 (INFO)"), "{ran}");
}

#[test]
fn what_a_part_of_a_suite_does_not_test_is_counted_and_not_named() {
    let ran = run(&suite(), &["answers"]);
    assert!(ran.stdout.contains("\n  untested: 2, for not all of the suite was selected\n"), "{ran}");
    assert!(!ran.stdout.contains("N-3"), "{ran}");
}

#[test]
fn cases_that_are_inconclusive_for_one_reason_are_folded_after_the_first_few() {
    let scenario = |name: &str| format!("scenario: Asks\nid: {name}\nsteps:\n  - request: GET /\n    expect: 200\n");
    let all = ["a", "b", "c", "d", "e"].map(scenario).join("---\n");
    let bench = Bench::new().file("all.yaml", &all);
    // Nobody listens on the port of a listener that has gone.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let ran = bench.run(["run", "all.yaml", "--base-url", &url]).exits(3);
    assert!(ran.stdout.contains("\ninconclusive for the same reason: 2 cases more\n"), "{ran}");
    assert_eq!(ran.stdout.matches("\n? inconclusive: ").count(), 3, "{ran}");
    assert!(ran.stdout.contains("\n      d, e\n"), "{ran}");
}
