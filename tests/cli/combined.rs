//! What is tested alone elsewhere, put together: setup, sets, flows, tries, waivers, undo, sign-in, signals. Whatever
//! came of a run, its record is judged again to the same bytes and the same exit code.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::bench::{Bench, Ran};
use crate::server::{Reply, Request, Server};

/// How long a condition may take to hold.
const LIMIT: Duration = Duration::from_secs(20);

fn wait_until(mut holds: impl FnMut() -> bool) {
    let began = Instant::now();
    while !holds() {
        assert!(began.elapsed() < LIMIT, "it never came to hold");
        std::thread::yield_now();
    }
}

/// The record, judged again, is the same to the byte, and so is every report of it.
#[track_caller]
fn assert_replays(bench: &Bench, code: i32) {
    let args = ["--report", "log=again.ndjson", "--report", "junit=again.xml"];
    let again = bench.assize(["replay", "run.ndjson"]).args(args).run().exits(code);
    assert_eq!(again.stderr, "judged again: every finding is as it was recorded\n");
    assert_eq!(bench.read("again.ndjson"), bench.read("run.ndjson"));
    assert_eq!(bench.read("again.xml"), bench.read("junit.xml"));
}

/// Runs what is there, and judges the record again.
#[track_caller]
fn run_twice<const N: usize>(bench: &Bench, more: [&str; N], code: i32) -> Ran {
    let reports = ["--report", "log=run.ndjson", "--report", "junit=junit.xml"];
    let invocation = bench.assize(["run", "--seed", "7"]).args(reports).args(more);
    let ran = invocation.env("MANAGER", "not-a-secret-manager").run().exits(code);
    assert_replays(bench, code);
    ran
}

fn bare(text: &str) -> Bench {
    Bench::new().file("specs/shop/suite.yaml", SUITE).file("specs/shop/scenarios/all.yaml", text)
}

const SUITE: &str = "suite: shop\nversion: 1.0.0\ntitle: A shop\n";
const WITH_HOST: &str = "\
suite: shop
version: 1.0.0
title: A shop
provides:
  identities: { manager: who opens shops }
  endpoints: { host: where shops are opened }
  variables: { number: of the shop }
secret: [ $..access_token ]
";

fn target(server: &Server, more: &str) -> String {
    format!("targets:\n  shop:\n    default: true\n    base_url: {}\n{more}", server.url())
}

const MANAGER: &str = "    identities:
      manager:
        oauth2:
          grant: client_credentials
          token_url: URL/token
          client: { id: manager, secret: { env: MANAGER }, via: post }
";

fn token(request: &Request) -> Option<Reply> {
    let answer = "{\"access_token\":\"not-a-secret-token-1\",\"expires_in\":3600}";
    (request.path == "/token").then(|| Reply::ok(answer))
}

const WITH_SETUP: &str = "    setup: { flow: open, as: manager }
    teardown: { flow: close, as: manager }
    variables: { number: $(shop) }
";

const OPEN: &str = "\
flow: open
outputs: [shop, other, key]
steps:
  - step: sign-in
    request: POST $(host)/token
    given: 200
    capture: { key: $.access_token }
  - step: both
    together:
      - { step: shop, request: POST $(host)/shops, as: { device: nobody, bearer: $(key) }, given: 201, capture: { shop: $.number }, undo: { request: DELETE $(host)/made/$(shop) } }
      - { step: other, request: POST $(host)/shops, given: 201, capture: { other: $.number } }
";
const CLOSE: &str = "\
flow: close
inputs: [shop, other, key]
steps:
  - step: both
    together:
      - { step: shop, request: DELETE $(host)/shops/$(shop), as: { device: nobody, bearer: $(key) }, given: 204 }
      - { step: other, request: DELETE $(host)/shops/$(other), given: 204 }
";
const RACE: &str = "\
flow: race
inputs: [place]
outputs: [orders, place]
steps:
  - step: orders
    together:
      - { step: first, request: POST /orders/$(place), collect: { orders: $.id }, undo: [{ request: POST /find/$(place), capture: { found: $.id } , done: [299] }, { request: DELETE /orders/$(found) }] }
      - { step: pause, elapse: 1ms }
      - { step: second, after: 1ms, request: POST /orders/$(place), collect: { orders: $.id }, should: 200 }
    expect: { statuses: [201, 409] }
";
const ORDERS: &str = "\
scenario: Two orders at a time
id: orders
retry: 1
steps:
  - use: race
    with: { place: $(number) }
    capture: { echoed: place }
    collect: { all: orders }
  - step: look
    request: GET /orders
    expect: { status: 200, values: { all: { length: 2 }, echoed: $(number) } }
