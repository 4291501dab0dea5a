//! What a step made is removed by a list of requests.

use std::sync::Mutex;

use crate::bench::{Bench, Ran};
use crate::server::{Reply, Server};

fn run(text: &str, server: &Server) -> (Ran, Bench) {
    let bench = Bench::new().file("undo.yaml", text);
    let ran = bench.assize(["run", "undo.yaml", "--seed", "7", "--base-url", &server.url()]);
    let ran = ran.args(["--report", "log=run.ndjson", "--report", "junit=junit.xml"]).run();
    (ran, bench)
}

/// A step that makes a session, and joins it to find it where its answer was lost.
const JOINS: &str = "\
scenario: A session is made
id: session
steps:
  - step: start
    request: POST /sessions
    expect: 201
    capture: { session: $.id }
    undo:
      - request: DELETE /sessions/$(session)
      - { request: POST /sessions/join, capture: { found: $.id } }
      - { request: DELETE /sessions/$(found), done: [202, 404] }
";

/// A server of one session; `start` and `joined` are what starting and joining it answer.
fn sessions(start: Reply, joined: Reply) -> Server {
    Server::start(move |request| match request.line().as_str() {
        "POST /sessions" => start.clone(),
        "POST /sessions/join" => joined.clone(),
        _ => Reply::empty(202),
    })
}

#[test]
fn what_an_answer_made_that_was_lost_is_found_and_removed() {
    let server = sessions(Reply::dropped(), Reply::ok("{\"id\":\"s1\"}"));
    let (ran, bench) = run(JOINS, &server);
    assert_eq!(ran.exits(3).verdict(), "0 passed, 0 failed, 1 inconclusive (exit 3 ERROR)");
    assert_eq!(server.lines(), ["POST /sessions", "POST /sessions/join", "DELETE /sessions/s1"]);
    let log = bench.read("run.ndjson");
    assert_eq!(log.matches("\"purpose\":\"undo\"").count(), 2);
    assert!(
        log.contains("\"undo-finished\":{\"case\":\"session\",\"step\":\"start\",\"end\":{\"gone\":{\"status\":202}}}")
    );
}

#[test]
fn a_list_ends_with_the_first_answer_that_says_that_it_is_gone() {
    let server = sessions(Reply::json(201, "{\"id\":\"s2\"}"), Reply::ok("{\"id\":\"s1\"}"));
    run(JOINS, &server).0.exits(0);
    assert_eq!(server.lines(), ["POST /sessions", "DELETE /sessions/s2"]);

    // Nothing to join: there is none.
    let server = sessions(Reply::dropped(), Reply::empty(404));
    run(JOINS, &server).0.exits(3);
    assert_eq!(server.lines(), ["POST /sessions", "POST /sessions/join"]);
}

#[test]
fn an_entry_that_does_not_help_is_passed_over_and_what_is_left_is_named() {
    let server = sessions(Reply::json(201, "{}"), Reply::ok("{}"));
    let text = JOINS.replace("capture: { session: $.id }", "capture: { session: { from: $.id, optional: true } }");
    let (ran, bench) = run(&text, &server);
    insta::assert_snapshot!(ran.exits(6).golden());
    assert_eq!(server.lines(), ["POST /sessions", "POST /sessions/join"]);
    assert!(bench.read("run.ndjson").contains("\"left\":{\"request\":\"DELETE /sessions/$(found)\""));

    // An answer that is not among those that count is a reason to go on, and the last reason is told.
    let refused = Server::start(|request| match request.line().as_str() {
        "POST /sessions" => Reply::json(201, "{\"id\":\"s1\"}"),
        "POST /sessions/join" => Reply::ok("{\"id\":\"s2\"}"),
        _ => Reply::empty(500),
    });
    let ran = run(JOINS, &refused).0.exits(6);
    let left = format!("DELETE {}/sessions/s2", refused.url());
    assert!(ran.stdout.contains(&left) || ran.stderr.contains(&left), "{ran}");
    let lines = ["POST /sessions", "DELETE /sessions/s1", "POST /sessions/join", "DELETE /sessions/s2"];
    assert_eq!(refused.lines(), lines);
}

#[test]
fn nothing_is_removed_where_nothing_was_made() {
    let refused = sessions(Reply::json(409, "{}"), Reply::ok("{\"id\":\"s1\"}"));
    run(JOINS, &refused).0.exits(1);
    assert_eq!(refused.lines(), ["POST /sessions"]);

    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let bench = Bench::new().file("undo.yaml", JOINS);
    let ran = bench.run(["run", "undo.yaml", "--base-url", &format!("http://{closed}")]).exits(3);
    assert!(!ran.stdout.contains("left"), "{ran}");
}

#[test]
fn a_single_undo_runs_too_when_the_answer_was_lost_and_its_names_have_values() {
    let server = Server::start(|request| if request.method == "POST" { Reply::dropped() } else { Reply::empty(204) });
    let text = |undo: &str| {
        format!(
            "scenario: It is made\nid: made\nsteps:\n  - request: POST /things\n    expect: 201\n    \
             capture: {{ id: $.id }}\n    undo: {{ request: DELETE /things/{undo} }}\n"
        )
    };
    run(&text("$(case.nonce)"), &server).0.exits(3);
    let lines = server.lines();
    assert!(lines.len() == 2 && lines[1].starts_with("DELETE /things/"), "{lines:?}");

    // Without a value nobody knows what to remove, and that is told.
    let ran = run(&text("$(id)"), &server).0.exits(3);
    assert!(ran.stdout.contains("`$(id)` has no value"), "{ran}");
    assert_eq!(server.lines().len(), 3);
}

