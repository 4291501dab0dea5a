//! The language, in files without a suite, against a server that knows nothing of it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Condvar, Mutex};
use std::time::Duration;

use crate::bench::{Bench, Ran};
use crate::junit::Junit;
use crate::server::{Reply, Request, Server};

/// Runs a file of scenarios.
fn run(text: &str, server: &Server) -> (Ran, BTreeMap<String, String>) {
    let bench = Bench::new().file("all.yaml", text);
    let args = ["--seed", "7", "--report", "junit=junit.xml", "--base-url", &server.url()];
    let ran = bench.assize(["run", "all.yaml"]).args(args).run();
    let outcomes = Junit::read(&bench, "junit.xml").outcomes();
    (ran, outcomes)
}

/// The only outcome.
fn outcome(text: &str, server: &Server) -> String {
    let (ran, outcomes) = run(text, server);
    assert_eq!(outcomes.len(), 1, "{ran}");
    outcomes.into_values().next().unwrap()
}

fn running_then_done(after: usize) -> Server {
    let asked = Mutex::new(0);
    Server::start(move |_| {
        let mut asked = asked.lock().unwrap();
        *asked += 1;
        Reply::ok(if *asked > after { "{\"state\":\"done\"}" } else { "{\"state\":\"running\"}" })
    })
}

#[test]
fn the_smallest_test_needs_a_file_and_a_url() {
    let server = Server::start(|_| Reply::ok("{\"name\":\"orders\"}"));
    let text = "\
scenario: The service says who it is
steps:
  - request: GET /version
    expect: { status: 200, json: { $.name: orders } }
";
    let bench = Bench::new().file("hello.yaml", text);
    insta::assert_snapshot!(bench.run(["run", "hello.yaml", "--seed", "7", "--base-url", &server.url()]).golden());
    assert_eq!(server.lines(), ["GET /version"]);
}

#[test]
fn rows_vars_captures_and_collections_go_where_they_are_named() {
    let server = Server::start(|request| match request.line().as_str() {
        "POST /orders/1" => Reply::json(201, "{\"order\":\"a b\",\"cost\":3}"),
        "POST /orders/2" => Reply::json(201, "{\"order\":\"c/d\",\"cost\":4}"),
        "GET /orders/a%20b" => Reply::ok("{\"cost\":3.0}"),
        "GET /orders/c%2Fd" => Reply::ok("{\"cost\":5}"),
        _ => Reply::empty(404),
    });
    let text = "\
scenario: \"An order costs the same when it is read: $(row.name)\"
id: orders
vars: { currency: EUR }
rows:
  bread: { id: 1, cost: 3 }
  milk: { id: 2, cost: 4 }
steps:
  - step: make
    request: POST /orders/$(row.id)
    json: { currency: $(currency), number: $(row.id) }
    expect: { status: 201, json: { $.cost: $(row.cost) } }
    capture: { order: $.order }
    collect: { costs: $.cost }
  - step: read
    request: GET /orders/$(order)
    expect: 200
    collect: { costs: $.cost }
  - step: both
    expect: { values: { costs: [ $(row.cost), $(row.cost) ] } }
";
    let (ran, outcomes) = run(text, &server);
    let expected = [("orders/bread", "passed"), ("orders/milk", "failed")];
    assert_eq!(outcomes, expected.map(|(case, outcome)| (case.to_owned(), outcome.to_owned())).into(), "{ran}");
    let bodies: BTreeSet<String> = server.seen().into_iter().map(|request| request.body).collect();
    let expected = ["", "{\"currency\":\"EUR\",\"number\":1}", "{\"currency\":\"EUR\",\"number\":2}"];
    assert_eq!(bodies, expected.map(str::to_owned).into());
}