";

/// A shop for each case. `orders` answers what is asked of orders by the number of such requests so far.
fn shops(orders: impl Fn(&Request, usize) -> Reply + Send + Sync + 'static) -> Server {
    let (made, asked) = (AtomicUsize::new(0), AtomicUsize::new(0));
    Server::start(move |request| {
        if let Some(reply) = token(request) {
            return reply;
        }
        match (request.method.as_str(), request.path.split('/').nth(1)) {
            ("POST", Some("shops")) => {
                Reply::json(201, &format!("{{\"number\":{}}}", made.fetch_add(1, Ordering::SeqCst) + 1))
            }
            ("DELETE", _) => Reply::empty(204),
            ("POST", Some("find")) => Reply::ok("{\"id\":\"o-9\"}"),
            _ => orders(request, asked.fetch_add(1, Ordering::SeqCst)),
        }
    })
}

fn with_setup(server: &Server, scenario: &str) -> Bench {
    let manager = MANAGER.replace("URL", &server.url());
    let endpoints = format!("    endpoints: {{ host: {} }}\n", server.url());
    bare(scenario)
        .file("specs/shop/suite.yaml", WITH_HOST)
        .file("specs/shop/flows/open.yaml", OPEN)
        .file("specs/shop/flows/close.yaml", CLOSE)
        .file("specs/shop/flows/race.yaml", RACE)
        .file("assize.yaml", &target(server, &[WITH_SETUP, &manager, &endpoints].concat()))
}

#[test]
fn a_set_in_a_flow_is_tried_again_on_what_setup_made_anew_and_all_of_it_is_removed() {
    // The first try sees two orders succeed, which must not be; the second sees one.
    let server = shops(|request, asked| match request.method.as_str() {
        "GET" => Reply::ok("[]"),
        _ => Reply::json(if asked == 3 { 409 } else { 201 }, &format!("{{\"id\":\"o-{asked}\"}}")),
    });
    let bench = with_setup(&server, ORDERS);
    let ran = run_twice(&bench, [], 0);
    assert_eq!(ran.verdict(), "0 passed, 1 flaky, 0 failed (exit 0 PASS)");
    let lines = server.lines();
    let count = |line: &str| lines.iter().filter(|known| known.starts_with(line)).count();
    assert_eq!((count("POST /shops"), count("DELETE /shops"), count("DELETE /made")), (4, 4, 2), "{lines:?}");
    assert_eq!((count("POST /find"), count("DELETE /orders/o-9")), (2, 2), "{lines:?}");
    for text in [&ran.stdout, &bench.read("run.ndjson"), &bench.read("junit.xml")] {
        assert!(!text.contains("not-a-secret"), "{text}");
    }
}

/// A server that holds an answer until it is told to go on.
fn gate(held: &'static str, answer: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> (Server, Arc<AtomicBool>) {
    let open = Arc::new(AtomicBool::new(false));
    let seen = Arc::clone(&open);
    let server = Server::start(move |request| {
        while request.line() == held && !seen.load(Ordering::SeqCst) {
            std::thread::park_timeout(Duration::from_millis(1));
        }
        answer(request)
    });
    (server, open)
}

/// Starts a run, and stops it by a signal as soon as `line` was asked for; `then` happens after that.
fn stop_at(bench: &Bench, server: &Server, line: &str, then: impl FnOnce()) -> Ran {
    let reports = ["--report", "log=run.ndjson", "--report", "junit=junit.xml"];
    let mut run = bench.assize(["run", "--seed", "7"]).args(reports).env("MANAGER", "not-a-secret-manager").start();
    wait_until(|| server.lines().contains(&line.to_owned()));
    run.signal("INT");
    run.wait_for("stopp");
    then();
    run.end().dies_of(2)
}

#[test]
fn a_run_that_is_stopped_before_time_passes_is_judged_again_as_it_was() {
    let text = "\
scenario: Something is made, and time passes
id: made
steps:
  - { step: make, request: POST /things, expect: 200, undo: { request: DELETE /things } }
  - { step: rest, elapse: 9s }
";
    let (server, open) = gate("POST /things", |_| Reply::ok("{}"));
    let bench = bare(text).file("assize.yaml", &target(&server, ""));
    let ran = stop_at(&bench, &server, "POST /things", || open.store(true, Ordering::SeqCst));
    assert_eq!(ran.verdict(), "0 passed, 0 failed, 1 unfinished (exit 130 SIGNAL)");
    assert_eq!(server.lines(), ["POST /things", "DELETE /things"]);
    assert_replays(&bench, 5);
}

