//! Every exit code, from a real run.

use crate::bench::{Bench, Ran};
use crate::byte_server::ByteServer;
use crate::junit::Junit;
use crate::server::{Reply, Server};

const PASSES: &str = "scenario: Passes\nid: passes\nsteps:\n  - request: GET /yes\n    expect: 200\n";
const FAILS: &str = "scenario: Fails\nid: fails\nsteps:\n  - request: GET /no\n    expect: 200\n";
const BLOCKED: &str = "\
scenario: Is blocked
id: blocked
steps:
  - request: GET /no
    given: 200
  - request: GET /yes
    expect: 200
";
const SKIPPED: &str =
    "scenario: Is skipped\nid: skipped\nneeds: [wings]\nsteps:\n  - request: GET /yes\n    expect: 200\n";
const DIRTY: &str = "\
scenario: Leaves something behind
id: dirty
steps:
  - request: POST /things
    expect: 200
    undo: { request: DELETE /things/1 }
";
const HANGS: &str = "scenario: Hangs\nid: hangs\nsteps:\n  - request: GET /hang\n    expect: 200\n";

/// 404 at `/no`, 500 for every `DELETE`, 200 otherwise.
fn server() -> Server {
    Server::start(|request| match (request.method.as_str(), request.path.as_str()) {
        ("GET", "/no") => Reply::json(404, "{}"),
        ("DELETE", _) => Reply::json(500, "{}"),
        _ => Reply::ok("{}"),
    })
}

fn suite(scenarios: &[&str]) -> Bench {
    Bench::new()
        .file("suite.yaml", "suite: codes\nversion: 1.0.0\ntitle: Codes\nprovides: { features: { wings: it flies } }\n")
        .file("scenarios/all.yaml", &scenarios.join("---\n"))
}

fn run_against(bench: &Bench, url: &str) -> Ran {
    bench.run(["run", "--suite", ".", "--seed", "7", "--base-url", url])
}

#[track_caller]
fn assert_ends(scenarios: &[&str], code: i32, verdict: &str) {
    let server = server();
    let ran = run_against(&suite(scenarios), &server.url()).exits(code);
    assert_eq!(ran.verdict(), verdict, "{ran}");
}

#[test]
fn what_happened_gives_the_code_and_the_gravest_of_it_wins() {
    assert_ends(&[PASSES], 0, "1 passed, 0 failed (exit 0 PASS)");
    assert_ends(&[PASSES, SKIPPED], 0, "1 passed, 0 failed, 1 skipped (exit 0 PASS)");
    assert_ends(&[PASSES, FAILS], 1, "1 passed, 1 failed (exit 1 FAIL)");
    assert_ends(&[FAILS, BLOCKED], 1, "0 passed, 1 failed, 1 blocked (exit 1 FAIL)");
    assert_ends(&[FAILS, DIRTY], 1, "1 passed, 1 failed (exit 1 FAIL)");
    assert_ends(&[PASSES, BLOCKED], 3, "1 passed, 0 failed, 1 blocked (exit 3 ERROR)");
    assert_ends(&[BLOCKED, DIRTY], 3, "1 passed, 0 failed, 1 blocked (exit 3 ERROR)");
    assert_ends(&[SKIPPED], 4, "0 passed, 0 failed, 1 skipped (exit 4 NOTHING)");
    assert_ends(&[PASSES, DIRTY], 6, "2 passed, 0 failed (exit 6 DIRTY)");
}

#[test]
fn what_is_left_behind_is_named() {
    let server = server();
    let ran = run_against(&suite(&[DIRTY]), &server.url()).exits(6);
    insta::assert_snapshot!(ran.golden());
    assert_eq!(server.lines(), ["POST /things", "DELETE /things/1"]);
}

#[test]
fn usage_is_refused_before_anything_is_sent() {
    let server = server();
    let bench = suite(&[PASSES]);
    for args in [
        ["--base-url", "not a url"],
        ["--jobs", "0"],
        ["--tag", "and and"],
        ["--target", "nowhere"],
        ["--report", "junti=x.xml"],
        ["--no-such-flag", "1"],
        ["--requirement", "XX-1"],
        ["--variant", "other"],
    ] {
        let ran = bench.assize(["run", "--suite", "."]).args(args).run().exits(2);
        assert_eq!(ran.stdout, "", "{args:?}");
        assert!(ran.stderr.contains("error"), "{args:?}: {ran}");
    }
    assert_eq!(server.seen(), []);
}

