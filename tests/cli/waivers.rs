//! Known failures: what a waiver forgives, and every way in which it does not.

use crate::bench::{Bench, Ran};
use crate::junit::Junit;
use crate::server::{Reply, Server};

const SUITE: &str = "\
suite: shop
version: 1.0.0
title: A shop
variants: { new: of today, old: of yesterday }
";
const REQUIREMENTS: &str = "\
catalogue: shop
requirements:
  - { id: SH-001, level: MUST, actor: server, text: Orders are listed., source: { section: 1, basis: stated } }
  - { id: SH-002, level: MUST, actor: server, text: A refund is made., source: { section: 2, basis: stated } }
  - { id: SH-003, level: SHOULD, actor: server, text: Lists say how old they are., source: { section: 3, basis: stated } }
  - { id: SH-004, level: MUST, actor: client, text: Clients pay., source: { section: 4, basis: stated } }
";
const SCENARIOS: &str = "\
scenario: Orders are listed
id: orders
verifies: [SH-001, SH-003]
steps:
  - step: list
    verifies: [SH-001]
    request: GET /orders
    expect: { status: 200, json: { $.total: 3 } }
  - step: age
    verifies: [SH-003]
    request: GET /orders
    expect: { headers: { age: { exists: true } } }
---
scenario: A refund is made
id: refund
verifies: [SH-002]
variants: [new]
steps:
  - step: login
    request: GET /login
    given: 200
  - step: pay
    request: POST /refunds
    expect: { status: 202, json: { $.state: made } }
  - step: see
    request: GET /refunds
    expect: 200
