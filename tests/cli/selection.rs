//! Which cases are meant, and what would be sent.

use crate::bench::Bench;
use crate::server::{Reply, Server};

const SUITE: &str = "\
suite: shop
version: 2.1.0
title: A shop
variants: { new: the shop of today, old: the shop as it was }
provides:
  features: { refunds: money is given back }
  variables: { currency: what is paid in }
";
const REQUIREMENTS: &str = "\
catalogue: shop
source: { document: faq.txt, questions: { Q1: What is sold here?, Q2: What is wrong with it? } }
requirements:
  - id: SH-ORD-001
    level: MUST
    actor: server
    text: Orders are listed.
    source: { question: Q1, basis: stated }
  - id: SH-ORD-002
    level: SHOULD
    actor: server
    text: An order says what it costs.
    source: { question: Q1, basis: implied }
  - id: SH-REF-001
    level: MAY
    actor: server
    variants: [new]
    text: Money is given back.
    source: { question: Q2, basis: stated }
  - { id: SH-GEN-001, level: INFO, actor: client, text: Be kind., source: { question: Q2, basis: stated }, untestable: no answer shows it }
";
const TARGETS: &str = "\
targets:
  stall:
    default: true
    base_url: http://127.0.0.1:9/shop
    hosts: [\"http://127.0.0.1:10\"]
    variables: { currency: EUR }
    variants: { new: {}, old: {} }
";
const ORDERS: &str = "\
scenario: Orders are listed
id: orders.list
verifies: [SH-ORD-001]
tags: [quick, read]
steps:
  - request: GET /orders?currency=$(currency)
    expect: 200
---
scenario: \"An order says what it costs: $(row.name)\"
id: orders.cost
verifies: [SH-ORD-002]
tags: [read]
rows:
  cheap: { id: 1, most: 10 }
  dear: { id: 2, most: 1000 }
steps:
  - request: POST /orders/$(row.id)/quote
    json: { currency: $(currency) }
    expect: { status: 200, json: { $.cost: { max: $(row.most) } } }
    undo: { request: DELETE /orders/$(row.id)/quote }
";
const REFUND: &str = "\
scenario: Money is given back
id: refund
verifies: [SH-REF-001]
variants: [new]
needs: [refunds]
tags: [slow]
steps:
  - request: POST /refunds
    expect: 202
  - request: GET /refunds/1
    poll: { until: { json: { $.state: done } } }
";

fn shop() -> Bench {
    Bench::new()
        .file("specs/shop/suite.yaml", SUITE)
        .file("specs/shop/requirements.yaml", REQUIREMENTS)
        .file("specs/shop/faq.txt", "What is sold here?\nBread.\nWhat is wrong with it?\nNothing.\n")
        .file("specs/shop/targets.yaml", TARGETS)
        .file("specs/shop/scenarios/orders/list.yaml", ORDERS)
        .file("specs/shop/scenarios/refund.yaml", REFUND)
}

/// The ids of the cases that are meant, those that are skipped included.
#[track_caller]
fn listed<const N: usize>(bench: &Bench, args: [&str; N]) -> Vec<String> {
    let ran = bench.assize(["list"]).args(args).run().exits(0);
    let lines: Vec<&str> = ran.stdout.lines().collect();
    let (_, cases) = lines.split_last().unwrap();
    cases.iter().filter_map(|line| line.split_whitespace().next()).map(str::to_owned).collect()
}

const LIST: [&str; 2] = ["orders.list@new", "orders.list@old"];
const CHEAP: [&str; 2] = ["orders.cost/cheap@new", "orders.cost/cheap@old"];
const DEAR: [&str; 2] = ["orders.cost/dear@new", "orders.cost/dear@old"];
const REFUNDED: [&str; 1] = ["refund@new"];

#[test]
fn selectors_mean_ids_globs_files_folders_and_lines() {
    let bench = shop();
    assert_eq!(listed(&bench, []), [&LIST[..], &CHEAP, &DEAR, &REFUNDED].concat());
    assert_eq!(listed(&bench, ["orders.list"]), LIST);
    assert_eq!(listed(&bench, ["orders.list", "refund"]), [&LIST[..], &REFUNDED].concat());
    assert_eq!(listed(&bench, ["orders.*"]), [&LIST[..], &CHEAP, &DEAR].concat());
    assert_eq!(listed(&bench, ["orders.cost/cheap"]), CHEAP);
    assert_eq!(listed(&bench, ["orders.cost/dear@old"]), ["orders.cost/dear@old"]);
    assert_eq!(listed(&bench, ["*@old"]), [LIST[1], CHEAP[1], DEAR[1]]);
    assert_eq!(listed(&bench, ["specs/shop"]), listed(&bench, []));
    assert_eq!(listed(&bench, ["specs/shop/scenarios/orders/"]), [&LIST[..], &CHEAP, &DEAR].concat());
    assert_eq!(listed(&bench, ["specs/shop/scenarios/refund.yaml"]), REFUNDED);
    assert_eq!(listed(&bench, ["specs/shop/scenarios/orders/list.yaml:6"]), LIST);
    assert_eq!(listed(&bench, ["specs/shop/scenarios/orders/list.yaml:14"]), [&CHEAP[..], &DEAR].concat());
}

#[test]
fn flags_choose_among_what_is_selected() {
    let bench = shop();
    assert_eq!(listed(&bench, ["--tag", "read and not quick"]), [&CHEAP[..], &DEAR].concat());
    assert_eq!(listed(&bench, ["--tag", "read", "--tag", "quick"]), LIST);
    assert_eq!(listed(&bench, ["--requirement", "SH-ORD-*"]), [&LIST[..], &CHEAP, &DEAR].concat());
    assert_eq!(
        listed(&bench, ["--requirement", "SH-REF-001", "--requirement", "SH-ORD-001"]),
        [&LIST[..], &REFUNDED].concat()
    );
    assert_eq!(listed(&bench, ["--variant", "old"]), [LIST[1], CHEAP[1], DEAR[1]]);
    assert_eq!(listed(&bench, ["orders.cost", "--variant", "new", "--tag", "read"]), [CHEAP[0], DEAR[0]]);
}

#[test]
fn what_selects_nothing_is_refused_and_the_nearest_is_named() {
    let bench = shop();
    insta::assert_snapshot!("a_selector", bench.run(["run", "orders.lost"]).golden());
    insta::assert_snapshot!("one_of_two_selectors", bench.run(["run", "orders.list", "refnud"]).golden());
    insta::assert_snapshot!("a_line", bench.run(["run", "specs/shop/scenarios/refund.yaml:99"]).golden());
    insta::assert_snapshot!("a_tag", bench.run(["run", "--tag", "read", "--tag", "quik"]).golden());
    insta::assert_snapshot!("a_requirement", bench.run(["run", "--requirement", "SH-ORD-003"]).golden());
    insta::assert_snapshot!("a_variant", bench.run(["run", "--variant", "odl"]).golden());
    insta::assert_snapshot!("a_suite", bench.run(["run", "--suite", "cxnoe"]).golden());
    insta::assert_snapshot!("a_target", bench.run(["run", "--target", "stal"]).golden());
}

#[test]
fn a_target_without_what_the_suite_needs_is_refused_by_name() {
    let bench = shop();
    let needing =
        SUITE.replace("provides:\n", "provides:\n  identities: { clerk: { text: someone who sells, users: 2 } }\n");
    bench.write("specs/shop/suite.yaml", &needing);
    bench.write("specs/shop/targets.yaml", &TARGETS.replace("    variables: { currency: EUR }\n", ""));
    insta::assert_snapshot!(bench.run(["run"]).golden());
}

#[test]
fn a_suite_without_targets_says_what_yours_must_have() {
    let bench = shop();
    bench.write("specs/shop/targets.yaml", "targets: {}\n");
    insta::assert_snapshot!(bench.run(["run"]).golden());
}

#[test]
fn every_suite_that_comes_along_is_found_by_its_name() {
    let bench = Bench::new();
    bench.assize(["run", "--suite", "cxone", "--dry-run"]).run().exits(0);
    let ran = bench.assize(["run", "--suite", "oidc", "--dry-run"]).run().exits(2);
    assert!(ran.stderr.starts_with("error: no target: the suite `oidc` brings none."), "{}", ran.stderr);
    bench.assize(["run", "--suite", "oidc", "--base-url", "https://op.example.com", "--dry-run"]).run().exits(0);
}

#[test]
fn where_everything_is_skipped_nothing_ran() {
    let bench = shop();
    insta::assert_snapshot!(bench.run(["run", "refund", "--seed", "7"]).golden());
}

#[test]
fn list_shows_cases_and_requirements() {
    let bench = shop();
    insta::assert_snapshot!("cases", bench.run(["list"]).golden());
    insta::assert_snapshot!("requirements", bench.run(["list", "--requirements"]).golden());
}

#[test]
fn a_dry_run_shows_what_would_be_sent_and_where_and_sends_nothing() {
    let server = Server::start(|_| Reply::ok("{}"));
    let bench = shop();
    let targets = TARGETS.replace("http://127.0.0.1:9/", &format!("{}/", server.url()));
    let granted =
        targets.replace("    hosts:", "    features: [refunds]\n    headers: { x-key: { env: SHOP_KEY } }\n    hosts:");
    bench.write("assize.yaml", &granted);
    insta::assert_snapshot!(bench.run(["run", "--dry-run", "--seed", "7"]).golden());
    assert_eq!(server.seen(), []);
}

#[test]
fn variables_flags_and_the_environment_go_before_files() {
    let server = Server::start(|_| Reply::ok("{\"cost\":1}"));
    let bench = shop();
    let run = |args: [&str; 2]| {
        let invocation = bench.assize(["run", "orders.list@new", "--seed", "7"]).args(args);
        invocation.env("ASSIZE_BASE_URL", &format!("{}/of-environment", server.url())).run().exits(0)
    };
    run(["--var", "currency=CHF"]);
    run(["--base-url", &format!("{}/of-flag", server.url())]);
    assert_eq!(server.lines(), ["GET /of-environment/orders?currency=CHF", "GET /of-flag/orders?currency=EUR"]);
}
