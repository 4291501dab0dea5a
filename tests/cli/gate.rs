//! Exit 0 and every way to come by it without having earned it. What holds where it is printed: `docs/gates.md`.

use crate::bench::{Bench, Ran};
use crate::junit::Junit;
use crate::server::{Reply, Server};

/// 404 at `/no`, 200 otherwise.
fn server() -> Server {
    Server::start(|request| match request.path.as_str() {
        "/no" => Reply::json(404, "{}"),
        _ => Reply::ok("{\"state\":\"running\",\"items\":[]}"),
    })
}

fn case(id: &str, path: &str, rest: &str) -> String {
    format!("scenario: {id}\nid: {id}\nsteps:\n  - request: GET {path}\n{rest}")
}

fn passes() -> String {
    case("passes", "/yes", "    expect: 200\n")
}

fn fails() -> String {
    case("fails", "/no", "    expect: 200\n")
}

fn warns() -> String {
    case("warns", "/yes", "    expect: 200\n    should: { json: { $.state: done } }\n")
}

fn run<const N: usize>(text: &str, args: [&str; N]) -> (Bench, Ran) {
    let server = server();
    let bench = Bench::new().file("all.yaml", text);
    let url = server.url();
    let given =
        ["--seed", "7", "--jobs", "1", "--base-url", &url, "--report", "junit=run.xml", "--report", "log=run.ndjson"];
    let ran = bench.assize(["run", "all.yaml"]).args(given).args(args).run();
    (bench, ran)
}

#[test]
fn what_can_judge_nothing_is_refused_before_anything_is_sent() {
    for (what, text) in [
        ("an empty file", String::new()),
        ("a file of comments", "# scenario: later\n".to_owned()),
        ("a scenario without steps", "scenario: A\nsteps: []\n".to_owned()),
        ("a step without checks", case("a", "/yes", "")),
        ("a block without checks", case("a", "/yes", "    expect: {}\n")),
        ("a capture alone", case("a", "/yes", "    capture: { state: $.state }\n")),
        ("a poll without an end", case("a", "/yes", "    poll: { every: 10ms, for: 50ms }\n")),
        ("a pattern that matches all", case("a", "/yes", "    expect: { json: { $.state: { matches: \".*\" } } }\n")),
        ("a schema that holds for all", case("a", "/yes", "    expect: { schema: true }\n")),
        ("a word that is no check", case("a", "/yes", "    expect: { statsu: 200 }\n")),
    ] {
        let server = server();
        let bench = Bench::new().file("all.yaml", &text);
        let ran = bench.run(["run", "all.yaml", "--base-url", &server.url()]).exits(2);
        assert_eq!((ran.stdout.as_str(), server.seen().len()), ("", 0), "{what}");
    }
}

#[test]
fn a_case_that_came_to_no_check_of_a_promise_never_passes() {
    for (what, text, code, verdict) in [
        (
            "preconditions alone",
            case("a", "/yes", "    given: 200\n"),
            3,
            "0 passed, 0 failed, 1 broken (exit 3 ERROR)",
        ),
        (
            "each of no items",
            case("a", "/yes", "    expect: { json: { \"$.items[*]\": { type: string } } }\n"),
            1,
            "0 passed, 1 failed (exit 1 FAIL)",
        ),
        (
            "a poll that never came to hold",
            case("a", "/yes", "    poll: { until: { json: { $.state: done } }, every: 10ms, for: 50ms }\n"),
            1,
            "0 passed, 1 failed (exit 1 FAIL)",
        ),
        (
            "a precondition that did not hold",
            case("a", "/no", "    given: 200\n") + "  - request: GET /yes\n    expect: 200\n",
            3,
            "0 passed, 0 failed, 1 blocked (exit 3 ERROR)",
        ),
    ] {
        let (_, ran) = run(&text, []);
        assert_eq!((ran.status.code(), ran.verdict()), (Some(code), verdict), "{what}: {ran}");
    }
    // Beside one that passes, too.
    let (_, ran) = run(&format!("{}---\n{}", passes(), case("a", "/yes", "    given: 200\n")), []);
    assert_eq!(ran.exits(3).verdict(), "1 passed, 0 failed, 1 broken (exit 3 ERROR)");
}

#[test]
fn a_selection_of_which_a_part_means_nothing_is_refused_though_another_part_does() {
    let tagged = passes().replace("steps:", "tags: [quick]\nsteps:");
    for args in [
        ["passes", "pases"],
        ["--tag=quick", "--tag=quik"],
        ["--tag=quick", "--requirement=R-1"],
        ["--tag=quick", "--variant=new"],
        ["passes", "all.yaml:900"],
    ] {
        let (_, ran) = run(&tagged, args);
        assert_eq!(ran.stdout, "", "{args:?}");
        ran.exits(2);
    }
    let (_, ran) = run(&tagged, ["--tag", "quick and not quick"]);
    assert_eq!(ran.exits(4).verdict(), "0 passed, 0 failed (exit 4 NOTHING)");
}

