//! `assize prove --record`: a suite that would miss something is told what.

use serde_json::{Value, json};

use crate::bench::Bench;
use crate::server::{Reply, Server};
use crate::waivers::day;

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

/// A shop that lists orders, and a check that looks at nothing but the status and one member.
fn shop(bench: &Bench) -> Server {
    let server = Server::start(|_| Reply::json(200, "{\"total\":3,\"orders\":[{\"id\":\"abcdef\"}]}"));
    bench.write("shop/suite.yaml", "suite: shop\n");
    bench.write(
        "shop/scenarios/orders.yaml",
        "scenario: Orders are listed\nid: orders\nsteps:\n  - step: list\n    request: GET /orders\n    \
         expect: { status: 200, json: { $.total: 3 } }\n",
    );
    let url = server.url();
    bench.assize(["run", "--suite", "shop", "--base-url", &url, "--report", "log=run.ndjson"]).run().exits(0);
    server
}

/// What the waivers make of the shop's survivors, as JSON.
fn surveyed(bench: &Bench, exit: i32) -> Value {
    let args = ["prove", "--record", "run.ndjson", "--format", "json", "--report", "junit=prove.xml"];
    let ran = bench.assize(args).run().exits(exit);
    serde_json::from_str(&ran.stdout).unwrap()
}

fn waiver(id: &str, change: &str, days: i64) -> String {
    let reason = "the list is for people";
    let expires = day(days);
    format!(
        "  - {{ id: {id}, step: orders#list, change: \"{change}\", reason: {reason}, owner: api-team, expires: {expires} }}\n"
    )
}

#[test]
fn survivors_are_told_as_json_and_junit_by_step_with_a_score_of_each_requirement() {
    let bench = Bench::new();
    let _server = shop(&bench);
    let survey = surveyed(&bench, 1);
    assert_eq!((&survey["format"], &survey["suite"]), (&json!(1), &json!("shop")));
    let step = &survey["steps"][0];
    assert_eq!((&step["scenario"], &step["step"]), (&json!("orders"), &json!("list")));
    let survivors = step["survivors"].as_array().unwrap();
    let of = |change: &str| survivors.iter().find(|it| it["change"] == change).unwrap_or(&Value::Null).clone();
    assert_eq!(
        of("$.orders is gone"),
        json!({
            "change": "$.orders is gone", "kind": "dropped", "place": "$.orders", "gravity": "grave", "gap": true,
            "noticed_elsewhere": false, "cases": ["orders"],
            "remedy": "json: { $.orders: { exists: true } }, or a schema that requires it"
        })
    );
    assert_eq!(of("$.total is one more"), Value::Null);
    assert_eq!(of("status 201"), Value::Null);
    let totals = &survey["totals"];
    assert_eq!(totals["survivors"], survivors.len());
    assert!(totals["gaps"].as_u64().unwrap() > 0 && totals["waived"] == 0, "{totals}");
    let junit = bench.read("prove.xml");
    assert!(junit.contains("<testsuites tests=\"1\" failures=\"1\" errors=\"0\">"), "{junit}");
    assert!(junit.contains("<testcase classname=\"prove.steps\" name=\"orders#list\" time=\"0\"><failure"), "{junit}");
    assert!(junit.contains("not noticed: $.orders is gone; "), "{junit}");
}

#[test]
fn survivors_that_are_accepted_are_waived_by_the_words_in_which_they_are_told() {
    let bench = Bench::new();
    let _server = shop(&bench);
    let survey = surveyed(&bench, 1);
    let gaps = survey["steps"][0]["survivors"].as_array().unwrap().iter().filter(|it| it["gap"] == true);
    let changes: Vec<String> = gaps.map(|it| it["change"].as_str().unwrap().to_owned()).collect();
    let named = |changes: &[String], days: i64| {
        let each = changes.iter().enumerate().map(|(at, change)| waiver(&format!("W-{at}"), change, days));
        bench.write("waivers.yaml", &format!("survivors:\n{}", each.collect::<String>()));
    };
    named(&changes, 5);
    let survey = surveyed(&bench, 0);
    assert_eq!((&survey["totals"]["gaps"], &survey["totals"]["waived"]), (&json!(0), &json!(changes.len())));
    assert_eq!(survey["waivers"], json!([]));
    let ran = bench.assize(["prove", "--record", "run.ndjson"]).run().exits(0);
    assert!(ran.stdout.contains("(waived by W-0)"), "{ran}");

    // One waiver for a place that nothing looks at is enough for whatever becomes of its form.
    let (looked, other): (Vec<String>, Vec<String>) =
        changes.iter().cloned().partition(|change| change.starts_with("$.orders ") && !change.contains("lost"));
    assert!(looked.len() >= 4, "{changes:?}");
    named(&[other, vec!["nothing looks at $.orders".to_owned()]].concat(), 5);
    assert_eq!(surveyed(&bench, 0)["totals"]["gaps"], 0);

    // One that has expired accepts nothing; one of what is noticed is of no use. Both fail the proof.
    named(&changes, -1);
    let survey = surveyed(&bench, 1);
    assert_eq!(survey["totals"]["gaps"].as_u64().unwrap(), changes.len() as u64);
    assert_eq!(survey["waivers"].as_array().unwrap().len(), changes.len());
    assert_eq!(survey["waivers"][0]["fault"], "expired");
    named(&[changes, vec!["$.total is one more".to_owned()]].concat(), 5);
    let survey = surveyed(&bench, 1);
    assert_eq!(survey["totals"]["gaps"], 0);
    assert_eq!(
        (&survey["waivers"][0]["change"], &survey["waivers"][0]["fault"]),
        (&json!("$.total is one more"), &json!("unmatched"))
    );
    assert!(bench.read("prove.xml").contains("classname=\"prove.waivers\""));
    let ran = bench.assize(["prove", "--record", "run.ndjson"]).run().exits(1);
    assert!(ran.stdout.contains("waives a change that is noticed, or that nobody can make"), "{ran}");
}

#[test]
fn a_run_does_not_mind_waivers_of_survivors() {
    let bench = Bench::new();
    let server = shop(&bench);
    bench.write("waivers.yaml", &format!("survivors:\n{}", waiver("W-1", "$.orders is gone", 5)));
    bench.assize(["run", "--suite", "shop", "--base-url", &server.url()]).run().exits(0);
}