#[test]
fn a_poll_sends_again_until_it_holds() {
    let server = running_then_done(2);
    let text = "\
scenario: A job ends
id: job
steps:
  - request: GET /job
    poll: { until: { json: { $.state: done } }, always: { status: 200 }, every: 10ms, for: 10s }
    expect: { json: { $.state: done } }
";
    assert_eq!(outcome(text, &server), "passed");
    assert_eq!(server.seen().len(), 3);
}

#[test]
fn a_poll_that_never_holds_fails_when_its_time_is_over() {
    let server = running_then_done(usize::MAX);
    let text = "\
scenario: A job ends
id: job
steps:
  - request: GET /job
    poll: { until: { json: { $.state: done } }, every: 50ms, for: 300ms }
";
    assert_eq!(outcome(text, &server), "failed");
    assert!((2..=7).contains(&server.seen().len()));
}

#[test]
fn a_poll_ends_at_once_when_there_is_nothing_to_wait_for() {
    let server = Server::start(|_| Reply::ok("{\"state\":\"failed\"}"));
    let text = "\
scenario: A job ends
id: job
steps:
  - request: GET /job
    poll: { until: { json: { $.state: done } }, give_up: { json: { $.state: failed } }, for: 20s }
";
    assert_eq!(outcome(text, &server), "failed");
    assert_eq!(server.seen().len(), 1);
}

#[test]
fn what_must_never_hold_is_watched_to_the_end() {
    let text = "\
scenario: A job does not end by itself
id: job
steps:
  - request: GET /job
    poll: { never: { json: { $.state: done } }, always: { status: 200 }, every: 50ms, for: 400ms }
";
    let quiet = running_then_done(usize::MAX);
    assert_eq!(outcome(text, &quiet), "passed");
    assert!(quiet.seen().len() >= 2);
    let ending = running_then_done(1);
    assert_eq!(outcome(text, &ending), "failed");
    assert_eq!(ending.seen().len(), 2);
}

#[test]
fn what_every_attempt_must_meet_names_the_attempt_that_did_not() {
    let asked = Mutex::new(0);
    let server = Server::start(move |_| {
        let mut asked = asked.lock().unwrap();
        *asked += 1;
        if *asked == 2 { Reply::json(500, "{}") } else { Reply::ok("{\"state\":\"running\"}") }
    });
    let text = "\
scenario: A job ends
id: job
steps:
  - request: GET /job
    poll: { until: { json: { $.state: done } }, always: { status: 200 }, every: 10ms, for: 10s }
";
    let (ran, _) = run(text, &server);
    insta::assert_snapshot!(ran.exits(1).golden());
    assert_eq!(server.seen().len(), 2);
}

#[test]
fn what_was_made_is_removed_the_last_first_however_the_case_ends() {
    let text = "\
scenario: Things are made
id: things
steps:
  - request: POST /things/1
    expect: 200
    undo: { request: DELETE /things/1 }
  - request: POST /things/2
    expect: 200
    capture: { second: $.id }
    undo: { request: DELETE /things/$(second) }
  - request: POST /things/3
    expect: 201
    undo: { request: DELETE /things/3 }
  - request: POST /things/4
    expect: 200
    undo: { request: DELETE /things/4 }
";
    let server = Server::start(|request| match request.path.as_str() {
        "/things/2" => Reply::ok("{\"id\":\"two\"}"),
        _ => Reply::ok("{}"),
    });
    assert_eq!(outcome(text, &server), "failed");
    let undone = ["DELETE /things/3", "DELETE /things/two", "DELETE /things/1"];
    assert_eq!(server.lines(), [&["POST /things/1", "POST /things/2", "POST /things/3"][..], &undone].concat());

    // A refusal made nothing.
    let refusing =
        Server::start(|request| Reply::json(if request.path == "/things/3" { 409 } else { 200 }, "{\"id\":2}"));
    assert_eq!(outcome(text, &refusing), "failed");
    assert_eq!(refusing.lines()[3..], ["DELETE /things/2", "DELETE /things/1"]);
}