#[test]
fn no_environment_makes_a_failure_pass() {
    for (name, value) in [
        ("CI", "true"),
        ("NO_COLOR", "1"),
        ("TERM", "dumb"),
        ("COLUMNS", "0"),
        ("ASSIZE_FLAKY", "warn"),
        ("ASSIZE_FAIL_ON", "must"),
        ("ASSIZE_FROZEN", "1"),
        ("ASSIZE_FORMAT", "json"),
        ("ASSIZE_JOBS", "64"),
        ("RUST_LOG", "off"),
    ] {
        let server = server();
        let bench = Bench::new().file("all.yaml", &fails());
        let ran = bench.assize(["run", "all.yaml", "--base-url", &server.url()]).env(name, value).run();
        assert_eq!(ran.status.code(), Some(1), "{name}={value}: {ran}");
    }
    // What is no word of a gate is refused, not taken for the usual one.
    for (name, value) in
        [("ASSIZE_FAIL_ON", "Should"), ("ASSIZE_FLAKY", "never"), ("ASSIZE_SHARD", "0/2"), ("ASSIZE_RETRIES", "-1")]
    {
        let bench = Bench::new().file("all.yaml", &passes());
        let ran = bench.assize(["run", "all.yaml", "--base-url", "http://127.0.0.1:1"]).env(name, value).run();
        assert_eq!((ran.status.code(), ran.stdout.as_str()), (Some(2), ""), "{name}={value}: {ran}");
    }
}

#[test]
fn a_should_fails_the_run_where_the_gate_says_so_and_every_report_shows_it() {
    let text = format!("{}---\n{}", passes(), warns());
    let (bench, ran) = run(&text, []);
    assert_eq!(ran.exits(0).verdict(), "1 passed, 1 warned, 0 failed (exit 0 PASS)");
    assert_eq!(Junit::read(&bench, "run.xml").report.failures, 0);
    let (bench, ran) = run(&text, ["--fail-on", "should", "--report", "html=run.html"]);
    let ran = ran.exits(1);
    assert_eq!(ran.verdict(), "1 passed, 1 warned, 0 failed (exit 1 FAIL)");
    assert!(ran.stdout.contains("failed by the gate: 1 warned (--fail-on should)"), "{ran}");
    let junit = Junit::read(&bench, "run.xml");
    assert_eq!((junit.report.failures, junit.count("warned")), (1, 1));
    assert!(bench.read("run.html").contains("1 warned (--fail-on should)"));
    // The record holds the gate, so that nobody reads it more mildly.
    let again = bench.run(["replay", "run.ndjson", "--report", "junit=again.xml"]).exits(1);
    assert_eq!((again.stdout, bench.read("again.xml")), (ran.stdout, bench.read("run.xml")));
}

#[test]
fn after_enough_failures_no_case_is_started_and_the_rest_is_skipped() {
    let text = [fails(), case("slow", "/no", "    expect: 200\n"), passes(), warns()].join("---\n");
    let (bench, ran) = run(&text, ["--max-fail", "1"]);
    let ran = ran.exits(1);
    assert_eq!(ran.verdict(), "0 passed, 1 failed, 3 skipped (exit 1 FAIL)");
    assert!(ran.stdout.contains("3 cases: max-fail: 1 failed, and 1 are enough"), "{ran}");
    assert_eq!(Junit::read(&bench, "run.xml").totals(), "0 passed, 1 failed, 3 skipped");
    assert_eq!(bench.run(["replay", "run.ndjson"]).exits(1).stdout, ran.stdout);
    // Fewer failures than that stop nothing; what the gate counts as a failure counts here.
    let (_, ran) = run(&text, ["--max-fail", "3"]);
    assert_eq!(ran.exits(1).verdict(), "1 passed, 1 warned, 2 failed (exit 1 FAIL)");
    let text = [warns(), passes()].join("---\n");
    let (_, ran) = run(&text, ["--max-fail", "1", "--fail-on", "should"]);
    assert_eq!(ran.exits(1).verdict(), "0 passed, 1 warned, 0 failed, 1 skipped (exit 1 FAIL)");
}

#[test]
fn a_reader_that_has_gone_and_a_report_that_cannot_be_kept_are_no_pass() {
    let server = server();
    let bench = Bench::new().file("all.yaml", &passes());
    let args = ["run", "all.yaml", "--base-url", &server.url(), "--report", "junit=run.xml"];
    let ran = bench.assize(args).stdout_to_nobody().run();
    assert_eq!(ran.status.code(), Some(74), "{ran}");
    assert_eq!(Junit::read(&bench, "run.xml").totals(), "1 passed, 0 failed");
    let ran = bench.run(["run", "all.yaml", "--base-url", &server.url(), "--report", "junit=/dev/full"]).exits(74);
    assert_eq!(ran.verdict(), "1 passed, 0 failed (exit 74 IOERR)");
}
