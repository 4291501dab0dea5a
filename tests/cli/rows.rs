//! Rows that lie in a file of their own.

use crate::bench::Bench;
use crate::server::{Reply, Server};

const SCENARIO: &str = "\
scenario: An order of $(row.count) is refused
id: order
rows: rows/negatives.yaml
steps:
  - request: GET /orders/$(row.count)
    expect: { status: $(row.status) }
";

const ROWS: &str = "none: { count: 0, status: 400 }\nmany: { count: 1000000, status: { not: 200 } }\n";

fn bench(rows: &str) -> Bench {
    Bench::new()
        .file("specs/shop/suite.yaml", "suite: shop\n")
        .file("specs/shop/scenarios/order.yaml", SCENARIO)
        .file("specs/shop/rows/negatives.yaml", rows)
}

#[test]
fn each_row_of_a_file_is_a_case_and_the_file_is_in_the_manifest() {
    let server = Server::start(|_| Reply::empty(400));
    let url = server.url();
    for (file, text) in
        [("rows/negatives.yaml", ROWS), ("rows/negatives.json", "{\"none\": {\"count\": 0, \"status\": 400}}")]
    {
        let bench = bench(ROWS).file(&format!("specs/shop/{file}"), text);
        bench.write("specs/shop/scenarios/order.yaml", &SCENARIO.replace("rows/negatives.yaml", file));
        let args = ["--base-url", &url, "--report", "log=run.ndjson"];
        let ran = bench.assize(["run", "--suite", "specs/shop", "--seed", "7"]).args(args).run().exits(0);
        assert!(ran.stdout.contains("order/none"), "{ran}");
        assert!(bench.read("run.ndjson").contains(&format!("{{\"path\":\"{file}\",\"sha256\":")));
        bench.run(["replay", "run.ndjson"]).exits(0);
    }
}

#[test]
fn a_bare_scenario_has_its_rows_beside_it() {
    let server = Server::start(|_| Reply::empty(400));
    let bench = Bench::new().file("all/order.yaml", SCENARIO).file("all/rows/negatives.yaml", ROWS);
    let ran = bench.assize(["run", "all/", "--base-url", &server.url()]).run().exits(0);
    assert_eq!(ran.verdict(), "2 passed, 0 failed (exit 0 PASS)");
}

#[test]
fn what_is_wrong_with_a_file_of_rows_is_told_where_it_stands() {
    let with = |rows: &str| {
        bench(ROWS).file("specs/shop/scenarios/order.yaml", &SCENARIO.replace("rows/negatives.yaml", rows))
    };
    let broken = |text: &str| bench(text);
    for (title, bench) in [
        ("missing", with("rows/negativs.yaml")),
        ("outside", with("../secrets.yaml")),
        ("absolute", with("/etc/hostname")),
        ("no map", broken("- a\n- b\n")),
        ("a row that is no map", broken("none: 5\n")),
        ("a row that lacks a key", broken("none: { count: 0 }\n")),
        ("no YAML", broken("none: { count: 0\n")),
        ("empty", broken("")),
        ("a bad value", broken("none: { count: 0, status: ok }\n")),
    ] {
        insta::assert_snapshot!(title.replace(' ', "_"), bench.run(["check"]).exits(2).golden());
    }
}