#[test]
fn time_that_did_not_pass_because_the_run_was_stopped_leaves_the_case_unfinished() {
    for rest in [
        "{ step: rest, elapse: 9s }",
        "{ step: rest, together: [{ step: list, request: GET /things, expect: 200 }, { step: pause, elapse: 9s }] }",
    ] {
        let text = format!(
            "scenario: Time passes\nid: rest\nsteps:\n  - {{ step: look, request: GET /, expect: 200 }}\n  - {rest}\n"
        );
        let server = Server::start(|_| Reply::ok("{}"));
        let bench = bare(&text).file("assize.yaml", &target(&server, ""));
        let last = if rest.contains("GET") { "GET /things" } else { "GET /" };
        let ran = stop_at(&bench, &server, last, || ());
        assert_eq!(ran.verdict(), "0 passed, 0 failed, 1 unfinished (exit 130 SIGNAL)", "{ran}");
        assert_replays(&bench, 5);
    }
}

#[test]
fn time_that_is_longer_than_the_case_may_take_does_not_pass() {
    for rest in [
        "{ step: rest, elapse: 9s }",
        "{ step: rest, together: [{ step: list, request: GET /things, expect: 200 }, { step: pause, elapse: 9s }] }",
    ] {
        let text = format!(
            "scenario: Time passes\nid: rest\ndeadline: 1s\nsteps:\n  - {{ step: look, request: GET /, expect: 200 }}\n  - {rest}\n"
        );
        let server = Server::start(|_| Reply::ok("{}"));
        let bench = bare(&text).file("assize.yaml", &target(&server, ""));
        let ran = run_twice(&bench, [], 3);
        assert_eq!(ran.verdict(), "0 passed, 0 failed, 1 inconclusive (exit 3 ERROR)", "{ran}");
    }
}

#[test]
fn what_a_case_made_is_removed_by_a_new_sign_in_though_its_time_is_over() {
    let text = "\
scenario: It hangs
id: hangs
as: manager
deadline: 1s
steps:
  - { step: make, request: POST /things, expect: 201, undo: { request: DELETE /things } }
  - { step: hang, request: GET /hang, expect: 200 }
";
    let asked = AtomicUsize::new(0);
    let server = Server::start(move |request| match request.line().as_str() {
        "GET /hang" => loop {
            std::thread::park();
        },
        "POST /things" => Reply::json(201, "{}"),
        "DELETE /things" => Reply::empty(if asked.fetch_add(1, Ordering::SeqCst) == 0 { 401 } else { 204 }),
        _ => token(request).unwrap(),
    });
    let suite =
        WITH_HOST.replace("  endpoints: { host: where shops are opened }\n  variables: { number: of the shop }\n", "");
    let bench = bare(text)
        .file("specs/shop/suite.yaml", &suite)
        .file("assize.yaml", &target(&server, &MANAGER.replace("URL", &server.url())));
    let ran = run_twice(&bench, [], 3);
    let lines = ["POST /token", "POST /things", "GET /hang", "DELETE /things", "POST /token", "DELETE /things"];
    assert_eq!(server.lines(), lines, "{ran}");
    assert!(!ran.stdout.contains("left"), "{ran}");
}

#[test]
fn a_set_that_waits_for_its_turn_is_given_up_when_the_run_is_stopped() {
    let text = "\
scenario: A set must wait
id: waits
steps:
  - { step: look, request: GET /, expect: 200 }
  - step: both
    together: [{ request: GET /a, expect: 200 }, { request: GET /b, expect: 200 }]
";
    let server = Server::start(|_| Reply::ok("{}"));
    let pace = "    pace: { requests_per_second: 0.02 }\n";
    let bench = bare(text).file("assize.yaml", &target(&server, pace));
    let ran = stop_at(&bench, &server, "GET /", || ());
    assert!(ran.took < LIMIT, "{ran}");
    assert_eq!(ran.verdict(), "0 passed, 0 failed, 1 unfinished (exit 130 SIGNAL)", "{ran}");
    assert_replays(&bench, 5);
}

