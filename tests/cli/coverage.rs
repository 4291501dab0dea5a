//! What of the operations of a document is touched, as it is written and as it was recorded.

use serde_json::Value;

use crate::bench::Bench;
use crate::server::{Reply, Server};

const API: &str = "\
openapi: 3.1.1
info: { title: Shop, version: 1.0.0 }
paths:
  /orders:
    get:
      operationId: listOrders
      parameters:
        - { name: limit, in: query, schema: { type: integer } }
        - { name: x-trace, in: header, schema: { type: string } }
      responses:
        \"200\":
          description: orders
          content: { application/json: { schema: { type: object, properties: { orders: { type: array } } } } }
        \"401\": { description: who are you? }
  /orders/{id}:
    parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
    get: { operationId: getOrder, responses: { 2XX: { description: it }, default: { description: no } } }
    delete: { responses: { \"204\": { description: gone } } }
";
const SCENARIO: &str = "\
scenario: Orders are listed
steps:
  - { request: GET /orders?limit=5, expect: { status: 200 } }
  - { request: GET /orders/7, should: 2xx }
  - { request: GET /elsewhere, given: 2xx }
";

fn shop() -> Bench {
    Bench::new()
        .file("specs/shop/suite.yaml", "suite: shop\nopenapi: api.yaml\n")
        .file("specs/shop/api.yaml", API)
        .file("specs/shop/scenarios/all.yaml", SCENARIO)
}

/// A record of a run in which the shop answers so.
fn recorded(bench: &Bench, server: &Server, code: i32) {
    let args = ["--suite", "specs/shop", "--report", "log=run.ndjson", "--base-url", &server.url()];
    bench.assize(["run"]).args(args).run().exits(code);
}

#[test]
fn what_is_written_is_counted() {
    let bench = shop();
    let ran = bench.run(["list", "--coverage"]).exits(0);
    insta::assert_snapshot!(ran.stdout);
}

#[test]
fn what_was_sent_and_came_is_counted_with_what_no_document_has() {
    let server = Server::start(|request| match request.line().as_str() {
        "GET /orders?limit=5" => Reply::ok("{\"orders\":[{\"id\":1}],\"next\":null}"),
        _ => Reply::json(200, "{}"),
    });
    let bench = shop();
    recorded(&bench, &server, 0);
    let ran = bench.run(["list", "--coverage", "--record", "run.ndjson"]).exits(0);
    insta::assert_snapshot!("recorded", ran.stdout);
    let ran = bench.run(["list", "--coverage", "--record", "run.ndjson", "--format", "json"]).exits(0);
    let value: Value = serde_json::from_str(&ran.stdout).unwrap();
    insta::assert_snapshot!("recorded_json", serde_json::to_string_pretty(&value).unwrap());
}

#[test]
fn an_answer_that_no_document_has_fails_the_step_and_is_counted() {
    let server = Server::start(|request| match request.path.as_str() {
        "/orders?limit=5" => Reply { status: 200, ..Reply::json(200, "{\"orders\":5}") },
        _ => Reply::json(200, "{}"),
    });
    let bench = shop();
    recorded(&bench, &server, 1);
    let text = bench.read("run.ndjson");
    assert!(text.contains("schema-violation") && text.contains("api.yaml:"), "{text}");
}

#[test]
fn a_suite_without_a_document_has_nothing_to_cover() {
    let bench = Bench::new()
        .file("specs/shop/suite.yaml", "suite: shop\n")
        .file("specs/shop/scenarios/all.yaml", "scenario: x\nsteps: [{ request: GET /a, expect: 200 }]\n");
    let ran = bench.run(["list", "--coverage"]).exits(2);
    assert!(ran.stderr.contains("names no OpenAPI document"), "{ran}");
    let ran = bench.run(["list", "--record", "run.ndjson"]).exits(2);
    assert!(ran.stderr.contains("--coverage"), "{ran}");
}
