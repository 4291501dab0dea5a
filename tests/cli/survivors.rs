//! `assize prove --record`: a suite that would miss something is told what.

use crate::bench::Bench;

/// A recorded run of these cases of the contract.
fn recorded(bench: &Bench, selector: &str) {
    bench.assize(["run", selector, "--report", "log=run.ndjson"]).run().exits(0);
}

#[test]
fn the_contract_notices_every_grave_change_to_an_answer_that_a_must_depends_on() {
    let bench = Bench::contract();
    recorded(&bench, "*.*");
    let ran = bench.assize(["prove", "--record", "run.ndjson"]).run().exits(0);
    assert!(ran.verdict().ends_with("0 of them grave (exit 0 PASS)"), "{ran}");
    assert!(ran.stdout.contains("CX-SES-001"), "{ran}");
}

#[test]
fn a_check_that_is_taken_away_leaves_survivors_that_are_named_with_what_would_notice_them() {
    let bench = Bench::contract();
    let path = "specs/cxone/scenarios/sessions/join-distinct.yaml";
    let without = |check: &str| {
        let with = bench.read(path);
        assert!(with.contains(check), "{with}");
        bench.write(path, &with.replace(check, ""));
        recorded(&bench, "session.join-distinct");
        bench.assize(["prove", "--record", "run.ndjson"]).run()
    };
    let line = "$.sessionId is the one of `s1`  noticed by json: { $.sessionId: { not: $(s1) } }";
    let step = "session.join-distinct#phone-joins  CX-SES-010 (MUST)";

    // The third who joins would still notice it.
    let ran = without(", json: { $.sessionId: { not: $(s1) } }").exits(0);
    assert!(ran.stdout.contains(step), "{ran}");
    assert!(ran.stdout.contains(&format!("{line} (another step notices it)")), "{ran}");

    let ran = without(", json: { $.sessionId: { not: { one_of: [ $(s1), $(s2) ] } } }").exits(1);
    assert!(ran.stdout.contains(step), "{ran}");
    assert!(ran.stdout.contains(&format!("{line}\n")), "{ran}");
}

#[test]
fn a_record_of_another_suite_proves_nothing() {
    let bench = Bench::contract();
    recorded(&bench, "session.join-nothing");
    let path = "specs/cxone/scenarios/sessions/join-nothing.yaml";
    bench.write(path, &bench.read(path).replace("expect: 409", "expect: 404"));
    let ran = bench.assize(["prove", "--record", "run.ndjson"]).run().exits(2);
    assert!(ran.stderr.contains("the suite is not the one of the record"), "{ran}");
}
