//! `assize prove`: what is broken on purpose is noticed, and a check that is missing is missed.

use serde_json::{Value, json};

use crate::bench::Bench;
use crate::waivers::day;

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
        proof.wait_for("10 of ");
        let told = std::time::Instant::now();
        proof.signal(name);
        let ran = proof.end().dies_of(number);
        // What was found until then is told, and what was not tried.
        assert!(ran.stdout.contains("  noticed       ") && ran.stdout.contains("  not tried     "), "{ran}");
        assert!(ran.verdict().ends_with(&format!(" not tried (exit {} SIGNAL)", 128 + number)), "{ran}");
        assert!(!ran.stdout.contains("noticed nothing"), "{ran}");
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

#[test]
fn a_defect_that_nothing_can_notice_is_told_with_the_reason_and_proves_nothing_alone() {
    let bench = Bench::contract();
    let args = ["prove", "general.sync-200", "--report", "junit=prove.xml"];
    let ran = bench.assize(args).args(["--defect", "header-bare-lf"]).run().exits(4);
    let why = "the HTTP library takes LF for the end of a line, as RFC 9112 §2.2 allows, and does not tell";
    assert_eq!(
        ran.stdout,
        format!(
            "about no requirement\n  unnoticeable  header-bare-lf  {why}\n\n\
             0 noticed, 0 not noticed, 1 not noticeable (exit 4 NOTHING)\n"
        )
    );
    assert!(
        bench.read("prove.xml").contains(&format!("name=\"header-bare-lf\" time=\"0\"><skipped message=\"{why}\"/>"))
    );
    let args = ["--defect", "header-bare-lf", "--defect", "sync-202", "--format", "json"];
    let ran = bench.assize(["prove", "general.sync-200"]).args(args).run().exits(0);
    let matrix: Value = serde_json::from_str(&ran.stdout).unwrap();
    let row = matrix["defects"].as_array().unwrap().iter().find(|row| row["defect"] == "header-bare-lf").unwrap();
    assert_eq!((&row["stand"], &row["why"]), (&json!("unnoticeable"), &json!(why)));
    assert_eq!((&matrix["totals"]["unnoticeable"], &matrix["totals"]["noticed"]), (&json!(1), &json!(1)));
}

#[test]
fn a_defect_either_breaks_requirements_or_is_unnoticeable() {
    let bench = Bench::contract();
    let path = "specs/cxone/defects.yaml";
    let defects = bench.read(path);
    bench.write(path, &defects.replace("breaks: [CX-SES-003] }\n", "breaks: [CX-SES-003], unnoticeable: so }\n"));
    let ran = bench.run(["prove", "--defect", "sync-202"]).exits(2);
    assert!(ran.stderr.contains("a defect either `breaks` requirements or is `unnoticeable`"), "{ran}");
}

/// A contract in which nobody looks whether the third who joins gets an id of its own.
fn without_a_check() -> Bench {
    let bench = Bench::contract();
    let path = "specs/cxone/scenarios/sessions/join-distinct.yaml";
    let check = "json: { $.sessionId: { not: { one_of: [ $(s1), $(s2) ] } } }";
    bench.write(path, &bench.read(path).replace(check, "size: { min: 1 }"));
    bench
}

/// A file that waives this defect until so many days from now.
fn waive(bench: &Bench, defect: &str, days: i64) {
    let expires = day(days);
    bench.write(
        "waivers.yaml",
        &format!(
            "survivors:\n  - {{ id: W-1, defect: {defect}, reason: being written, owner: api-team, expires: {expires} }}\n"
        ),
    );
}

