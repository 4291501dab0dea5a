//! `assize prove`: what is broken on purpose is noticed, and a check that is missing is missed.

use serde_json::Value;

use crate::bench::Bench;

#[test]
fn what_is_broken_on_purpose_is_noticed_by_the_step_that_promises_it() {
    let bench = Bench::contract();
    let ran = bench.run([
        "prove",
        "session.*",
        "general.sync-200",
        "general.async-202",
        "--defect",
        "second-start-202",
        "--defect",
        "join-repeats-id",
        "--defect",
        "third-join-repeats-second-id",
        "--defect",
        "end-twice-404",
        "--defect",
        "unknown-session-409",
        "--defect",
        "join-nothing-202",
        "--defect",
        "sync-202",
        "--defect",
        "field-renamed",
        "--format",
        "json",
        "--report",
        "junit=prove.xml",
    ]);
    let ran = ran.exits(0);
    let matrix: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(matrix["totals"]["noticed"], 8);
    let noticed_by = |defect: &str| {
        let row = matrix["defects"].as_array().unwrap().iter().find(|row| row["defect"] == defect).unwrap();
        let first = &row["noticed_by"][0];
        format!("{} {} {}", first["step"], first["finding"], first["requirement"]).replace('"', "")
    };
    assert_eq!(noticed_by("join-repeats-id"), "phone-joins fail CX-SES-010");
    assert_eq!(noticed_by("third-join-repeats-second-id"), "tablet-joins fail CX-SES-010");
    assert_eq!(noticed_by("end-twice-404"), "end-again warn CX-SES-002");
    let junit = bench.read("prove.xml");
    assert_eq!(junit.matches("<testcase classname=\"prove.defects\"").count(), 8);
    assert!(junit.contains("failures=\"0\""));
}

/// Every defect of the wire.
const OF_THE_WIRE: [&str; 15] = [
    "body-on-304",
    "body-cut",
    "length-too-large",
    "length-too-small",
    "length-twice",
    "lengths-differ",
    "length-and-chunked",
    "chunk-size-broken",
    "chunks-unended",
    "no-answer",
    "header-garbage",
    "header-folded",
    "header-bare-lf",
    "type-twice",
    "stray-bytes",
];

#[test]
fn an_answer_whose_bytes_are_broken_is_noticed_as_a_fault_of_the_protocol() {
    let bench = Bench::contract();
    let args = ["prove", "general.sync-200", "events.new-id-quiet", "auth.client-403", "--format", "json"];
    let asked = OF_THE_WIRE.iter().fold(bench.assize(args), |asked, defect| asked.args(["--defect", defect]));
    let ran = asked.run().exits(0);
    let matrix: Value = serde_json::from_str(&ran.stdout).unwrap();
    let told: Vec<String> = matrix["defects"].as_array().unwrap().iter().map(told_of_wire).collect();
    assert_eq!(
        told,
        [
            "body-on-304: listen expect.protocol[body-not-allowed] fail",
            "body-cut: list fault[answer cut short] inconclusive",
            "length-too-large: list fault[answer cut short] inconclusive",
            "length-too-small: list expect.protocol[bytes-after-end] fail",
            "length-twice: list expect.protocol[content-length-twice] fail",
            "lengths-differ: list fault[not HTTP as it should be] inconclusive",
            "length-and-chunked: list expect.protocol[content-length-and-chunked] fail",
            "chunk-size-broken: list fault[not HTTP as it should be] inconclusive",
            "chunks-unended: list fault[answer cut short] inconclusive",
            "no-answer: list fault[no answer] inconclusive",
            "header-garbage: list fault[not HTTP as it should be] inconclusive",
            "header-folded: list fault[not HTTP as it should be] inconclusive",
            "header-bare-lf: unnoticeable",
            "type-twice: list expect.protocol[content-type-twice] fail",
            "stray-bytes: list expect.protocol[bytes-after-end] fail",
        ]
    );
}

/// How the protocol's own finding of a defect is told: nothing that a scenario checks has a part in it.
fn told_of_wire(row: &Value) -> String {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let is_of_protocol = |notice: &&Value| ["protocol[", "fault["].iter().any(|it| text(&notice["check"]).contains(it));
    let defect = text(&row["defect"]);
    match row["noticed_by"].as_array().unwrap().iter().find(is_of_protocol) {
        Some(by) => format!("{defect}: {} {} {}", text(&by["step"]), text(&by["check"]), text(&by["finding"])),
        None => format!("{defect}: {}", text(&row["stand"])),
    }
}

