//! Steps that are done at the same moment.

use std::collections::BTreeMap;
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use crate::bench::{Bench, Ran};
use crate::junit::Junit;
use crate::server::{Reply, Server};

/// How long a request is held for another that must come; longer than any test waits for an answer.
const LIMIT: Duration = Duration::from_secs(20);

/// Which paths were asked for, and a way to wait for one.
#[derive(Clone, Default)]
struct Seen(Arc<(Mutex<Vec<String>>, Condvar)>);

impl Seen {
    fn note(&self, path: &str) {
        self.0.0.lock().unwrap().push(path.to_owned());
        self.0.1.notify_all();
    }

    /// Waits until all of these were asked for.
    fn wait_for(&self, paths: &[&str]) {
        let missing = |seen: &mut Vec<String>| !paths.iter().all(|path| seen.iter().any(|known| known == path));
        let seen = self.0.0.lock().unwrap();
        let (_seen, timeout) = self.0.1.wait_timeout_while(seen, LIMIT, missing).unwrap();
        assert!(!timeout.timed_out(), "{paths:?} never came together");
    }

    fn paths(&self) -> Vec<String> {
        self.0.0.lock().unwrap().clone()
    }
}

/// A server that answers none of `/a`, `/b` and `/c` before all of `held` have come; `/a` gets 202, the others 409.
fn server_that_holds(held: &'static [&'static str]) -> (Server, Seen) {
    let seen = Seen::default();
    let noted = seen.clone();
    let server = Server::start(move |request| {
        noted.note(&request.path);
        if held.contains(&request.path.as_str()) {
            noted.wait_for(held);
        }
        let body = format!("{{\"id\":\"{}\"}}", &request.path[1..]);
        Reply::json(if request.path == "/a" || request.method == "DELETE" { 202 } else { 409 }, &body)
    });
    (server, seen)
}

fn run(text: &str, server: &Server) -> (Ran, BTreeMap<String, String>, Bench) {
    let bench = Bench::new().file("race.yaml", text);
    let ran = bench.assize(["run", "race.yaml", "--seed", "7", "--base-url", &server.url()]);
    let ran = ran.args(["--report", "junit=junit.xml", "--report", "log=run.ndjson"]).run();
    let outcomes = Junit::read(&bench, "junit.xml").outcomes();
    let again = bench.run(["replay", "run.ndjson", "--report", "log=again.ndjson", "--report", "junit=again.xml"]);
    assert_eq!(again.stderr, "judged again: every finding is as it was recorded\n", "{ran}");
    assert_eq!(bench.read("again.ndjson"), bench.read("run.ndjson"));
    assert_eq!(bench.read("again.xml"), bench.read("junit.xml"));
    (ran, outcomes, bench)
}

/// What a step set, as it stands in the log.
fn bindings(bench: &Bench, step: &str) -> serde_json::Value {
    finished(bench, step)["bindings"].clone()
}

fn finished(bench: &Bench, step: &str) -> serde_json::Value {
    let log = bench.read("run.ndjson");
    let events = log.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    let mut ended = events.filter_map(|event| event["body"].get("step-finished").cloned());
    ended.find(|event| event["step"] == step).unwrap_or_else(|| panic!("{step} did not end"))
}

const RACE: &str = "\
scenario: Of two starts one succeeds
id: race
steps:
  - step: race
    together:
      - { step: first, request: POST /a, capture: { id: { from: $.id, optional: true } } }
      - { step: second, request: POST /b, capture: { id: { from: $.id, optional: true } } }
    expect: { statuses: [202, 409] }
  - request: GET /$(id)
    expect: { values: { id: b } }
";

#[test]
fn members_are_under_way_at_the_same_time_also_when_one_device_sends_them_all() {
    // Neither is answered before both have come: one after the other, they would never end.
    let (server, _) = server_that_holds(&["/a", "/b"]);
    let (ran, outcomes, bench) = run(RACE, &server);
    assert_eq!(outcomes["race"], "passed", "{ran}");
    let log = bench.read("run.ndjson");
    let told: Vec<&str> = log.lines().filter(|line| line.contains("\"purpose\":\"member\"")).collect();
    assert_eq!(told.len(), 2);
    assert!(told[0].contains("\"step\":\"race/first\"") && told[1].contains("\"step\":\"race/second\""));
}

#[test]
fn a_set_whose_answers_are_others_than_promised_shows_all_of_them() {
    let server = Server::start(|request| Reply::json(202, &format!("{{\"id\":\"{}\"}}", &request.path[1..])));
    let (ran, outcomes, bench) = run(RACE, &server);
    assert_eq!(outcomes["race"], "failed");
    insta::assert_snapshot!(ran.golden());
    let junit = bench.read("junit.xml");
    assert!(junit.contains("race#race.expect.statuses"), "{junit}");
}