#[test]
fn a_defect_that_is_not_noticed_may_be_waived_until_a_day() {
    let bench = without_a_check();
    let prove = |exit: i32| {
        let args = ["prove", "session.join-distinct", "--defect", "third-join-repeats-second-id"];
        let told = bench.assize(args).args(["--report", "junit=prove.xml"]).run().exits(exit);
        let ran = bench.assize(args).args(["--format", "json"]).run().exits(exit);
        (told.stdout, serde_json::from_str::<Value>(&ran.stdout).unwrap(), bench.read("prove.xml"))
    };
    waive(&bench, "third-join-repeats-second-id", 5);
    let (text, matrix, junit) = prove(0);
    assert!(text.contains("NOT NOTICED   third-join-repeats-second-id  waived by W-1\n"), "{text}");
    assert!(text.ends_with("0 noticed, 1 not noticed, 1 of them waived (exit 0 PASS)\n"), "{text}");
    assert_eq!((&matrix["defects"][0]["waived_by"], &matrix["waivers"]), (&json!("W-1"), &json!([])));
    assert!(junit.contains("failures=\"0\"") && junit.contains("Waived by W-1."), "{junit}");

    waive(&bench, "third-join-repeats-second-id", -1);
    let (text, matrix, junit) = prove(1);
    assert!(text.contains("waiver W-1 (api-team) expired on "), "{text}");
    let problem = json!({
        "waiver": "W-1", "owner": "api-team", "defect": "third-join-repeats-second-id", "fault": "expired"
    });
    assert_eq!(matrix["waivers"], json!([problem]));
    assert!(junit.contains("<testcase classname=\"prove.waivers\" name=\"W-1\" time=\"0\"><failure"), "{junit}");
}

#[test]
fn a_waiver_of_a_defect_that_is_noticed_fails_the_proof_and_one_of_no_defect_is_refused() {
    let bench = Bench::contract();
    let args = ["prove", "session.join-distinct", "--variant", "openid", "--defect", "join-repeats-id"];
    waive(&bench, "join-repeats-id", 5);
    let ran = bench.run(args).exits(1);
    let line = "waiver W-1 (api-team) waives a defect that is noticed, or that nobody can notice: the defect `join-repeats-id`";
    assert!(ran.stdout.contains(line), "{ran}");
    assert!(ran.verdict().starts_with("1 noticed, 0 not noticed, 1 waivers do not hold (exit 1"), "{ran}");
    // What was not tried says nothing of it.
    waive(&bench, "event-lost", 5);
    bench.run(args).exits(0);
    waive(&bench, "evnt-lost", 5);
    let ran = bench.run(args).exits(2);
    assert!(ran.stderr.contains("event-lost"), "{ran}");
}

#[test]
fn a_requirement_that_no_defect_breaks_is_told_and_fails_the_proof_where_it_is_a_must() {
    let bench = Bench::contract();
    let scenario = bench.read("specs/cxone/scenarios/general/sync-is-200.yaml");
    std::fs::remove_dir_all(bench.path("specs/cxone/scenarios")).unwrap();
    let verifies = "verifies: [CX-GEN-010]";
    assert!(scenario.contains(verifies), "{scenario}");
    let prove = |level: &str, exit: i32| {
        let with = scenario.replace(verifies, "verifies: [CX-GEN-010, CX-NEW-001]");
        bench.write("specs/cxone/scenarios/sync.yaml", &with);
        let entry = |id: &str, level: &str| {
            let source = "source: { section: x, basis: stated }";
            format!("  - {{ id: {id}, level: {level}, actor: server, text: It is so., {source} }}\n")
        };
        let entries = [entry("CX-GEN-010", "MUST"), entry("CX-NEW-001", level)].concat();
        bench.write("specs/cxone/requirements.yaml", &format!("catalogue: small\nrequirements:\n{entries}"));
        bench.write("specs/cxone/defects.yaml", "defects:\n  - { defect: sync-202, breaks: [CX-GEN-010] }\n");
        bench.run(["prove", "--report", "junit=prove.xml"]).exits(exit).stdout
    };
    let text = prove("MUST", 1);
    assert!(text.contains("\nrequirements that no defect breaks\n  CX-NEW-001  MUST  It is so.\n"), "{text}");
    assert!(text.ends_with("1 noticed, 0 not noticed, 1 requirements not broken (exit 1 FAIL)\n"), "{text}");
    let failure = "<testcase classname=\"prove.requirements\" name=\"CX-NEW-001\" time=\"0\"><failure";
    assert!(bench.read("prove.xml").contains(failure));
    let text = prove("SHOULD", 0);
    assert!(text.contains("  CX-NEW-001  SHOULD  It is so.\n"), "{text}");
}
