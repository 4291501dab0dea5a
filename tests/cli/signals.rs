//! Signals in the middle of a run.

use std::time::{Duration, Instant};

use crate::bench::{Bench, Running};
use crate::junit::Junit;
use crate::server::{Reply, Server};
use crate::tenant::{Encryption, Tenant};

/// How long a condition may take to hold.
const LIMIT: Duration = Duration::from_secs(20);

/// A session that waits for an event that never comes.
const WAITS: &str = "\
scenario: A session waits for an event
id: wait
verifies: [CX-EVT-011]
as: agent
tags: [waits]
steps:
  - use: start-session
    capture: { sid: session }
  - use: drain
    with: { session: $(sid) }
    capture: { sid: session }
  - step: hold
    request: GET /agent-sessions/$(sid)/get-next-event?timeout=60
    deadline: 90s
    expect: 200
";

/// Something that is made, something that hangs, and an undo.
const HANGS: &str = "\
scenario: Hangs
id: hangs
steps:
  - request: POST /things
    expect: 200
    undo: { request: DELETE /things/1 }
  - request: GET /hang
    deadline: 60s
    expect: 200
---
scenario: Comes later
id: later
steps:
  - request: GET /things
    expect: 200
";

/// A server where `GET /hang` and, if so wanted, every `DELETE` is never answered.
fn server(hanging: &'static [&'static str]) -> Server {
    Server::start(move |request| {
        while hanging.contains(&request.line().as_str()) {
            std::thread::park();
        }
        Reply::ok("{}")
    })
}

fn wait_until(mut holds: impl FnMut() -> bool) {
    let began = Instant::now();
    while !holds() {
        assert!(began.elapsed() < LIMIT, "it never came to hold");
        std::thread::yield_now();
    }
}

fn start(bench: &Bench, url: &str) -> Running {
    let args = ["--jobs", "1", "--report", "junit=junit.xml", "--base-url", url];
    bench.assize(["run", "hangs.yaml", "--seed", "7"]).args(args).start()
}

#[test]
fn an_interrupt_ends_the_sessions_on_the_tenant_and_the_process_dies_of_it() {
    let bench = Bench::contract().file("specs/cxone/scenarios/wait.yaml", WAITS);
    let tenant = Tenant::start(&bench, Encryption::Plain);
    let args = ["run", "wait", "--seed", "7", "--target-file", "tenant/assize.yaml"];
    let run = bench.assize(args).args(["--report", "junit=junit.xml", "--report", "log=run.ndjson"]).start();
    wait_until(|| tenant.sessions()["held_polls"] == 2);
    assert_eq!(tenant.live_sessions(), 2);
    run.signal("INT");
    let ran = run.end().dies_of(2);

    assert_eq!(tenant.live_sessions(), 0);
    assert_eq!(ran.verdict(), "0 passed, 0 failed, 2 unfinished (exit 130 SIGNAL)");
    assert_eq!(Junit::read(&bench, "junit.xml").totals(), "0 passed, 0 failed, 2 unfinished");
    // The record of a run that was stopped can be judged again; that one was not stopped itself.
    let again = bench.run(["replay", "run.ndjson"]).exits(5);
    assert_eq!(again.stderr, "judged again: every finding is as it was recorded\n");
}

#[test]
fn every_signal_that_asks_to_stop_removes_what_was_made() {
    for (name, number) in [("HUP", 1), ("INT", 2), ("QUIT", 3), ("TERM", 15)] {
        let bench = Bench::new().file("hangs.yaml", HANGS);
        let server = server(&["GET /hang"]);
        let run = start(&bench, &server.url());
        wait_until(|| server.lines().contains(&"GET /hang".to_owned()));
        run.signal(name);
        let ran = run.end().dies_of(number);
        let verdict = format!("0 passed, 0 failed, 2 unfinished (exit {} SIGNAL)", 128 + number);
        assert_eq!(ran.verdict(), verdict, "{ran}");
        assert_eq!(server.lines(), ["POST /things", "GET /hang", "DELETE /things/1"]);
        let outcomes = Junit::read(&bench, "junit.xml").outcomes();
        assert_eq!(
            outcomes.into_iter().collect::<Vec<_>>(),
            [("hangs", "unfinished"), ("later", "unfinished")].map(own)
        );
    }
}

#[test]
fn a_second_signal_gives_up_removing_at_once_and_says_what_is_left() {
    let bench = Bench::new().file("hangs.yaml", HANGS);
    let server = server(&["GET /hang", "DELETE /things/1"]);
    let run = start(&bench, &server.url());
    wait_until(|| server.lines().contains(&"GET /hang".to_owned()));
    run.signal("INT");
    wait_until(|| server.lines().contains(&"DELETE /things/1".to_owned()));
    let asked_again = Instant::now();
    run.signal("TERM");
    let ran = run.end().dies_of(2);
    // Without the second signal, removing is given up after ten seconds.
    assert!(asked_again.elapsed() < Duration::from_secs(9), "{ran}");
    insta::assert_snapshot!(ran.golden());
    assert_eq!(Junit::read(&bench, "junit.xml").totals(), "0 passed, 0 failed, 2 unfinished");
}

#[test]
fn a_member_of_a_set_that_makes_something_is_still_waited_for_when_the_run_is_stopped() {
    let text = "\
scenario: A race is stopped
id: race
steps:
  - step: race
    together:
      - { step: makes, request: POST /things, capture: { id: $.id }, undo: { request: DELETE /things/$(id) }, expect: 200 }
      - { step: hangs, request: GET /hang, deadline: 60s, expect: 200 }
      - { step: late, after: 50s, request: POST /things, expect: 200, undo: { request: DELETE /things/late } }
";
    let bench = Bench::new().file("hangs.yaml", text);
    let (stopped, wait) = std::sync::mpsc::channel::<()>();
    let wait = std::sync::Mutex::new(wait);
    let server = Server::start(move |request| match request.line().as_str() {
        // Answered only once the run is being stopped.
        "POST /things" => {
            let _ = wait.lock().unwrap().recv_timeout(LIMIT);
            Reply::ok("{\"id\":7}")
        }
        "GET /hang" => loop {
            std::thread::park();
        },
        _ => Reply::ok("{}"),
    });
    let mut run = start(&bench, &server.url());
    wait_until(|| server.lines().len() == 2);
    run.signal("INT");
    run.wait_for("stopping");
    stopped.send(()).unwrap();
    let ran = run.end().dies_of(2);
    assert_eq!(ran.verdict(), "0 passed, 0 failed, 1 unfinished (exit 130 SIGNAL)", "{ran}");
    assert_eq!(server.lines()[2..], ["DELETE /things/7"]);
}

fn own((case, outcome): (&str, &str)) -> (String, String) {
    (case.to_owned(), outcome.to_owned())
}