#[test]
fn a_case_that_passes_on_a_retry_is_flaky_and_undone_between() {
    let asked = Mutex::new(0);
    let server = Server::start(move |request| {
        let mut asked = asked.lock().unwrap();
        *asked += usize::from(request.method == "GET");
        if *asked == 1 && request.method == "GET" { Reply::json(500, "{}") } else { Reply::ok("{}") }
    });
    let text = "\
scenario: It works in the end
id: flaky
retry: 2
steps:
  - request: POST /things
    expect: 200
    undo: { request: DELETE /things }
  - request: GET /things
    expect: 200
";
    let (ran, outcomes) = run(text, &server);
    assert_eq!(outcomes["flaky"], "flaky");
    assert_eq!(ran.verdict(), "0 passed, 1 flaky, 0 failed (exit 0 PASS)");
    let once = ["POST /things", "GET /things", "DELETE /things"];
    assert_eq!(server.lines(), [once, once].concat());
}

#[test]
fn steps_whose_condition_does_not_hold_are_left_out() {
    let server = Server::start(|_| Reply::ok("{\"kind\":\"old\"}"));
    let text = "\
scenario: Only new ones are judged
id: partly
steps:
  - step: kind
    request: GET /kind
    expect: 200
    capture: { kind: $.kind, extra: { from: $.extra, optional: true } }
  - step: new-only
    when: { values: { kind: new } }
    request: GET /new
    expect: 200
  - step: extra-only
    request: GET /extra/$(extra)
    expect: 200
---
scenario: Nothing is judged
id: not-at-all
steps:
  - step: kind
    request: GET /kind
    given: 200
    capture: { kind: $.kind }
  - step: new-only
    when: { values: { kind: new } }
    request: GET /new
    expect: 200
";
    let (ran, outcomes) = run(text, &server);
    assert_eq!((&*outcomes["partly"], &*outcomes["not-at-all"]), ("passed", "skipped"), "{ran}");
    assert_eq!(server.lines(), ["GET /kind", "GET /kind"]);
}

#[test]
fn advice_warns_preconditions_block_and_time_is_judged() {
    let server = Server::start(|_| Reply::ok("{}"));
    let text = "\
scenario: Advice is not followed
id: advice
steps:
  - request: GET /
    expect: 200
    should: { headers: { etag: { exists: true } } }
---
scenario: A precondition does not hold
id: precondition
steps:
  - request: GET /
    given: 201
  - request: GET /never
    expect: 200
---
scenario: It is fast
id: fast
steps:
  - request: GET /
    expect: { status: 200, within: 10s }
---
scenario: It is slow
id: slow
steps:
  - request: GET /
    expect: { status: 200, within: { min: 1h } }
";
    let (ran, outcomes) = run(text, &server);
    let expected = [("advice", "warned"), ("precondition", "blocked"), ("fast", "passed"), ("slow", "failed")];
    assert_eq!(outcomes, expected.map(|(case, outcome)| (case.to_owned(), outcome.to_owned())).into(), "{ran}");
    assert_eq!(ran.verdict(), "1 passed, 1 warned, 1 failed, 1 blocked (exit 1 FAIL)");
    assert!(!server.lines().contains(&"GET /never".to_owned()));
}

/// How long anything is waited for that is sure to come: less than the deadline of a step.
const LIMIT: Duration = Duration::from_secs(10);

/// Eight cases that each hold one user, or one place, for a while.
const EIGHT: &str = "\
scenario: \"Someone works: $(row.name)\"
id: work
as: clerk
rows: { a: {}, b: {}, c: {}, d: {}, e: {}, f: {}, g: {}, h: {} }
steps:
  - request: POST /begin
    expect: 200
    undo: { request: POST /end, done: [200] }
  - request: GET /work
    expect: 200
";