#[test]
fn names_are_fixed_when_the_step_is_answered_and_entries_see_what_those_before_them_found() {
    let made = Mutex::new(0);
    let server = Server::start(move |request| match request.path.as_str() {
        "/things" => {
            let mut made = made.lock().unwrap();
            *made += 1;
            Reply::json(201, &format!("{{\"id\":{made}}}"))
        }
        "/search" => Reply { headers: vec![("x-id".to_owned(), "9".to_owned())], ..Reply::empty(200) },
        _ => Reply::empty(if request.path == "/things/9" { 204 } else { 500 }),
    });
    let entry = "capture: { id: $.id }\n    undo:\n      - { request: DELETE /things/$(id), query: { by: $(who) } }\n      \
                 - { request: POST /search, json: { like: $(id) }, headers: { x-who: $(who) }, capture: { id: header x-id } }\n      \
                 - { request: DELETE /things/$(id) }\n";
    let text = format!(
        "scenario: Two things\nid: two\nvars: {{ who: me }}\nsteps:\n  - request: POST /things\n    expect: 201\n    {entry}  \
         - request: POST /things\n    expect: 201\n    {entry}"
    );
    run(&text, &server).0.exits(0);
    let lines = server.lines();
    let expected =
        |id: u32| [format!("DELETE /things/{id}?by=me"), "POST /search".to_owned(), "DELETE /things/9".to_owned()];
    assert_eq!(lines[2..], [expected(2), expected(1)].concat());
    let searches: Vec<_> = server.seen().into_iter().filter(|request| request.path == "/search").collect();
    assert_eq!(
        searches.iter().map(|request| request.body.as_str()).collect::<Vec<_>>(),
        ["{\"like\":2}", "{\"like\":1}"]
    );
    assert!(searches.iter().all(|request| request.header("x-who") == Some("me")));
}

#[test]
fn an_undo_may_have_any_body_and_knows_what_the_step_captured() {
    let server = Server::start(|request| match request.path.as_str() {
        "/things" => Reply::json(201, "{\"id\":\"t1\",\"token\":\"tok\"}"),
        "/last" => Reply::empty(200),
        _ => Reply::empty(500),
    });
    let text = "\
scenario: Bodies
id: bodies
steps:
  - request: POST /things
    expect: 201
    capture: { id: $.id, key: $.token }
    undo:
      - { request: POST /text, text: \"remove $(id)\", cookies: { key: $(key) } }
      - { request: POST /form, form: { id: $(id) } }
      - { request: POST /parts, multipart: { id: $(id) }, as: { device: nobody, bearer: $(key) } }
      - { request: POST /last }
";
    run(text, &server).0.exits(0);
    let seen = server.seen();
    assert_eq!((seen[1].body.as_str(), seen[1].header("cookie")), ("remove t1", Some("key=tok")));
    assert_eq!(seen[2].body, "id=t1");
    assert!(seen[3].body.contains("t1") && seen[3].header("authorization") == Some("Bearer tok"), "{:?}", seen[3]);
    assert_eq!(seen[4].path, "/last");
}

#[test]
fn a_list_in_a_flow_runs_as_whoever_used_it() {
    let server = sessions(Reply::json(201, "{}"), Reply::ok("{\"id\":\"s1\"}"));
    let steps = JOINS[JOINS.find("steps:").unwrap()..]
        .replace("expect", "given")
        .replace("$.id }\n    undo", "{ from: $.id, optional: true } }\n    undo");
    let target = format!(
        "targets:\n  shop:\n    default: true\n    base_url: {}\n    identities:\n      agent:\n        basic: {{ username: anna, \
         password: {{ plain: not-a-secret-anna }} }}\n",
        server.url()
    );
    let bench = Bench::new()
        .file("assize.yaml", &target)
        .file("specs/shop/suite.yaml", "suite: shop\nversion: 1.0.0\ntitle: Shop\nprovides: { identities: { agent: users } }\n")
        .file("specs/shop/flows/start.yaml", &format!("flow: start\n{steps}"))
        .file(
            "specs/shop/scenarios/a.yaml",
            "scenario: It starts\nas: agent\nsteps:\n  - { use: start }\n  - { request: GET /sessions, as: nobody, expect: 202 }\n",
        );
    bench.run(["run", "--seed", "7"]).exits(0);
    assert_eq!(server.lines()[2..], ["POST /sessions/join", "DELETE /sessions/s1"]);
    let shown: Vec<bool> = server.seen().iter().map(|request| request.header("authorization").is_some()).collect();
    assert_eq!(shown, [true, false, true, true]);
}

#[test]
fn mistakes_in_an_undo_are_told_with_their_places() {
    let text = "\
scenario: Undos
id: undos
vars: { mine: 1 }
steps:
  - { request: POST /a, expect: 200, undo: [] }
  - request: POST /b
    expect: 200
    capture: { id: $.id }
    undo:
      - { request: DELETE /b/$(found) }
      - { request: POST /find, capture: { found: $.id, mine: $.x } }
      - { request: DELETE /b/$(found), done: [2x] }
      - { request: DELETE /b/$(nowhere), until: 200 }
  - { request: GET /c/$(found), expect: 200, undo: { request: DELETE /c, capture: { x: $.x } } }
";
    let suite = "suite: shop\nversion: 1.0.0\ntitle: Shop\n";
    let bench = Bench::new().file("specs/shop/suite.yaml", suite).file("specs/shop/scenarios/undo.yaml", text);
    insta::assert_snapshot!(bench.run(["check"]).exits(2).golden());
}