#[test]
fn all_members_are_judged_against_what_names_meant_before_and_capture_in_the_order_of_the_list() {
    // The first of the list is answered last.
    let seen = Seen::default();
    let noted = seen.clone();
    let server = Server::start(move |request| {
        if request.path == "/a" {
            noted.wait_for(&["/b done"]);
        }
        let path = request.path.trim_start_matches('/').to_owned();
        if request.path == "/b" {
            noted.note("/b done");
        }
        Reply::ok(&format!("{{\"id\":\"{path}\",\"items\":[\"{path}1\",\"{path}2\"]}}"))
    });
    let text = "\
scenario: Names
id: names
steps:
  - step: before
    request: GET /old
    given: 200
    capture: { id: $.id }
    collect: { all: \"$.items[*]\" }
  - step: both
    together:
      - step: one
        request: GET /a
        capture: { id: $.id }
        collect: { all: \"$.items[*]\" }
        expect: { json: { $.id: { not: $(id) } }, values: { id: a, all: [old1, old2, a1, a2] } }
      - step: two
        request: GET /b
        capture: { id: $.id }
        collect: { all: \"$.items[*]\" }
        expect: { json: { $.id: { not: $(id) } }, values: { id: b, all: [old1, old2, b1, b2] } }
    expect: { statuses: [200, 200], values: { id: b, all: [old1, old2, a1, a2, b1, b2], steps.one.status: 200 } }
  - step: after
    request: GET /$(id)/$(steps.one.json.id)
    expect: { values: { all: [old1, old2, a1, a2, b1, b2] } }
";
    let (ran, outcomes, bench) = run(text, &server);
    assert_eq!(outcomes["names"], "passed", "{ran}");
    assert_eq!(server.lines().last().unwrap(), "GET /b/a");
    assert_eq!(bindings(&bench, "both/one")["all"], serde_json::json!(["old1", "old2", "a1", "a2"]));
    assert_eq!(bindings(&bench, "both/two")["all"], serde_json::json!(["old1", "old2", "a1", "a2", "b1", "b2"]));
}

#[test]
fn a_member_may_start_later_while_the_others_are_under_way() {
    let (server, seen) = server_that_holds(&["/b", "/c"]);
    let text = "\
scenario: One comes later
id: later
steps:
  - together:
      - { request: GET /b, expect: { status: 409, within: { min: 250ms } } }
      - { request: GET /c, after: 1s, expect: 409 }
";
    let (ran, outcomes, _) = run(text, &server);
    assert_eq!(outcomes["later"], "passed", "{ran}");
    assert_eq!(seen.paths(), ["/b", "/c"]);
}

#[test]
fn the_findings_of_all_members_are_told_when_one_fails_and_a_failed_promise_counts() {
    let (server, _) = server_that_holds(&["/a", "/b"]);
    let text = "\
scenario: Two wrong answers
id: wrong
steps:
  - step: both
    together:
      - { step: first, request: POST /a, expect: 200 }
      - { step: second, request: POST /b, expect: { json: { $.id: { min: 3 } } }, should: 200 }
";
    let (ran, outcomes, _) = run(text, &server);
    assert_eq!(outcomes["wrong"], "failed");
    insta::assert_snapshot!(ran.golden());
}

#[test]
fn a_member_without_an_answer_leaves_the_set_undecided_and_what_the_others_made_is_removed() {
    let server = Server::start(|request| match (request.method.as_str(), request.path.as_str()) {
        ("POST", "/b") => Reply::dropped(),
        ("POST", "/c") => Reply::json(409, "{}"),
        _ => Reply::json(202, &format!("{{\"id\":\"{}\"}}", &request.path[1..])),
    });
    let text = "\
scenario: One has no answer
id: lost
steps:
  - step: race
    together:
      - { step: a, request: POST /a, capture: { id: $.id }, undo: { request: DELETE /a/$(id) } }
      - { step: b, request: POST /b, undo: { request: DELETE /b/1 } }
      - { step: c, request: POST /c, undo: { request: DELETE /c/1 } }
      - { step: d, request: POST /d, capture: { id: $.id }, undo: { request: DELETE /d/$(id) } }
    expect: { statuses: [202, 202, 202, 409] }
  - request: GET /never
    expect: 200
";
    let (ran, outcomes, bench) = run(text, &server);
    assert_eq!(outcomes["lost"], "inconclusive", "{ran}");
    assert_eq!(server.lines()[4..], ["DELETE /d/d", "DELETE /b/1", "DELETE /a/a"]);
    assert_eq!(finished(&bench, "race").get("findings"), None);
}

#[test]
fn a_precondition_of_a_member_blocks_the_case_and_the_set_judges_no_promise() {
    let (server, _) = server_that_holds(&["/a", "/b"]);
    let text = "\
scenario: A control
id: control
steps:
  - step: both
    together:
      - { step: first, request: POST /a, given: 200 }
      - { step: second, request: POST /b }
    expect: { statuses: [200, 200] }
";
    let (ran, outcomes, bench) = run(text, &server);
    assert_eq!(outcomes["control"], "blocked", "{ran}");
    assert!(ran.stdout.contains("given, step both/first: "), "{ran}");
    assert_eq!(finished(&bench, "both").get("findings"), None);
}

#[test]
fn a_status_that_the_set_names_is_an_answer_and_no_disturbance() {
    let server = Server::start(|request| Reply::json(if request.path == "/a" { 200 } else { 429 }, "{}"));
    let text = |promise: &str| {
        format!(
            "scenario: A limit\nid: limit\nsteps:\n  - together: [{{ request: GET /a, expect: 200 }}, \
             {{ request: GET /b, expect: {{ size: {{ max: 9 }} }} }}]\n    {promise}\n"
        )
    };
    assert_eq!(run(&text("expect: { statuses: [200, 429] }"), &server).1["limit"], "passed");
    assert_eq!(run(&text("should: { values: { run.id: { exists: true } } }"), &server).1["limit"], "inconclusive");
}

#[test]
fn a_member_that_lacks_a_name_is_left_out_and_with_it_what_is_promised_of_the_set() {
    let server = Server::start(|_| Reply::ok("{}"));
    let text = "\
scenario: Perhaps
id: perhaps
steps:
  - step: find
    request: GET /thing
    given: 200
    capture: { id: { from: $.id, optional: true } }
  - step: race
    together:
      - { step: this, request: DELETE /things/$(id) }
      - { step: that, request: GET /things, expect: 200 }
    expect: { statuses: [200, 404] }
";
    let (ran, outcomes, bench) = run(text, &server);
    assert_eq!(outcomes["perhaps"], "passed", "{ran}");
    assert_eq!(server.lines(), ["GET /thing", "GET /things"]);
    assert_eq!(finished(&bench, "race/this")["left_out"], "`$(id)` has no value");
    assert_eq!(finished(&bench, "race")["left_out"], "member this was left out: `$(id)` has no value");
}

#[test]
fn a_set_may_be_left_out_as_a_whole() {
    let server = Server::start(|_| Reply::ok("{}"));
    let text = "\
scenario: Only there
id: there
steps:
  - { request: GET /a, expect: 200 }
  - step: race
    when: { values: { run.id: never } }
    together: [{ request: GET /b, expect: 200 }, { request: GET /c, expect: 200 }]
";
    let (_, outcomes, bench) = run(text, &server);
    assert_eq!(outcomes["there"], "passed");
    assert_eq!(server.lines(), ["GET /a"]);
    assert_eq!(finished(&bench, "race")["left_out"], "its condition does not hold");
}

/// A target with two users, and a clock that answers as `clock` does.
fn target(server: &Server, more: &str) -> String {
    format!(
        "targets:\n  shop:\n    default: true\n    base_url: {}\n    identities:\n      agent:\n        basic: \
         {{ username: anna, password: {{ plain: not-a-secret-anna }} }}\n{more}",
        server.url()
    )
}

#[test]
fn in_a_flow_members_act_as_whoever_uses_it_and_one_leave_is_enough_for_a_set() {
    let (server, _) = server_that_holds(&["/a", "/b"]);
    let bench = Bench::new()
        .file("assize.yaml", &target(&server, "    pace: { concurrency: 1 }\n"))
        .file("specs/shop/suite.yaml", "suite: shop\nversion: 1.0.0\ntitle: Shop\nprovides: { identities: { agent: users } }\n")
        .file(
            "specs/shop/flows/race.yaml",
            "flow: race\noutputs: [id]\nsteps:\n  - step: both\n    together:\n      - { step: one, request: POST /a, \
             capture: { id: $.id }, undo: { request: DELETE /a/$(id) }, given: 202 }\n      - { step: two, request: POST /b, given: 409 }\n",
        )
        .file(
            "specs/shop/scenarios/race.yaml",
            "scenario: A race in a flow\nas: agent\nsteps:\n  - { use: race, capture: { id: id } }\n  - { request: GET /$(id), expect: 202 }\n",
        );
    let ran = bench.run(["run", "--seed", "7", "--report", "log=run.ndjson"]).exits(0);
    assert_eq!(ran.verdict(), "1 passed, 0 failed (exit 0 PASS)");
    let mut lines = server.lines();
    lines[..2].sort();
    assert_eq!(lines, ["POST /a", "POST /b", "GET /a", "DELETE /a/a"]);
    for request in server.seen() {
        assert!(request.header("authorization").is_some_and(|value| value.starts_with("Basic ")), "{request:?}");
    }
    assert!(bench.read("run.ndjson").contains("\"step\":\"1/both/one\""));
}

/// A poll that is held until the clock is moved, by a server whose clock `answer`s so.
fn held_poll(answer: u16) -> (Ran, Bench) {
    let seen = Seen::default();
    let noted = seen.clone();
    let server = Server::start(move |request| {
        if request.path == "/clock" {
            noted.note("/clock");
            return Reply::json(answer, "{}");
        }
        noted.wait_for(&["/clock"]);
        Reply::empty(304)
    });
    let clock = format!(
        "    features: [clock]\n    clock: {{ request: \"POST {}/clock\", json: {{ ms: $(milliseconds) }} }}\n",
        server.url()
    );
    let bench = Bench::new()
        .file("assize.yaml", &target(&server, &clock))
        .file("specs/shop/suite.yaml", "suite: shop\nversion: 1.0.0\ntitle: Shop\nprovides: { identities: { agent: users }, features: { clock: it moves } }\n")
        .file(
            "specs/shop/scenarios/poll.yaml",
            "scenario: A poll is held\nid: poll\nsteps:\n  - step: quiet\n    together:\n      - { step: held, request: GET /events, \
             expect: { status: 304, within: { min: 30s, max: 40s } } }\n      - { step: time, after: 100ms, elapse: 30s }\n",
        );
    let ran = bench.run(["run", "--seed", "7", "--report", "log=run.ndjson"]);
    let again = bench.run(["replay", "run.ndjson", "--report", "log=again.ndjson"]);
    assert_eq!(again.stderr, "judged again: every finding is as it was recorded\n", "{ran}");
    assert_eq!(bench.read("again.ndjson"), bench.read("run.ndjson"));
    (ran, bench)
}

#[test]
fn a_member_moves_the_clock_while_another_is_held_and_the_moved_time_counts() {
    let (ran, bench) = held_poll(200);
    let ran = ran.exits(0);
    assert!(ran.took < Duration::from_secs(20));
    assert!(bench.read("run.ndjson").contains("\"moved_ms\":30000"));
}

#[test]
fn a_clock_that_does_not_move_leaves_the_set_undecided_live_and_judged_again() {
    let (ran, bench) = held_poll(500);
    let ran = ran.exits(3);
    assert!(ran.stdout.contains("the target's clock could not be moved: the answer was 500"), "{ran}");
    assert!(!bench.read("run.ndjson").contains("moved_ms"));
}

#[test]
fn what_cannot_be_a_set_is_refused_with_a_way_out() {
    let text = "\
scenario: Sets
id: sets
steps:
  - { step: late, request: GET /, after: 1s, expect: 200 }
  - { step: alone, together: [{ request: GET /, expect: 200 }] }
  - { step: word, together: soon }
  - step: beside
    request: GET /
    as: agent
    capture: { a: $.a }
    together: [{ request: GET /, expect: 200 }, { request: GET /, expect: 200 }]
  - step: kinds
    together:
      - { step: p, request: GET /, poll: { until: { status: 200 } }, expect: 200 }
      - { step: t, together: [{ request: GET / }, { request: GET / }] }
      - { step: u, use: other }
      - { step: w, request: GET /, when: { values: { run.id: x } }, expect: 200 }
      - { step: n, expect: 200 }
      - { step: e, elapse: 1s, expect: 200 }
      - { step: late, request: GET /, after: soon, expect: 200 }
  - step: names
    together:
      - { step: one, request: GET /, capture: { id: $.id }, expect: 200 }
      - { step: two, request: GET /$(id), expect: { values: { id: $(steps.one.status) } } }
  - step: judged
    together: [{ step: quiet, request: GET / }, { step: loud, request: GET /, expect: 200 }]
    expect: { status: 200, values: { id: { exists: true } } }
  - { step: statuses, request: GET /, expect: { statuses: [200] } }
";
    let bench = Bench::new().file("sets.yaml", text);
    insta::assert_snapshot!(bench.run(["check", "sets.yaml"]).exits(2).golden());
}
