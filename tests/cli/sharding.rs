//! A plan in several parts, and what is made of their records.

use std::collections::BTreeSet;

use crate::bench::{Bench, Ran};
use crate::junit::Junit;
use crate::server::{Reply, Server};

/// How many cases there are besides the one that fails.
const CASES: usize = 12;

fn suite() -> String {
    let case =
        |at: usize| format!("scenario: Case {at}\nid: case-{at}\nsteps:\n  - request: GET /{at}\n    expect: 200\n");
    (0..=CASES).map(case).collect::<Vec<_>>().join("---\n")
}

/// 404 for the case 0 where `fails`.
fn server(fails: bool) -> Server {
    Server::start(move |request| Reply::json(if fails && request.path == "/0" { 404 } else { 200 }, "{}"))
}

/// Runs a shard, and writes `NAME.ndjson`.
fn shard<const N: usize>(bench: &Bench, server: &Server, shard: &str, name: &str, args: [&str; N]) -> Ran {
    let log = format!("log={name}.ndjson");
    let given = ["run", "all.yaml", "--base-url", &server.url(), "--shard", shard, "--report", &log];
    bench.assize(given).args(args).run()
}

fn planned(bench: &Bench, shard: &str, args: [&str; 2]) -> BTreeSet<String> {
    let given =
        ["run", "all.yaml", "--base-url", "http://127.0.0.1:1", "--shard", shard, "--dry-run", "--format", "json"];
    let ran = bench.assize(given).args(args).run().exits(0);
    let shown: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    shown["cases"].as_array().unwrap().iter().map(|case| case["case"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn every_case_is_in_exactly_one_shard_whatever_the_seed_and_the_order() {
    let bench = Bench::new().file("all.yaml", &suite());
    let one = ["1/3", "2/3", "3/3"].map(|shard| planned(&bench, shard, ["--seed", "1"]));
    let other = ["1/3", "2/3", "3/3"].map(|shard| planned(&bench, shard, ["--seed=2", "--shuffle"]));
    assert_eq!(one, other);
    assert_eq!(one.iter().map(BTreeSet::len).sum::<usize>(), CASES + 1);
    assert_eq!(one.iter().flatten().collect::<BTreeSet<_>>().len(), CASES + 1);
}

#[test]
fn shards_that_cannot_be_are_refused() {
    let bench = Bench::new().file("all.yaml", &suite());
    for text in ["0/3", "4/3", "1/0", "3", "a/b", "-1/3", "1/3/3"] {
        let ran =
            bench.run(["run", "all.yaml", "--base-url", "http://127.0.0.1:1", &format!("--shard={text}")]).exits(2);
        assert!(ran.stderr.contains("shard"), "{text}: {ran}");
    }
}

#[test]
fn the_shards_of_a_run_are_one_record_with_the_verdict_of_the_whole() {
    for fails in [false, true] {
        let server = server(fails);
        let bench = Bench::new().file("all.yaml", &suite());
        let base_url = server.url();
        let args = ["--base-url", &base_url, "--seed", "7", "--report", "junit=whole.xml"];
        let code = i32::from(fails);
        let ran = bench.assize(["run", "all.yaml"]).args(args).run().exits(code);
        // With seeds of their own.
        let codes = ["1/3", "2/3", "3/3"].map(|of| shard(&bench, &server, of, &of[..1], []).status.code());
        assert_eq!(codes.iter().filter(|found| **found == Some(1)).count(), usize::from(fails));
        let reports = ["--report", "junit=all.xml", "--report", "html=all.html"];
        let all = bench.assize(["replay", "3.ndjson", "1.ndjson", "2.ndjson"]).args(reports).run().exits(code);
        assert_eq!(all.verdict(), ran.verdict());
        let (whole, split) = (Junit::read(&bench, "whole.xml"), Junit::read(&bench, "all.xml"));
        assert_eq!(split.outcomes(), whole.outcomes());
        let names = |xml: &str| -> Vec<String> {
            xml.lines()
                .filter(|line| line.contains("<testcase "))
                .map(|line| line.split('"').nth(1).unwrap().to_owned())
                .collect()
        };
        assert_eq!(names(&bench.read("all.xml")), names(&bench.read("whole.xml")), "the order is that of the plan");
        let ran = bench.run(["replay", "1.ndjson", "2.ndjson", "3.ndjson", "--report", "log=all.ndjson"]).exits(2);
        assert!(ran.stderr.contains("the shards had different seeds"), "{ran}");
    }
}

#[test]
fn shards_of_one_seed_are_one_log_that_can_be_judged_again() {
    let server = server(true);
    let bench = Bench::new().file("all.yaml", &suite());
    for of in ["1/2", "2/2"] {
        shard(&bench, &server, of, &of[..1], ["--seed", "7"]);
    }
    let all = bench.run(["replay", "1.ndjson", "2.ndjson", "--report", "log=all.ndjson"]).exits(1);
    let again = bench.run(["replay", "all.ndjson"]).exits(1);
    assert_eq!(again.stdout, all.stdout);
    assert_eq!(again.stderr, "judged again: every finding is as it was recorded\n");
}

#[test]
fn a_shard_that_is_missing_makes_the_whole_incomplete_and_its_cases_are_named() {
    let server = server(false);
    let bench = Bench::new().file("all.yaml", &suite());
    for of in ["1/3", "2/3", "3/3"] {
        shard(&bench, &server, of, &of[..1], []).exits(0);
    }
    let missing = planned(&bench, "2/3", ["--seed", "1"]);
    let ran = bench.run(["replay", "1.ndjson", "3.ndjson", "--report", "junit=all.xml"]).exits(5);
    assert!(ran.stderr.contains("error: shard 2/3 is not among the logs: its cases are unfinished\n"), "{ran}");
    assert!(ran.stdout.contains("shard 2/3 is not among the logs"), "{ran}");
    let outcomes = Junit::read(&bench, "all.xml").outcomes();
    let unfinished: BTreeSet<String> =
        outcomes.into_iter().filter(|(_, outcome)| outcome == "unfinished").map(|(case, _)| case).collect();
    assert_eq!(unfinished, missing);
    // One alone is as little the whole.
    bench.run(["replay", "1.ndjson"]).exits(5);
    // A shard that was killed has no end.
    let log = bench.read("2.ndjson");
    let cut = log.trim_end().rsplit_once('\n').unwrap().0;
    bench.write("2.ndjson", &format!("{cut}\n"));
    let ran = bench.run(["replay", "1.ndjson", "2.ndjson", "3.ndjson"]).exits(5);
    assert!(ran.stdout.contains("the run did not come to its end"), "{ran}");
}

#[test]
fn logs_that_are_not_the_shards_of_one_run_are_refused() {
    let (server, elsewhere) = (server(false), server(false));
    let bench = Bench::new().file("all.yaml", &suite());
    shard(&bench, &server, "1/2", "one", []).exits(0);
    shard(&bench, &server, "2/2", "two", []).exits(0);
    bench.run(["replay", "one.ndjson", "two.ndjson"]).exits(0);
    shard(&bench, &server, "2/3", "other-split", []).exits(0);
    shard(&bench, &elsewhere, "2/2", "other-target", []).exits(0);
    shard(&bench, &server, "2/2", "other-gate", ["--fail-on", "should"]).exits(0);
    shard(&bench, &server, "2/2", "other-plan", ["case-1*"]).exits(0);
    bench.run(["run", "all.yaml", "--base-url", &server.url(), "--report", "log=whole.ndjson"]).exits(0);
    bench.write("all.yaml", &suite().replace("Case 1\n", "Case one\n"));
    shard(&bench, &server, "2/2", "other-suite", []).exits(0);
    bench.write("all.yaml", &suite());
    // Half of what the second shard ran is taken for all of it.
    let log = bench.read("two.ndjson");
    let lost = planned(&bench, "2/2", ["--seed", "1"]).into_iter().next().unwrap();
    let own = log.rfind(&format!("{{\"id\":\"{lost}\"")).unwrap();
    bench.write("less.ndjson", &log.replacen(&log[own..own + 8 + lost.len()], "{\"id\":\"case-x\"", 2));
    for (name, told) in [
        ("one", "shard 1/2 is there twice"),
        ("other-split", "it is shard 2/3, where the others are of 2"),
        ("other-target", "its target is not that of the other shards"),
        ("other-gate", "its gate (`--fail-on`, `--flaky`) is not that of the other shards"),
        ("other-plan", "its plan is not that of the other shards"),
        ("other-suite", "its suite is not that of the other shards"),
        ("whole", "it is no shard of a run"),
        ("less", "it does not hold the cases of shard 2/2"),
    ] {
        let ran = bench.run(["replay", "--render-only", "one.ndjson", &format!("{name}.ndjson")]);
        assert_eq!((ran.status.code(), ran.stdout.as_str()), (Some(2), ""), "{name}: {ran}");
        assert!(ran.stderr.contains(told), "{name}: {ran}");
    }
}

#[test]
fn an_empty_shard_says_so_and_is_not_red_but_an_empty_plan_is_nothing() {
    let server = server(false);
    let one = "scenario: Alone\nid: alone\nsteps:\n  - request: GET /1\n    expect: 200\n";
    let bench = Bench::new().file("all.yaml", one);
    let ends = ["1/2", "2/2"].map(|of| shard(&bench, &server, of, &of[..1], []).exits(0));
    let verdicts: BTreeSet<&str> = ends.iter().map(Ran::verdict).collect();
    assert_eq!(verdicts, ["0 passed, 0 failed (exit 0 EMPTY)", "1 passed, 0 failed (exit 0 PASS)"].into());
    let empty = ends.iter().find(|ran| ran.verdict().ends_with("EMPTY)")).unwrap();
    assert!(empty.stdout.contains("none of the plan's cases is in it"), "{empty}");
    assert_eq!(bench.run(["replay", "1.ndjson", "2.ndjson"]).exits(0).verdict(), "1 passed, 0 failed (exit 0 PASS)");
    // Where no shard has anything to run, none is green.
    bench.write("suite.yaml", "suite: s\nversion: 1.0.0\ntitle: S\nprovides: { features: { wings: it flies } }\n");
    bench.write("scenarios/all.yaml", &one.replace("steps:", "needs: [wings]\nsteps:"));
    std::fs::remove_file(bench.path("all.yaml")).unwrap();
    for of in ["1/2", "2/2"] {
        let log = format!("log={}.ndjson", &of[..1]);
        let args = ["run", "--suite", ".", "--base-url", &server.url(), "--shard", of, "--report", &log];
        bench.run(args).exits(4);
    }
    let ran = bench.run(["replay", "1.ndjson", "2.ndjson"]).exits(4);
    assert_eq!(ran.verdict(), "0 passed, 0 failed, 1 skipped (exit 4 NOTHING)");
}

#[test]
fn a_waiver_whose_cases_are_in_several_shards_is_judged_by_the_whole() {
    let server = server(true);
    let scenario = "scenario: \"Item $(row.name)\"\nid: item\nrows: { a: { at: 0 }, b: { at: 1 }, c: { at: 2 }, d: { at: 3 } }\nsteps:\n  \
                    - request: GET /$(row.at)\n    expect: 200\n";
    let waiver = |finding: &str| {
        let expires = crate::waivers::day(5);
        format!(
            "waivers:\n  - {{ id: W-1, check: item, finding: {finding}, reason: old, owner: me, expires: {expires} }}\n"
        )
    };
    let bench = Bench::new().file("all.yaml", scenario).file("waivers.yaml", &waiver("status-mismatch"));
    for of in ["1/2", "2/2"] {
        shard(&bench, &server, of, &of[..1], []).exits(0);
    }
    let ran = bench.run(["replay", "1.ndjson", "2.ndjson"]).exits(0);
    assert_eq!(ran.verdict(), "3 passed, 1 known, 0 failed (exit 0 PASS)");
    let mended = self::server(false);
    for of in ["1/2", "2/2"] {
        shard(&bench, &mended, of, &of[..1], []).exits(0);
    }
    let ran = bench.run(["replay", "1.ndjson", "2.ndjson"]).exits(1);
    assert!(ran.stdout.contains("✗ W-1  what it waives does not fail any more: remove it"), "{ran}");
}

#[test]
fn what_the_page_of_shards_shows_is_yaml_and_its_hash_is_the_programs() {
    const PAGE: &str = include_str!("../../docs/ci/sharding.md");
    let yaml: Vec<&str> = PAGE.split("```yaml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert_eq!(yaml.len(), 2);
    let bench = Bench::new();
    for (at, text) in yaml.iter().enumerate() {
        let events = granit_parser::Parser::new_from_str(text).collect::<Result<Vec<_>, _>>();
        assert!(events.is_ok(), "block {at}: {events:?}");
    }
    for needed in ["completionMode: Indexed", "JOB_COMPLETION_INDEX", "completions: 5", "parallelism: 5", "5\""] {
        assert!(yaml[1].contains(needed), "{needed}");
    }
    // The one line of Python says what the program does, where there is a Python.
    let line = PAGE.split("```python\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    bench.write("all.yaml", &suite());
    let script = format!("case, shards = 'case-7', 3\n{}", line.trim());
    let python = std::process::Command::new("python3").args(["-c", &script]).output();
    let Ok(told) = python else {
        eprintln!("there is no python3: the line of the page was not run");
        return;
    };
    let of: u32 = String::from_utf8(told.stdout).unwrap().trim().parse().unwrap();
    assert!(planned(&bench, &format!("{of}/3"), ["--seed", "1"]).contains("case-7"));
}
