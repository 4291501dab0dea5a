//! Only what did not pass the last time.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::bench::{Bench, Ran};
use crate::server::{Reply, Server};

const SUITE: &str = "\
scenario: One
id: one
steps:
  - request: GET /one
    expect: 200
---
scenario: Two
id: two
steps:
  - request: GET /two
    expect: 200
---
scenario: Three
id: three
steps:
  - request: GET /three
    expect: 200
";

/// `/two` and `/three` are not found until `mended`.
fn server(mended: &Arc<AtomicBool>) -> Server {
    let mended = Arc::clone(mended);
    Server::start(move |request| {
        let is_bad = request.path != "/one" && !mended.load(Ordering::SeqCst);
        Reply::json(if is_bad { 404 } else { 200 }, "{}")
    })
}

fn run<const N: usize>(bench: &Bench, server: &Server, args: [&str; N]) -> Ran {
    bench.assize(["run", "all.yaml", "--jobs", "1", "--base-url", &server.url()]).args(args).run()
}

#[test]
fn only_what_did_not_pass_runs_again_until_nothing_is_left() {
    let mended = Arc::new(AtomicBool::new(false));
    let server = server(&mended);
    let bench = Bench::new().file("all.yaml", SUITE);
    let ran = run(&bench, &server, ["--last-failed"]).exits(2);
    assert_eq!(
        ran.stderr,
        "error: there is no record of a last run of `all.yaml` against `command-line`: \
         a run without `--last-failed` leaves one, except in CI\n"
    );
    run(&bench, &server, []).exits(1);
    let before = server.seen().len();
    run(&bench, &server, ["--last-failed"]).exits(1);
    assert_eq!(server.lines()[before..], ["GET /two", "GET /three"]);
    // A run of one case changes what is known of that case alone.
    mended.store(true, Ordering::SeqCst);
    run(&bench, &server, ["two"]).exits(0);
    let ran = run(&bench, &server, ["--last-failed"]).exits(0);
    assert_eq!(ran.verdict(), "1 passed, 0 failed (exit 0 PASS)");
    let ran = run(&bench, &server, ["--last-failed"]).exits(4);
    assert_eq!(ran.verdict(), "0 passed, 0 failed (exit 4 NOTHING)");
    assert_eq!(ran.stderr, "the last run of `all.yaml` against `command-line` left nothing open\n");
}

#[test]
fn what_was_not_run_for_enough_had_failed_keeps_what_was_known_of_it() {
    let mended = Arc::new(AtomicBool::new(false));
    let server = server(&mended);
    let bench = Bench::new().file("all.yaml", SUITE);
    run(&bench, &server, []).exits(1);
    run(&bench, &server, ["--max-fail", "1"]).exits(1);
    mended.store(true, Ordering::SeqCst);
    let ran = run(&bench, &server, ["--last-failed"]).exits(0);
    assert_eq!(ran.verdict(), "2 passed, 0 failed (exit 0 PASS)");
}

#[test]
fn a_case_that_is_gone_is_named_and_where_none_is_left_nothing_ran() {
    let server = server(&Arc::default());
    let bench = Bench::new().file("all.yaml", SUITE);
    run(&bench, &server, []).exits(1);
    bench.write("all.yaml", &SUITE.replace("id: two", "id: second").replace("id: three", "id: third"));
    let ran = run(&bench, &server, ["--last-failed"]).exits(4);
    assert!(ran.stderr.contains("warning: `two` did not pass the last time, and is not selected now\n"), "{ran}");
}

#[test]
fn in_ci_nothing_is_kept_and_no_record_lies_beside_the_suite() {
    let server = server(&Arc::default());
    let bench = Bench::new().file("all.yaml", SUITE);
    bench.assize(["run", "all.yaml", "--base-url", &server.url()]).env("CI", "true").run().exits(1);
    run(&bench, &server, ["--frozen"]).exits(1);
    assert!(!bench.path(".local").exists());
    let state = bench.path("state");
    let kept =
        bench.assize(["run", "all.yaml", "--base-url", &server.url()]).env("XDG_STATE_HOME", state.to_str().unwrap());
    kept.run().exits(1);
    assert!(bench.path("state/assize/last-run").is_dir());
    let ran = run(&bench, &server, ["--last-failed", "--shard", "1/2"]).exits(2);
    assert!(ran.stderr.contains("cannot be used with '--shard <K/N>'"), "{ran}");
}
