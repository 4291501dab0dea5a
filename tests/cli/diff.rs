//! Two recorded runs, compared.

use crate::bench::Bench;
use crate::server::{Reply, Request, Server};

const SUITE: &str = "\
scenario: The first
id: first
steps:
  - { step: look, request: GET /first, expect: 200 }
---
scenario: The second
id: second
steps:
  - { step: look, request: GET /second, expect: 200 }
---
scenario: The third
id: third
retry: 1
steps:
  - { step: look, request: GET /third, expect: 200 }
";

fn record(bench: &Bench, log: &str, answer: impl Fn(&Request) -> Reply + Send + Sync + 'static) {
    let server = Server::start(answer);
    let report = format!("log={log}");
    let url = server.url();
    bench.assize(["run", "all.yaml", "--seed", "7", "--base-url", &url, "--report", &report]).run();
}

#[test]
fn what_fails_now_is_a_regression_and_fails_the_comparison() {
    let bench = Bench::new().file("all.yaml", SUITE);
    let only = |broken: &'static str| {
        move |request: &Request| Reply::json(if request.path == broken { 500 } else { 200 }, "{}")
    };
    record(&bench, "a.ndjson", only("/first"));
    record(&bench, "b.ndjson", only("/second"));
    let ran = bench.run(["diff", "a.ndjson", "b.ndjson"]).exits(1);
    insta::assert_snapshot!(ran.golden());
    // What failed before and fails in the same way is no news.
    assert_eq!(
        bench.run(["diff", "a.ndjson", "a.ndjson"]).exits(0).verdict(),
        "0 regressions, 0 fixed, 3 as before (exit 0 PASS)"
    );
}

#[test]
fn a_case_that_needs_a_second_try_now_is_flaky_and_no_regression() {
    let bench = Bench::new().file("all.yaml", SUITE);
    record(&bench, "a.ndjson", |_| Reply::ok("{}"));
    let tries = std::sync::atomic::AtomicU32::new(0);
    record(&bench, "b.ndjson", move |request| {
        let is_first = request.path == "/third" && tries.fetch_add(1, std::sync::atomic::Ordering::SeqCst) == 0;
        Reply::json(if is_first { 500 } else { 200 }, "{}")
    });
    let ran = bench.run(["diff", "a.ndjson", "b.ndjson"]).exits(0);
    assert!(ran.stdout.contains("flaky now\n  third  passed → flaky\n"), "{ran}");
}

#[test]
fn cases_that_are_new_or_gone_and_a_suite_that_changed_are_told() {
    let bench = Bench::new().file("all.yaml", SUITE);
    record(&bench, "a.ndjson", |_| Reply::ok("{}"));
    bench.write("all.yaml", &SUITE.replace("id: third", "id: fourth"));
    record(&bench, "b.ndjson", |_| Reply::ok("{}"));
    let ran = bench.run(["diff", "a.ndjson", "b.ndjson"]).exits(0);
    for part in ["other suite digest: ", "new\n  fourth  passed\n", "no longer there\n  third  passed\n"] {
        assert!(ran.stdout.contains(part), "{part}: {ran}");
    }
    assert_eq!(ran.verdict(), "0 regressions, 0 fixed, 1 new, 1 gone, 2 as before (exit 0 PASS)");
}

#[test]
fn what_is_no_record_of_a_run_is_refused() {
    let bench = Bench::new().file("empty.ndjson", "").file("a.txt", "no log\n");
    for log in ["empty.ndjson", "a.txt", "nowhere"] {
        let ran = bench.run(["diff", log, log]).exits(2);
        assert!(ran.stderr.starts_with(&format!("error: `{log}`")), "{ran}");
    }
}
