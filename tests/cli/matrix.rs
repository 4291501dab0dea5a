//! Which requirement is tested by which scenarios.

use serde_json::Value;

use crate::bench::{Bench, Ran};

const SUITE: &str = "\
suite: shop
version: 2.1.0
title: A shop
variants: { new: the shop of today, old: the shop as it was }
";
const REQUIREMENTS: &str = "\
catalogue: shop
source:
  document: faq.txt
  questions:
    Q1: What is sold here, since when, to whom, and is there anything that a customer ought to know before buying any of it?
    Q2: What is wrong with it?
requirements:
  - { id: SH-REF-001, level: MAY, actor: server, variants: [new], source: { question: Q2, basis: reference },
      text: Money is given back., disputed: the terms of the shop say that it never is }
  - id: SH-ORD-001
    level: MUST
    actor: server
    text: Orders are listed, the newest first, and every one of them that was ever made is in the list of whoever made it.
    source: { question: Q1, basis: stated }
    conflicts_with: [SH-ORD-002]
  - { id: SH-ORD-002, level: SHOULD, actor: both, text: An order says what it costs., source: { section: 4.1, basis: implied } }
  - { id: SH-GEN-001, level: INFO, actor: client, text: Be kind., source: { question: Q2, basis: stated }, untestable: no answer shows it }
  - { id: SH-GEN-002, level: MUST, actor: client, text: Customers pay., source: { section: annex, basis: assumed } }
";
const FAQ: &str = "\
What is sold here, since when, to whom, and is there anything that a customer ought to know before buying any of it?
Bread.
What is wrong with it?
Nothing.
";

fn shop() -> Bench {
    let scenario = |id: &str, verifies: &str, more: &str| {
        format!(
            "scenario: A promise\nid: {id}\nverifies: [{verifies}]\n{more}steps:\n  - request: GET /\n    expect: 200\n"
        )
    };
    let scenarios = [
        scenario("orders.list-of-all-that-were-ever-made", "SH-ORD-001", ""),
        scenario("orders.newest-first", "SH-ORD-001, SH-ORD-002", "rows: { many: {}, few: {} }\n"),
        scenario("orders.of-another-customer", "SH-ORD-001", ""),
        scenario("refund", "SH-REF-001", "variants: [new]\n"),
    ];
    Bench::new()
        .file("specs/shop/suite.yaml", SUITE)
        .file("specs/shop/requirements.yaml", REQUIREMENTS)
        .file("specs/shop/faq.txt", FAQ)
        .file("specs/shop/scenarios/all.yaml", &scenarios.join("---\n"))
}

fn at_width(bench: &Bench, width: &str) -> Ran {
    bench.assize(["list", "--requirements"]).env("COLUMNS", width).run().exits(0)
}

#[test]
fn requirements_are_grouped_by_question_and_fit_the_terminal() {
    let bench = shop();
    insta::assert_snapshot!("width_80", at_width(&bench, "80").stdout);
    insta::assert_snapshot!("width_120", at_width(&bench, "120").stdout);
    insta::assert_snapshot!("width_40", at_width(&bench, "40").stdout);
}

#[test]
fn no_line_of_the_contract_is_wider_than_the_terminal() {
    let bench = Bench::contract();
    for width in [40, 60, 80, 100, 120, 200] {
        let ran = at_width(&bench, &width.to_string());
        let lines: Vec<&str> = ran.stdout.lines().collect();
        // The last line is the count, which machines read.
        let (last, lines) = lines.split_last().unwrap();
        assert!(last.ends_with("disputed") && last.contains(" 0 uncovered; "), "{last}");
        let longest = lines.iter().map(|line| line.chars().count()).max();
        assert!(lines.len() > 100 && longest <= Some(width), "{width}: {longest:?}");
    }
    for odd in ["0", "1", "wide", ""] {
        at_width(&bench, odd);
    }
}

#[test]
fn the_matrix_as_json_is_stable() {
    insta::assert_snapshot!(shop().run(["list", "--requirements", "--format", "json"]).exits(0).stdout);
}

#[test]
fn a_selection_shows_what_its_cases_are_evidence_for() {
    let bench = shop();
    let url = ["--target-file", "stall.yaml"];
    bench.write(
        "stall.yaml",
        "targets: { stall: { base_url: \"http://127.0.0.1:9\", variants: { new: {}, old: {} } } }\n",
    );
    let ids = |args: &[&str]| -> Vec<String> {
        let ran = match args {
            [one] => bench.assize(["list", "--requirements", "--format", "json"]).args(url).args([*one]).run(),
            _ => bench.assize(["list", "--requirements", "--format", "json"]).args(url).args([args[0], args[1]]).run(),
        };
        let json: Value = serde_json::from_str(&ran.exits(0).stdout).unwrap();
        let rows = json["requirements"].as_array().unwrap().iter();
        rows.map(|row| row["id"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(ids(&["refund"]), ["SH-REF-001"]);
    assert_eq!(ids(&["--variant", "old"]), ["SH-ORD-001", "SH-ORD-002"]);
    assert_eq!(ids(&["orders.newest-first"]), ["SH-ORD-001", "SH-ORD-002"]);
}

#[test]
fn one_requirement_is_explained_by_the_same_facts() {
    let bench = shop();
    let told =
        ["SH-ORD-001", "SH-REF-001", "SH-GEN-001", "SH-GEN-002"].map(|id| bench.run(["explain", id]).exits(0).stdout);
    insta::assert_snapshot!(told.join("\n"));
}