#[test]
fn a_promise_that_a_member_breaks_is_broken_though_another_has_no_answer() {
    let text = "\
scenario: One is wrong, one is lost
id: wrong
steps:
  - step: both
    together: [{ step: lost, request: GET /lost, expect: 200 }, { step: wrong, request: GET /wrong, expect: 200 }]
";
    let server = Server::start(|request| if request.path == "/lost" { Reply::dropped() } else { Reply::empty(404) });
    let bench = bare(text).file("assize.yaml", &target(&server, ""));
    assert_eq!(run_twice(&bench, [], 1).verdict(), "0 passed, 1 failed (exit 1 FAIL)");

    // What is known to be wrong is forgiven; what was not answered is not known.
    let day = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date().checked_add(jiff::Span::new().days(30));
    let waiver = format!(
        "waivers:\n  - {{ id: W-1, check: wrong#both/wrong.expect.status, finding: status-mismatch, reason: known, \
         owner: team, expires: {} }}\n",
        day.unwrap()
    );
    bench.write("specs/shop/waivers.yaml", &waiver);
    let ran = run_twice(&bench, [], 3);
    assert_eq!(ran.verdict(), "0 passed, 0 failed, 1 inconclusive (exit 3 ERROR)");
}

#[test]
fn time_that_setup_cannot_let_pass_leaves_the_case_inconclusive_live_and_judged_again() {
    let server = shops(|_, _| Reply::ok("[]"));
    let open = "flow: open\noutputs: [shop]\nsteps:\n  - { request: POST $(host)/shops, given: 201, capture: { shop: $.number } }\n  - { step: rest, elapse: 1h }\n  - { request: GET $(host)/shops, given: 200 }\n";
    let text = "scenario: A list\nid: list\nsteps:\n  - { request: GET /$(number), expect: 200 }\n";
    let bench = with_setup(&server, text).file("specs/shop/flows/open.yaml", open);
    let close = "flow: close\ninputs: [shop]\nsteps:\n  - { request: DELETE $(host)/shops/$(shop), given: 204 }\n";
    let bench = bench.file("specs/shop/flows/close.yaml", close);
    std::fs::remove_file(bench.path("specs/shop/flows/race.yaml")).unwrap();
    let ran = run_twice(&bench, [], 3);
    assert_eq!(ran.verdict(), "0 passed, 0 failed, 1 inconclusive (exit 3 ERROR)", "{ran}");
    assert_eq!(server.lines().last().map(String::as_str), Some("DELETE /shops/1"));
}

#[test]
fn a_poll_whose_next_attempt_cannot_be_put_together_is_broken_at_its_step() {
    let text = "\
scenario: A cursor is lost
id: cursor
steps:
  - { step: first, request: GET /first, expect: 200, capture: { page: $ } }
  - step: pages
    request: GET /pages/$(page.next)
    poll: { until: { json: { $.done: true } }, every: 1ms }
    capture: { page: $ }
    expect: 200
";
    let server = Server::start(|request| Reply::ok(if request.path == "/pages/2" { "{}" } else { "{\"next\":2}" }));
    let bench = bare(text).file("assize.yaml", &target(&server, ""));
    let ran = run_twice(&bench, [], 3);
    assert_eq!(ran.verdict(), "0 passed, 0 failed, 1 broken (exit 3 ERROR)", "{ran}");
    let log = bench.read("run.ndjson");
    assert!(log.contains("\"missing-name\""), "{log}");
}

#[test]
fn the_time_that_a_first_flow_is_given_is_the_same_when_it_is_judged_again() {
    let server = Server::start(|_| Reply::ok("{}"));
    let flow = "flow: echo\ninputs: [at]\noutputs: [at]\nsteps:\n  - { request: GET /, given: 200 }\n";
    let text = "scenario: Now\nid: now\nsteps:\n  - { use: echo, with: { at: $(now.iso) }, capture: { at: at } }\n  - { request: GET /$(at), expect: 200 }\n";
    let bench = bare(text).file("specs/shop/flows/echo.yaml", flow).file("assize.yaml", &target(&server, ""));
    for _ in 0..5 {
        run_twice(&bench, [], 0);
    }
}

#[test]
fn the_time_after_a_set_is_the_same_when_it_is_judged_again() {
    let flow = "flow: echo\ninputs: [at]\noutputs: [at]\nsteps:\n  - { request: GET /, given: 200 }\n";
    let text = "\
scenario: Now
id: now
steps:
  - step: both
    together: [{ request: GET /a, expect: 200 }, { elapse: 300ms }]
  - { use: echo, with: { at: $(now.iso) }, capture: { at: at } }
  - { request: GET /$(at), expect: 200 }
";
    let server = Server::start(|_| Reply::ok("{}"));
    let bench = bare(text).file("specs/shop/flows/echo.yaml", flow).file("assize.yaml", &target(&server, ""));
    run_twice(&bench, [], 0);
}
