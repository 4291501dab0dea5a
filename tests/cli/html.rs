//! The HTML page of a run, made while it goes on and made again from its log.

use crate::bench::Bench;
use crate::server::{Reply, Server};

const SUITE: &str = "suite: shop\nversion: 1.0.0\ntitle: A shop\n";
const REQUIREMENTS: &str = "\
catalogue: shop
requirements:
  - { id: SH-001, level: MUST, actor: server, text: Orders are listed., source: { section: 1, basis: stated } }
  - { id: SH-002, level: SHOULD, actor: server, text: Lists have an age., source: { section: 2, basis: stated } }
";
const SCENARIOS: &str = "\
scenario: Orders are listed
id: orders
verifies: [SH-001]
steps:
  - step: list
    request: GET /orders
    expect: { status: 200, json: { $.total: 4 }, schema: { properties: { total: { type: string } } } }
---
scenario: Lists have an age
id: age
verifies: [SH-002]
steps:
  - request: GET /orders
    expect: { headers: { age: { exists: true } } }
---
scenario: A list is as it was
id: same
verifies: [SH-001]
steps:
  - request: GET /orders
    expect: { snapshot: true }
---
scenario: The shop is open
id: open
verifies: [SH-001]
steps:
  - request: GET /orders
    expect: 200
";

#[test]
fn the_page_of_a_run_is_made_again_from_its_log_to_the_byte() {
    let server = Server::start(|_| Reply::ok("{\"total\":3}"));
    let bench = Bench::new()
        .file("specs/shop/suite.yaml", SUITE)
        .file("specs/shop/requirements.yaml", REQUIREMENTS)
        .file("specs/shop/scenarios/all.yaml", SCENARIOS);
    let run = bench.assize(["run", "--frozen", "--base-url", &server.url(), "--report", "html=run.html"]);
    run.args(["--report", "log=run.ndjson"]).run().exits(1);
    bench.assize(["replay", "run.ndjson", "--render-only", "--report", "html=rendered.html"]).run().exits(1);
    bench.assize(["replay", "run.ndjson", "--report", "html=judged.html"]).run().exits(1);

    let page = bench.read("run.html");
    assert!(page.contains("2 passed") || page.contains("1 passed, 1 warned"), "{page}");
    assert!(bench.read("rendered.html") == page, "rendered again, the page differs");
    assert!(bench.read("judged.html") == page, "judged again, the page differs");
}
