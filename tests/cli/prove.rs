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
        "NOT NOTICED third-join-repeats-second-id\n  \
           The second who joins is given the id of the first who did.\n  \
           breaks CX-SES-010, and no step that verifies it says so\n\n\
         0 noticed, 1 not noticed (exit 1 FAIL)\n"
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
