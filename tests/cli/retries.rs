//! Cases that are tried again, and cases that are repeated: what passes now and then is told apart.

use std::collections::BTreeMap;
use std::sync::Mutex;

use crate::bench::{Bench, Ran};
use crate::junit::Junit;
use crate::server::{Reply, Server};

/// At each path, the answers with these statuses, one after the other, the last for ever.
fn in_turn(statuses: &'static [(&'static str, &'static [u16])]) -> Server {
    let asked: Mutex<BTreeMap<String, usize>> = Mutex::default();
    Server::start(move |request| {
        let mut asked = asked.lock().unwrap();
        let count = asked.entry(request.path.clone()).or_default();
        let path = request.path.split('?').next().unwrap_or_default();
        let of_path = statuses.iter().find(|(known, _)| *known == path).map_or(&[200][..], |(_, of_path)| of_path);
        let status = of_path[(*count).min(of_path.len() - 1)];
        *count += 1;
        Reply::json(status, "{}")
    })
}

const ONE: &str = "\
scenario: It answers
id: answers
steps:
  - request: POST /things?name=$(case.nonce)
    expect: 200
    undo: { request: DELETE /things }
  - request: GET /it
    expect: 200
";

fn run<const N: usize>(server: &Server, text: &str, args: [&str; N]) -> (Bench, Ran) {
    let bench = Bench::new().file("all.yaml", text);
    let url = server.url();
    let given =
        ["--seed", "7", "--jobs", "1", "--base-url", &url, "--report", "junit=run.xml", "--report", "log=run.ndjson"];
    let ran = bench.assize(["run", "all.yaml"]).args(given).args(args).run();
    (bench, ran)
}

#[test]
fn a_retry_does_the_whole_case_in_a_fresh_world_and_every_try_is_in_the_record() {
    let server = in_turn(&[("/it", &[500, 200])]);
    let (bench, ran) = run(&server, ONE, ["--retries", "2", "--report", "html=run.html"]);
    assert_eq!(ran.verdict(), "0 passed, 1 flaky, 0 failed (exit 0 PASS)");
    let lines = server.lines();
    assert_eq!(lines.len(), 6);
    assert_ne!(lines[0], lines[3], "what a retry makes has a name of its own");
    assert_eq!((lines[2].as_str(), lines[5].as_str()), ("DELETE /things", "DELETE /things"));
    assert!(ran.stdout.contains("flaky: passed at try 2; before: expected 200, got 500"), "{ran}");
    let xml = bench.read("run.xml");
    assert!(xml.contains("name=\"earlier-try\" value=\"1: failed: expected 200, got 500\""), "{xml}");
    assert_eq!(bench.read("run.ndjson").matches("\"case-finished\"").count(), 2);
    let again = bench.run(["replay", "run.ndjson", "--report", "junit=again.xml"]).exits(0);
    assert_eq!((again.stdout, bench.read("again.xml")), (ran.stdout, xml));
}

#[test]
fn a_flaky_case_fails_the_run_where_the_gate_says_so() {
    let (bench, ran) = run(&in_turn(&[("/it", &[500, 200])]), ONE, ["--retries", "1", "--flaky", "fail"]);
    let ran = ran.exits(1);
    assert_eq!(ran.verdict(), "0 passed, 1 flaky, 0 failed (exit 1 FAIL)");
    assert!(ran.stdout.contains("failed by the gate: 1 flaky (--flaky fail)"), "{ran}");
    assert_eq!(Junit::read(&bench, "run.xml").report.failures, 1);
    assert_eq!(bench.run(["replay", "run.ndjson"]).exits(1).stdout, ran.stdout);
    // So does one that its own scenario lets be tried again.
    let text = ONE.replace("steps:", "retry: 1\nsteps:");
    run(&in_turn(&[("/it", &[500, 200])]), &text, ["--flaky", "fail"]).1.exits(1);
}

