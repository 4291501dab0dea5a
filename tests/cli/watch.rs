//! `assize run --watch`, as whoever writes a scenario has it beside the editor.

use crate::bench::{Bench, Running};
use crate::server::{Reply, Server};

const FLOW: &str = "flow: book\nsteps:\n  - { step: book, request: POST /bookings, given: 201 }\n";
const USES: &str =
    "scenario: It is booked\nid: booked\nsteps:\n  - use: book\n  - { request: GET /booked, expect: 200 }\n";
const OTHER: &str = "scenario: It is there\nid: there\nsteps:\n  - { request: GET /there, expect: 200 }\n";
const MAKES: &str = "\
scenario: It hangs
id: hangs
steps:
  - request: POST /bookings
    given: 201
    undo: { request: DELETE /bookings/1 }
  - request: GET /hang
    deadline: 60s
    expect: 200
";

fn bench() -> Bench {
    Bench::new()
        .file("rooms/suite.yaml", "suite: rooms\n")
        .file("rooms/flows/book.yaml", FLOW)
        .file("rooms/scenarios/booked.yaml", USES)
        .file("rooms/scenarios/there.yaml", OTHER)
}

fn server() -> Server {
    Server::start(|request| match request.line().as_str() {
        "POST /bookings" => Reply::json(201, "{}"),
        "GET /hang" => loop {
            std::thread::park();
        },
        _ => Reply::ok("{}"),
    })
}

fn start(bench: &Bench, server: &Server) -> Running {
    bench.assize(["run", "--watch", "--suite", "rooms", "--jobs", "1", "--base-url", &server.url()]).start()
}

/// Waits until so many runs have come to their end, and it is watching again.
fn wait_for_runs(running: &mut Running, count: usize) {
    running.wait_until(|_, err| err.matches("watching ").count() >= count);
}

#[test]
fn a_change_runs_again_what_it_touches_and_nothing_else() {
    let (bench, server) = (bench(), server());
    let mut running = start(&bench, &server);
    wait_for_runs(&mut running, 1);
    assert_eq!(server.lines(), ["POST /bookings", "GET /booked", "GET /there"]);

    bench.write("rooms/scenarios/there.yaml", &OTHER.replace("expect: 200", "expect: 2xx"));
    wait_for_runs(&mut running, 2);
    assert_eq!(server.lines()[3..], ["GET /there"]);

    bench.write("rooms/flows/book.yaml", &FLOW.replace("given: 201", "given: 2xx"));
    wait_for_runs(&mut running, 3);
    assert_eq!(server.lines()[4..], ["POST /bookings", "GET /booked"]);

    running.signal("INT");
    let ran = running.end().exits(0);
    assert!(ran.stderr.contains("── changed: rooms/flows/book.yaml\n"), "{ran}");
}

#[test]
fn a_mistake_is_shown_with_its_caret_and_what_was_changed_runs_once_it_is_mended() {
    let (bench, server) = (bench(), server());
    let mut running = start(&bench, &server);
    wait_for_runs(&mut running, 1);
    bench.write("rooms/scenarios/there.yaml", &OTHER.replace("expect", "expcet"));
    wait_for_runs(&mut running, 2);
    assert_eq!(server.lines().len(), 3);
    // Another file is mended meanwhile: both run as soon as the suite is sound.
    bench.write("rooms/scenarios/there.yaml", &OTHER.replace("expect: 200", "expect: 404"));
    wait_for_runs(&mut running, 3);
    assert_eq!(server.lines()[3..], ["GET /there"]);
    running.signal("INT");
    // It ends as the last run ended.
    let ran = running.end().exits(1);
    assert!(
        ran.stderr.contains("error[unknown-key]") && ran.stderr.contains("rooms/scenarios/there.yaml:4:28"),
        "{ran}"
    );
}

#[test]
fn an_interrupt_during_a_run_removes_what_was_made() {
    let (bench, server) = (bench().file("rooms/scenarios/hangs.yaml", MAKES), server());
    let running = bench.assize(["run", "hangs", "--watch", "--suite", "rooms", "--base-url", &server.url()]).start();
    let began = std::time::Instant::now();
    while !server.lines().contains(&"GET /hang".to_owned()) {
        assert!(began.elapsed().as_secs() < 60, "it never came");
        std::thread::yield_now();
    }
    running.signal("INT");
    running.end().dies_of(2);
    assert_eq!(server.lines(), ["POST /bookings", "GET /hang", "DELETE /bookings/1"]);
}

#[test]
fn what_cannot_change_cannot_be_watched() {
    let ran = Bench::new().run(["run", "--watch"]).exits(2);
    assert!(ran.stderr.contains("`assize init --suite NAME DIR`"), "{ran}");
    let ran = bench().run(["run", "--watch", "--suite", "rooms", "--format", "json"]).exits(2);
    assert!(ran.stderr.contains("--format json"), "{ran}");
}