#[test]
fn a_check_that_is_removed_is_missed_by_the_proof() {
    let bench = Bench::contract();
    let path = "specs/cxone/scenarios/sessions/join-distinct.yaml";
    let scenario = bench.read(path);
    let weaker = scenario.replace("json: { $.sessionId: { not: { one_of: [ $(s1), $(s2) ] } } }", "size: { min: 1 }");
    assert_ne!(scenario, weaker);
    bench.write(path, &weaker);
    let ran = bench.run(["prove", "session.join-distinct", "--defect", "third-join-repeats-second-id"]).exits(1);
    assert_eq!(
        ran.stdout,
        "CX-SES-010  MUST  0/1 noticed\n  \
           NOT NOTICED   third-join-repeats-second-id\n                \
           The second who joins is given the id of the first who did.\n                \
           breaks CX-SES-010, and no step that verifies it says so\n\n\
         0 noticed, 1 not noticed (exit 1 FAIL)\n"
    );
}

#[test]
fn a_suite_that_fails_without_a_defect_proves_nothing() {
    let bench = Bench::contract();
    let path = "specs/cxone/scenarios/general/sync-is-200.yaml";
    let scenario = bench.read(path);
    bench.write(path, &scenario.replace("status: 200, content_type", "status: 201, content_type"));
    let ran = bench.run(["prove", "general.sync-200", "--variant", "legacy", "--defect", "sync-202"]).exits(3);
    assert_eq!(ran.stdout, "");
    let first = "error: without any defect, 1 cases do not pass: their failing shows nothing\n  general.sync-200@legacy failed (";
    assert!(ran.stderr.starts_with(first), "{}", ran.stderr);
}

#[test]
fn a_signal_ends_the_proof_at_once() {
    let bench = Bench::contract();
    for (name, number) in [("TERM", 15), ("INT", 2)] {
        let mut proof = bench.assize(["prove"]).start();
        proof.wait_for("10 of 97 defects tried");
        let told = std::time::Instant::now();
        proof.signal(name);
        proof.end().dies_of(number);
        assert!(told.elapsed() < std::time::Duration::from_secs(5), "{name}");
    }
}

#[test]
fn cases_that_do_not_end_in_time_are_told() {
    let bench = Bench::contract();
    let scenario = "\
scenario: A poll is woken
id: woken
verifies: [CX-EVT-012]
as: agent
tags: [waits]
steps:
  - use: start-session
    capture: { sid: session }
  - use: drain
    with: { session: $(sid) }
    capture: { sid: session }
  - step: both
    together:
      - step: hold
        request: GET /agent-sessions/$(sid)/get-next-event?timeout=60
        deadline: 90s
        expect: 200
      - step: change
        after: 200ms
        request: POST /agent-sessions/$(sid)/state
        json: { state: Available }
        expect: 202
";
    let bench = bench.file("specs/cxone/scenarios/woken.yaml", scenario);
    let ran =
        bench.run(["prove", "woken", "--variant", "openid", "--defect", "poll-not-woken", "--time", "10s"]).exits(1);
    assert_eq!(
        ran.stdout,
        "CX-EVT-012  SHOULD  0/1 noticed\n  \
           TIMED OUT     poll-not-woken\n                \
           A poll that is held is not answered before its time is up.\n                \
           not allowed: woken@openid unfinished (it did not end)\n\n\
         0 noticed, 0 not noticed, 1 timed out, 1 not allowed (exit 1 FAIL)\n"
    );
}

#[test]
fn only_the_tenant_that_comes_along_can_be_broken() {
    let bench = Bench::contract();
    let ran = bench.run(["prove", "--defect", "evnt-lost"]).exits(2);
    assert_eq!(ran.stderr, "error: there is no defect `evnt-lost`; there is `event-lost`; `--defect list` shows all\n");
    let other = "targets:\n  mine:\n    default: true\n    base_url: http://127.0.0.1:9\n";
    let bench = Bench::new()
        .file("assize.yaml", other)
        .file("hello.yaml", "scenario: It answers\nsteps:\n  - request: GET /\n    expect: 200\n");
    let ran = bench.run(["prove", "hello.yaml"]).exits(2);
    assert!(ran.stderr.contains("assize prove --record LOG"), "{}", ran.stderr);
}