#[test]
fn no_later_try_hides_a_failure() {
    // 503 is no answer that says anything; the 500 before it has shown what it has shown.
    let (bench, ran) = run(&in_turn(&[("/it", &[500, 503])]), ONE, ["--retries", "1"]);
    let ran = ran.exits(1);
    assert_eq!(ran.verdict(), "0 passed, 1 failed (exit 1 FAIL)");
    assert!(ran.stdout.contains("(try 1 of 2)") && ran.stdout.contains("got 500"), "{ran}");
    assert_eq!(bench.run(["replay", "run.ndjson"]).exits(1).stdout, ran.stdout);
    let (_, ran) = run(&in_turn(&[("/it", &[503, 503, 500])]), ONE, ["--retries", "2"]);
    assert_eq!(ran.exits(1).verdict(), "0 passed, 1 failed (exit 1 FAIL)");
}

#[test]
fn where_a_should_fails_the_run_a_retry_that_only_warns_does_not_help() {
    let text = "scenario: Advice\nid: advice\nsteps:\n  - request: GET /it\n    expect: { status: [200, 202] }\n    \
                should: { status: 200 }\n";
    let statuses: &[(&str, &[u16])] = &[("/it", &[404, 202])];
    let (_, ran) = run(&in_turn(statuses), text, ["--retries", "1"]);
    assert_eq!(ran.exits(0).verdict(), "0 passed, 1 flaky, 0 failed (exit 0 PASS)");
    let (_, ran) = run(&in_turn(statuses), text, ["--retries", "1", "--fail-on", "should"]);
    assert_eq!(ran.exits(1).verdict(), "0 passed, 1 warned, 0 failed (exit 1 FAIL)");
}

#[test]
fn every_repetition_has_an_outcome_of_its_own_and_what_is_unstable_is_named() {
    let text =
        format!("{ONE}---\nscenario: Is steady\nid: steady\nsteps:\n  - request: GET /steady\n    expect: 200\n");
    let server = in_turn(&[("/it", &[200, 500, 200])]);
    let (bench, ran) = run(&server, &text, ["--repeat", "3"]);
    let ran = ran.exits(1);
    assert_eq!(ran.verdict(), "5 passed, 1 failed (exit 1 FAIL)");
    assert!(ran.stdout.contains("repeated: 1 of 2 cases did not come out the same every time\n"), "{ran}");
    assert!(ran.stdout.contains("  ~ answers: 2 passed, 1 failed of 3\n"), "{ran}");
    let outcomes = Junit::read(&bench, "run.xml").outcomes();
    assert_eq!(
        outcomes.keys().collect::<Vec<_>>(),
        ["answers~1", "answers~2", "answers~3", "steady~1", "steady~2", "steady~3"]
    );
    assert_eq!(outcomes["answers~2"], "failed");
    let names: std::collections::BTreeSet<String> =
        server.lines().into_iter().filter(|line| line.starts_with("POST")).collect();
    assert_eq!(names.len(), 3, "each repetition has a world of its own");
    assert_eq!(bench.run(["replay", "run.ndjson"]).exits(1).stdout, ran.stdout);
    let (_, ran) = run(&in_turn(&[]), &text, ["--repeat", "2"]);
    assert!(ran.exits(0).stdout.contains("repeated: 2 cases, each of which came out the same every time\n"));
}

#[test]
fn a_repetition_is_never_tried_again_and_no_flag_asks_for_both() {
    let text = ONE.replace("steps:", "retry: 2\nsteps:");
    let (_, ran) = run(&in_turn(&[("/it", &[500, 200])]), &text, ["--repeat", "2"]);
    assert_eq!(ran.exits(1).verdict(), "1 passed, 1 failed (exit 1 FAIL)");
    let server = in_turn(&[]);
    let (_, ran) = run(&server, ONE, ["--repeat", "2", "--retries", "1"]);
    assert!(ran.exits(2).stderr.contains("'--repeat <N>' cannot be used with '--retries <N>'"));
    assert_eq!(server.seen(), []);
}

#[test]
fn a_waiver_holds_for_every_repetition() {
    let waivers = format!(
        "waivers:\n  - {{ id: W-1, check: 'answers#2.expect.status', finding: status-mismatch, reason: old, owner: me, \
         expires: {} }}\n",
        crate::waivers::day(9)
    );
    let bench = Bench::new().file("all.yaml", ONE).file("waivers.yaml", &waivers);
    let server = in_turn(&[("/it", &[404])]);
    let ran = bench.run(["run", "all.yaml", "--repeat", "2", "--base-url", &server.url()]).exits(0);
    assert_eq!(ran.verdict(), "0 passed, 2 known, 0 failed (exit 0 PASS)");
}