#[test]
fn a_suite_without_scenarios_is_nothing() {
    let server = server();
    let bench = Bench::new().file("suite.yaml", "suite: empty\nversion: 1.0.0\ntitle: Empty\n");
    let ran = run_against(&bench, &server.url()).exits(4);
    assert_eq!(ran.verdict(), "0 passed, 0 failed (exit 4 NOTHING)");
}

#[test]
fn the_time_limit_leaves_cases_unfinished() {
    // A slow machine may not send the first request within a moment: then there is more time.
    let mut asked = 0;
    for time in ["300ms", "3s", "10s"] {
        let server = ByteServer::start(|mut stream| {
            let _ = std::io::copy(&mut stream, &mut std::io::sink());
        });
        let bench = suite(&[HANGS, PASSES]);
        let ran = bench
            .assize(["run", "--suite", ".", "--jobs", "1", "--time", time, "--report", "junit=junit.xml"])
            .args(["--base-url", &server.url()])
            .run()
            .exits(5);
        assert_eq!(ran.verdict(), "0 passed, 0 failed, 2 unfinished (exit 5 INCOMPLETE)");
        assert_eq!(Junit::read(&bench, "junit.xml").totals(), "0 passed, 0 failed, 2 unfinished");
        asked = server.asked();
        if asked == 1 {
            break;
        }
    }
    assert_eq!(asked, 1);
}

#[test]
fn enough_failures_stop_the_run_and_it_has_failed() {
    let server = server();
    let bench = suite(&[FAILS, PASSES]);
    let args = ["run", "--suite", ".", "--jobs", "1", "--max-fail", "1", "--base-url", &server.url()];
    let ran = bench.run(args).exits(1);
    assert_eq!(ran.verdict(), "0 passed, 1 failed, 1 skipped (exit 1 FAIL)");
}

#[test]
fn a_report_that_cannot_be_written_goes_before_a_failure_and_the_others_are_written() {
    let server = server();
    let bench = suite(&[PASSES, FAILS]);
    let args = ["--report", "junit=/dev/full", "--report", "log=run.ndjson", "--base-url", &server.url()];
    let ran = bench.assize(["run", "--suite", "."]).args(args).run().exits(74);
    assert_eq!(ran.verdict(), "1 passed, 1 failed (exit 74 IOERR)");
    assert!(ran.stderr.contains("/dev/full"), "{ran}");
    assert!(bench.read("run.ndjson").ends_with("}\n"));
}

#[test]
fn a_report_whose_folder_is_missing_is_refused_before_anything_is_sent() {
    let server = server();
    let bench = suite(&[PASSES]);
    let args = ["--report", "junit=missing/junit.xml", "--base-url", &server.url()];
    let ran = bench.assize(["run", "--suite", "."]).args(args).run().exits(74);
    assert!(ran.stderr.contains("missing/junit.xml"), "{ran}");
    assert_eq!(server.seen(), []);
}

#[test]
fn a_stdout_that_is_full_goes_before_a_failure_and_the_report_is_written() {
    let server = server();
    let bench = suite(&[PASSES, FAILS]);
    let args = ["--report", "junit=junit.xml", "--base-url", &server.url()];
    let ran = bench.assize(["run", "--suite", "."]).args(args).stdout_to("/dev/full").run().exits(74);
    assert!(ran.stderr.starts_with("error: the console output cannot be written"), "{ran}");
    assert_eq!(Junit::read(&bench, "junit.xml").totals(), "1 passed, 1 failed");
}

#[test]
fn other_commands_say_so_too_when_stdout_is_full() {
    let bench = suite(&[PASSES]);
    for args in [["check", "."], ["schema", "suite"], ["--help", "run"], ["list", "--suite=."], ["explain", "status"]] {
        let invocation = bench.assize(args).env("ASSIZE_BASE_URL", "http://127.0.0.1:1");
        let ran = invocation.stdout_to("/dev/full").run();
        assert_eq!(ran.status.code(), Some(74), "{args:?}: {ran}");
    }
}
