//! Records that were cut, or changed by somebody: what is made of them is never greener than the run was.

use crate::bench::{Bench, Ran};
use crate::server::{Reply, Server};

const TWO: &str = "\
scenario: Passes
id: passes
steps:
  - request: GET /yes
    expect: 200
---
scenario: Fails
id: fails
steps:
  - request: GET /no
    expect: 200
";

/// A bench with the log of a run of these scenarios, `run.ndjson`.
fn recorded(text: &str) -> Bench {
    let server = Server::start(|request| Reply::json(if request.path == "/no" { 404 } else { 200 }, "{}"));
    let bench = Bench::new().file("all.yaml", text);
    let args = ["--seed", "7", "--jobs", "1", "--report", "log=run.ndjson", "--base-url", &server.url()];
    bench.assize(["run", "all.yaml"]).args(args).run();
    bench
}

/// Replays the log with its lines changed; numbers are those of the places.
fn replayed<const N: usize>(bench: &Bench, args: [&str; N], change: impl FnOnce(&mut Vec<String>)) -> Ran {
    let mut lines: Vec<String> = bench.read("run.ndjson").lines().map(str::to_owned).collect();
    change(&mut lines);
    let numbered = lines.iter().enumerate().map(|(at, line)| {
        let (head, rest) = line.split_once(',').unwrap();
        assert!(head.starts_with("{\"seq\":"), "{head}");
        format!("{{\"seq\":{at},{rest}\n")
    });
    bench.write("changed.ndjson", &numbered.collect::<String>());
    bench.assize(["replay", "changed.ndjson"]).args(args).run()
}

fn only_passing() -> Bench {
    recorded(TWO.split("---\n").next().unwrap())
}

#[test]
fn a_log_that_stops_before_its_end_never_passes() {
    let bench = only_passing();
    bench.run(["replay", "run.ndjson"]).exits(0);
    let whole = bench.read("run.ndjson").lines().count();
    for kept in 1..whole {
        let ran = replayed(&bench, [], |lines| lines.truncate(kept)).exits(5);
        assert!(ran.verdict().ends_with("(exit 5 INCOMPLETE)"), "{kept} of {whole}: {ran}");
    }
    // In the midst of a line it is no log at all.
    let text = bench.read("run.ndjson");
    bench.write("cut.ndjson", &text[..text.len() - 20]);
    bench.run(["replay", "cut.ndjson"]).exits(2);
}

#[test]
fn a_line_that_was_taken_out_is_missed() {
    let bench = only_passing();
    let lines: Vec<String> = bench.read("run.ndjson").lines().map(str::to_owned).collect();
    for taken in 1..lines.len() {
        let mut lines = lines.clone();
        lines.remove(taken);
        bench.write("cut.ndjson", &(lines.join("\n") + "\n"));
        let ran = bench.run(["replay", "cut.ndjson"]);
        assert_ne!(ran.status.code(), Some(0), "line {taken}: {ran}");
    }
}

#[test]
fn an_outcome_that_was_changed_is_found_out_with_and_without_the_suite() {
    let bench = recorded(TWO);
    let pass = |lines: &mut Vec<String>| {
        for line in lines {
            *line = line.replace("\"outcome\":\"failed\"", "\"outcome\":\"passed\"");
            *line = line.replace("{\"failed\":1,\"passed\":1}", "{\"passed\":2}");
        }
    };
    let ran = replayed(&bench, [], pass).exits(1);
    assert_eq!(ran.verdict(), "1 passed, 1 failed (exit 1 FAIL)");
    let ran = replayed(&bench, ["--render-only"], pass).exits(3);
    let doubt = "error: the record cannot be relied on: `changed.ndjson`: `fails` is said to have ended passed, \
                 and a check of it failed\n";
    assert_eq!(ran.stderr, doubt, "{ran}");
}

#[test]
fn a_case_that_was_taken_out_is_missed() {
    let bench = recorded(TWO);
    let forget = |lines: &mut Vec<String>| {
        lines.retain(|line| !line.contains("\"case\":\"fails\""));
        let start = lines[0].find("{\"id\":\"fails\"").unwrap();
        let end = start + lines[0][start..].find("}}").unwrap() + 2;
        let rest = lines[0][end..].to_owned();
        lines[0].truncate(start - 1);
        lines[0] += &rest;
    };
    // By the totals at its end, and where these are changed too by the suite.
    let ran = replayed(&bench, ["--render-only"], forget).exits(3);
    assert!(ran.stderr.contains("its end counts 1 passed, 1 failed, and its cases are 1 passed, 0 failed"), "{ran}");
    let ran = replayed(&bench, [], |lines| {
        forget(lines);
        let last = lines.last_mut().unwrap();
        *last = last.replace("{\"failed\":1,\"passed\":1}", "{\"passed\":1}");
    });
    let ran = ran.exits(3);
    assert!(ran.stderr.contains("it is of the whole suite, and holds no case of `fails`"), "{ran}");
}

#[test]
fn an_answer_that_was_changed_so_that_a_failure_passes_is_no_pass() {
    let bench = recorded(TWO);
    let ran = replayed(&bench, [], |lines| {
        for line in lines {
            *line = line.replace("\"status\":404", "\"status\":200");
        }
    });
    let ran = ran.exits(3);
    assert!(ran.stderr.contains("the run did not pass, and what is judged now does"), "{ran}");
    assert_eq!(ran.verdict(), "2 passed, 0 failed (exit 3 ERROR)");
}

#[test]
fn a_case_that_is_said_to_have_passed_without_a_check_is_no_pass() {
    let bench = only_passing();
    let ran = replayed(&bench, ["--render-only"], |lines| {
        lines.retain(|line| !line.contains("\"step-finished\""));
    });
    assert!(ran.exits(3).stderr.contains("no check of it was judged"));
    let ran = replayed(&bench, ["--render-only"], |lines| {
        let last = lines.pop().unwrap();
        lines.retain(|line| !line.contains("\"case\":\"passes\"") || line.contains("\"case-finished\""));
        lines.push(last);
    });
    assert!(ran.exits(3).stderr.contains("was never started"));
}