/// Who is at work, and how many were at most.
#[derive(Default)]
struct Work {
    present: Mutex<(BTreeSet<String>, usize)>,
    changed: Condvar,
}

impl Work {
    /// Answers; a user who begins twice is refused, and whoever works waits until there have been `crowd` at once.
    fn answer(&self, request: &Request, crowd: usize) -> Reply {
        let who = request.header("authorization").unwrap_or_default().to_owned();
        let mut present = self.present.lock().unwrap();
        match request.line().as_str() {
            "POST /begin" => {
                if !present.0.insert(who) {
                    return Reply::json(409, "{}");
                }
                present.1 = present.1.max(present.0.len());
                self.changed.notify_all();
            }
            "POST /end" => {
                present.0.remove(&who);
            }
            _ => {
                let _ = self.changed.wait_timeout_while(present, LIMIT, |present| present.1 < crowd).unwrap();
            }
        }
        Reply::ok("{}")
    }
}

#[test]
fn cases_side_by_side_never_share_a_user() {
    let work = std::sync::Arc::new(Work::default());
    let at_work = std::sync::Arc::clone(&work);
    let server = Server::start(move |request| {
        let Some(user) = request.body.split('&').find_map(|pair| pair.strip_prefix("username=")) else {
            return at_work.answer(request, 3);
        };
        Reply::ok(&format!("{{\"access_token\":\"not-a-secret-token-{user}\",\"expires_in\":600}}"))
    });
    let target = format!(
        "\
targets:
  shop:
    base_url: {url}
    identities:
      clerk:
        oauth2:
          grant: password
          token_url: {url}/token
          client: {{ id: till, secret: {{ plain: not-a-secret-till }}, via: basic }}
        users:
          - {{ username: ann, password: {{ plain: not-a-secret-ann }} }}
          - {{ username: bob, password: {{ plain: not-a-secret-bob }} }}
          - {{ username: cyd, password: {{ plain: not-a-secret-cyd }} }}
",
        url = server.url()
    );
    let bench = Bench::new().file("all.yaml", EIGHT).file("assize.yaml", &target);
    let ran = bench.run(["run", "all.yaml", "--jobs", "8", "--seed", "7", "--target", "shop"]).exits(0);
    assert_eq!(ran.verdict(), "8 passed, 0 failed (exit 0 PASS)");
    assert_eq!(work.present.lock().unwrap().1, 3);
    // A user's token is kept for the next case that leases the user.
    assert_eq!(server.lines().iter().filter(|line| *line == "POST /token").count(), 3);
}

#[test]
fn no_more_requests_are_under_way_than_the_target_allows() {
    let under_way = std::sync::Arc::new((Mutex::new((0_usize, 0_usize)), Condvar::new()));
    let counter = std::sync::Arc::clone(&under_way);
    let server = Server::start(move |_| {
        let (count, changed) = &*counter;
        let mut now = count.lock().unwrap();
        now.0 += 1;
        now.1 = now.1.max(now.0);
        changed.notify_all();
        // Waits until there are as many as there may be, and a moment for one more.
        let (now, _) = changed.wait_timeout_while(now, LIMIT, |now| now.1 < 2).unwrap();
        let (mut now, _) = changed.wait_timeout_while(now, Duration::from_millis(60), |now| now.1 < 3).unwrap();
        now.0 -= 1;
        Reply::ok("{}")
    });
    let target = format!("targets:\n  shop:\n    base_url: {}\n    pace: {{ concurrency: 2 }}\n", server.url());
    let text = EIGHT.replace("as: clerk\n", "");
    let bench = Bench::new().file("all.yaml", &text).file("assize.yaml", &target);
    let ran = bench.run(["run", "all.yaml", "--jobs", "8", "--seed", "7", "--target", "shop"]).exits(0);
    assert_eq!(ran.verdict(), "8 passed, 0 failed (exit 0 PASS)");
    assert_eq!(under_way.0.lock().unwrap().1, 2);
}