";
const TARGETS: &str = "\
targets:
  shop:
    default: true
    variants:
      new: { base_url: \"URL/new\" }
      old: { base_url: \"URL/old\" }
";

/// Lists have no age; the old shop counts wrongly; refunds are not found.
fn server() -> Server {
    Server::start(|request| match request.path.as_str() {
        "/old/orders" => Reply::ok("{\"total\":2}"),
        "/new/orders" => Reply::ok("{\"total\":3}"),
        "/new/refunds" => Reply::json(404, "{\"state\":\"made\"}"),
        _ => Reply::ok("{}"),
    })
}

fn shop(server: &Server) -> Bench {
    Bench::new()
        .file("specs/shop/suite.yaml", SUITE)
        .file("specs/shop/requirements.yaml", REQUIREMENTS)
        .file("specs/shop/scenarios/all.yaml", SCENARIOS)
        .file("specs/shop/targets.yaml", &TARGETS.replace("URL", &server.url()))
}

/// So many days from today, in UTC.
pub(crate) fn day(ahead: i64) -> String {
    let today = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
    today.checked_add(jiff::Span::new().days(ahead)).unwrap().to_string()
}

/// A waiver; `finding` may be empty.
fn waiver(id: &str, check: &str, finding: &str, days: i64) -> String {
    let finding = if finding.is_empty() { String::new() } else { format!("    finding: {finding}\n") };
    format!(
        "  - id: {id}\n    check: {check}\n{finding}    reason: the tenant is old\n    owner: api-team\n    \
         issue: https://tracker.example/API-431\n    expires: {}\n",
        day(days)
    )
}

fn run<const N: usize>(bench: &Bench, waivers: &[String], args: [&str; N]) -> Ran {
    bench.write("waivers.yaml", &format!("waivers:\n{}", waivers.concat()));
    bench
        .assize(["run", "--seed", "7", "--jobs", "1", "--report", "log=run.ndjson", "--report", "junit=run.xml"])
        .args(args)
        .run()
}

/// All that fails in the shop, each by its own check.
fn honest() -> [String; 4] {
    [
        waiver("W-1", "orders@old#list.expect.json[$.total]", "json-mismatch", 41),
        waiver("W-2", "orders@new#age.expect.headers[age]", "header-missing", 41),
        waiver("W-3", "refund@new#pay.expect.status", "", 0),
        waiver("W-4", "orders@old#age.expect.headers[age]", "", 41),
    ]
}

/// The run with days and dates made the same.
fn golden(ran: &Ran) -> String {
    [0, 41, -3].iter().fold(ran.golden(), |text, ahead| text.replace(&day(*ahead), &format!("DAY{ahead:+}")))
}

#[test]
fn what_fails_as_said_is_known_and_shown_apart() {
    let server = server();
    let bench = shop(&server);
    // `orders@old` ends at its first step, so that the waiver for its second would have nothing to forgive.
    let ran = run(&bench, &honest()[..3], []).exits(0);
    assert_eq!(ran.verdict(), "0 passed, 3 known, 0 failed (exit 0 PASS)");
    insta::assert_snapshot!(golden(&ran));
    let report = Junit::read(&bench, "run.xml").report;
    assert_eq!((report.tests, report.failures, report.skipped), (3, 0, 3), "{ran}");
    let xml = bench.read("run.xml");
    for property in [
        "name=\"waiver\" value=\"W-3\"",
        "name=\"waiver-owner\" value=\"api-team\"",
        "name=\"waiver-reason\" value=\"the tenant is old\"",
        "name=\"waiver-days-left\" value=\"0\"",
        "name=\"waived-check\" value=\"refund@new#pay.expect.status\"",
        "message=\"waiver W-3 (api-team, its last day: the tenant is old): expected 202, got 404",
    ] {
        assert!(xml.contains(property), "{property}\n{xml}");
    }
}

#[test]
fn replay_forgives_what_the_run_forgave_to_the_byte() {
    let server = server();
    let bench = shop(&server);
    let ran = run(&bench, &honest(), []).exits(1);
    // Waivers that have come since change nothing of a run that was recorded.
    bench.write("waivers.yaml", "waivers: []\n");
    let reports = ["--report", "log=again.ndjson", "--report", "junit=again.xml"];
    let again = bench.assize(["replay", "run.ndjson"]).args(reports).run().exits(1);
    assert_eq!(again.stderr, "judged again: every finding is as it was recorded\n");
    assert_eq!(again.stdout, ran.stdout);
    assert_eq!(bench.read("again.ndjson"), bench.read("run.ndjson"));
    assert_eq!(bench.read("again.xml"), bench.read("run.xml"));
}

/// Runs with these waivers, and looks for this text on stdout.
#[track_caller]
fn assert_told(waivers: &[String], args: [&str; 1], code: i32, told: &str) -> Ran {
    let server = server();
    let ran = run(&shop(&server), waivers, args).exits(code);
    assert!(ran.stdout.contains(told), "{told}\n{ran}");
    ran
}

#[test]
fn a_waiver_of_a_check_that_passes_fails_the_run() {
    let waivers = [honest()[1].clone(), waiver("W-9", "orders@new#list.expect.status", "status-mismatch", 5)];
    let ran = assert_told(&waivers, ["orders@new"], 1, "✗ W-9  what it waives does not fail any more: remove it");
    assert_eq!(ran.verdict(), "0 passed, 1 known, 0 failed (exit 1 FAIL)");
}

#[test]
fn a_waiver_of_what_fails_otherwise_forgives_nothing_and_fails_the_run() {
    let waivers = [waiver("W-3", "refund@new#pay.expect.status", "json-missing", 5)];
    let told = "✗ W-3  what it waives fails with `status-mismatch`, not with `json-missing`";
    let ran = assert_told(&waivers, ["refund"], 1, told);
    assert_eq!(ran.verdict(), "0 passed, 1 failed (exit 1 FAIL)");
}

#[test]
fn an_expired_waiver_forgives_nothing_and_fails_the_run() {
    let server = server();
    let bench = shop(&server);
    let ran = run(&bench, &[waiver("W-3", "refund@new#pay.expect.status", "", -3)], ["refund"]).exits(1);
    assert_eq!(ran.verdict(), "0 passed, 1 failed (exit 1 FAIL)");
    insta::assert_snapshot!(golden(&ran));
    let xml = bench.read("run.xml");
    let report = Junit::read(&bench, "run.xml").report;
    assert_eq!((report.tests, report.failures, report.skipped), (2, 2, 0));
    assert!(xml.contains("<testcase name=\"waiver W-3\""), "{xml}");
    assert!(xml.contains("classname=\"shop.waivers\""), "{xml}");
    // And where nothing fails but the waiver, the waiver does.
    let waivers = [honest()[1].clone(), waiver("W-8", "orders@new#list.expect.status", "", -3)];
    assert_told(&waivers, ["orders@new"], 1, "✗ W-8  its last day was");
}

#[test]
fn a_whole_scenario_is_waived_for_one_kind_of_failure_and_no_other() {
    // Another step of the same scenario fails otherwise.
    let waivers = [waiver("W-5", "orders", "header-missing", 5)];
    let ran = assert_told(&waivers, ["orders"], 1, "✗ failed: orders@old");
    assert_eq!(ran.verdict(), "0 passed, 1 known, 1 failed (exit 1 FAIL)");
    // A failure that is waived does not forgive another beside it, in the same answer.
    let server = Server::start(|request| match request.path.as_str() {
        "/new/refunds" => Reply::json(404, "{\"state\":\"lost\"}"),
        _ => Reply::ok("{}"),
    });
    let ran = run(&shop(&server), &[waiver("W-6", "refund", "status-mismatch", 5)], ["refund"]).exits(1);
    assert_eq!(ran.verdict(), "0 passed, 1 failed (exit 1 FAIL)");
    assert!(ran.stdout.contains("known[status-mismatch]"), "{ran}");
    assert!(ran.stdout.contains("error[json-mismatch]"), "{ran}");
}

#[test]
fn a_requirement_that_is_waived_is_not_kept() {
    let ran = assert_told(
        &[waiver("W-5", "SH-003", "header-missing", 5)],
        ["orders@new"],
        0,
        "requirements kept: MUST 1/1  SHOULD 0/1",
    );
    assert!(ran.stdout.contains("waived     SH-003 (SHOULD): Lists say how old they are."), "{ran}");
}

#[test]
fn a_precondition_and_what_could_not_be_judged_are_never_waived() {
    let down = || {
        Server::start(|request| match request.path.as_str() {
            "/new/login" => Reply::json(500, "{}"),
            _ => Reply::json(503, "{}"),
        })
    };
    let server = down();
    let ran = run(&shop(&server), &[waiver("W-5", "refund", "status-mismatch", 5)], ["refund"]).exits(3);
    assert_eq!(ran.verdict(), "0 passed, 0 failed, 1 blocked (exit 3 ERROR)");
    let ran = run(&shop(&server), &[waiver("W-5", "orders", "status-mismatch", 5)], ["orders@new"]).exits(3);
    assert_eq!(ran.verdict(), "0 passed, 0 failed, 1 inconclusive (exit 3 ERROR)");
}

#[test]
fn a_waiver_of_cases_that_were_not_selected_is_silent() {
    let waivers = [honest()[1].clone(), honest()[2].clone(), waiver("W-8", "orders@old#list.expect.status", "", -3)];
    let ran = assert_told(&waivers, ["orders@new"], 0, "≈ W-2  api-team, 41 days left");
    assert!(!ran.stdout.contains("W-3") && !ran.stdout.contains("W-8"), "{ran}");
}

#[test]
fn a_waiver_of_a_step_that_is_never_reached_fails_the_run() {
    // The first waived failure ends the case.
    assert_told(&honest(), ["orders@old"], 1, "✗ W-4  nothing that ran is what it names");
}

#[test]
fn waivers_that_cannot_be_meant_are_refused_before_anything_is_sent() {
    let server = server();
    let bench = shop(&server);
    let late = waiver("W-1", "refund@new#pay.expect.status", "", 181);
    assert!(run(&bench, &[late], []).exits(2).stderr.contains("bad-waiver"));
    let waivers = [
        waiver("W-1", "refund@new#pay.expect.status", "", 5),
        waiver("W-1", "refund@new#see.expect.status", "", 5),
        waiver("W-2", "refund@new#pay.expect.status", "status-mismatch", 5),
        waiver("W-3", "refund@new#pya.expect.status", "", 5),
        waiver("W-4", "refund@new#pay.expect.stats", "", 5),
        waiver("W-5", "refnud@new", "status-mismatch", 5),
        waiver("W-6", "'refund*'", "status-mismatch", 5),
        waiver("W-7", "SH-0002", "status-mismatch", 5),
        waiver("W-8", "SH-004", "status-mismatch", 5),
        waiver("W-9", "refund", "status-mismtach", 5),
        waiver("W-10", "refund", "", 5),
        waiver("W-11", "refund@new#login.given.status", "", 5),
        waiver("W-12", "refund@old#pay.expect.status", "", 5),
        "  - { id: W-13, check: refund, finding: status-mismatch, reason: '', owner: me, expires: soon }\n".to_owned(),
        "  - { id: W-14, check: refund, finding: status-mismatch, reason: why, until: 2027-01-01 }\n".to_owned(),
    ];
    let ran = run(&bench, &waivers, []).exits(2);
    assert_eq!(ran.stdout, "");
    insta::assert_snapshot!(ran.golden().replace(&day(5), "DAY+5"));
    assert_eq!(server.seen(), []);
}

#[test]
fn the_suites_and_the_operators_waivers_both_count_and_no_id_is_there_twice() {
    let server = server();
    let bench = shop(&server);
    let [one, two, three, _] = honest();
    bench.write("specs/shop/waivers.yaml", &format!("waivers:\n{one}"));
    run(&bench, &[two.clone(), three.clone()], []).exits(0);
    bench.run(["check", "specs/shop"]).exits(0);
    bench.write("specs/shop/waivers.yaml", &format!("waivers:\n{}", one.replace("expires", "until")));
    assert!(bench.run(["check", "specs/shop"]).exits(2).stderr.contains("specs/shop/waivers.yaml:8:5"));
    bench.write("specs/shop/waivers.yaml", &format!("waivers:\n{one}"));
    let ran = run(&bench, &[one.clone(), two.clone(), three.clone()], []).exits(2);
    assert!(ran.stderr.contains("two waivers are called `W-1`"), "{ran}");
    // A named file stands in for the one that would be found.
    bench.write("mine.yaml", &format!("waivers:\n{two}{three}"));
    run(&bench, std::slice::from_ref(&one), ["--waivers", "mine.yaml"]).exits(0);
    let ran = bench.assize(["run", "--seed", "7"]).env("ASSIZE_WAIVERS", "mine.yaml").run().exits(0);
    assert_eq!(ran.verdict(), "0 passed, 3 known, 0 failed (exit 0 PASS)");
    let ran = run(&bench, &[], ["--waivers", "nowhere.yaml"]).exits(2);
    assert!(ran.stderr.starts_with("error: `nowhere.yaml` cannot be read"), "{ran}");
}

#[test]
fn a_known_failure_is_not_tried_again_and_one_that_failed_otherwise_before_is_not_known() {
    let scenario = "\
scenario: Answers now and then
id: now-and-then
retry: 1
steps:
  - step: ask
    request: GET /ask
    expect: { status: 200, json: { $.a: 1 } }
";
    let bench = Bench::new().file("shop.yaml", scenario);
    let waivers = [waiver("W-1", "now-and-then#ask.expect.status", "status-mismatch", 5)];
    let server = Server::start(|_| Reply::json(404, "{\"a\":1}"));
    let url = server.url();
    let args = ["shop.yaml", "--base-url", url.as_str()];
    let ran = run(&bench, &waivers, args).exits(0);
    assert_eq!(ran.verdict(), "0 passed, 1 known, 0 failed (exit 0 PASS)");
    assert_eq!(server.lines(), ["GET /ask"]);

    let asked = std::sync::atomic::AtomicU32::new(0);
    let server = Server::start(move |_| match asked.fetch_add(1, std::sync::atomic::Ordering::SeqCst) {
        0 => Reply::json(200, "{\"a\":2}"),
        _ => Reply::json(404, "{\"a\":1}"),
    });
    let url = server.url();
    let ran = run(&bench, &waivers, ["shop.yaml", "--base-url", url.as_str()]).exits(1);
    assert_eq!(ran.verdict(), "0 passed, 1 failed (exit 1 FAIL)");
    let again = bench.run(["replay", "run.ndjson"]).exits(1);
    assert_eq!(again.stderr, "judged again: every finding is as it was recorded\n");
}
