//! A recorded run, judged again without a network.

use crate::bench::Bench;
use crate::server::{Reply, Server};
use crate::tenant::{Encryption, Tenant, secrets};

/// The lines of a log that tell what checks came to.
fn findings(bench: &Bench, log: &str) -> Vec<String> {
    let log = bench.read(log);
    let judged = log.lines().filter(|line| line.contains("\"body\":{\"step-finished\":"));
    judged.map(str::to_owned).collect()
}

#[test]
fn the_contract_judged_again_has_the_same_findings_to_the_byte_and_no_log_holds_a_secret() {
    let bench = Bench::contract();
    let _tenant = Tenant::start(&bench, Encryption::Tls);
    let reports = ["--report", "log=run.ndjson", "--report", "junit=run.xml"];
    let args = ["run", "--seed", "7", "--target-file", "tenant/assize.yaml"];
    let ran = bench.assize(args).args(reports).run().exits(0);
    let reports = ["--report", "log=again.ndjson", "--report", "junit=again.xml"];
    let again = bench.assize(["replay", "run.ndjson"]).args(reports).run().exits(0);

    assert!(findings(&bench, "run.ndjson").len() > 200);
    assert_eq!(findings(&bench, "again.ndjson"), findings(&bench, "run.ndjson"));
    assert_eq!(bench.read("again.xml"), bench.read("run.xml"));
    assert_eq!(again.stdout, ran.stdout);
    assert_eq!(again.stderr, "judged again: every finding is as it was recorded\n");

    let written = ["run.ndjson", "run.xml", "again.ndjson", "again.xml"].map(|file| bench.read(file));
    let sinks = written.iter().chain([&ran.stdout, &ran.stderr, &again.stdout, &again.stderr]);
    let secrets = secrets(&bench);
    assert!(secrets.len() > 15);
    for sink in sinks {
        for secret in &secrets {
            assert!(!sink.contains(secret.as_str()), "a secret is in what was written");
        }
        // What a JWT begins with, and what the tokens of the first generation hold.
        assert!(!sink.contains("eyJ"), "a token is in what was written");
    }
}

const MIXED: &str = "\
scenario: The list of orders
id: orders
steps:
  - request: GET /orders
    expect: { status: 200, json: { $.orders: { length: 3 }, $.total: 3 } }
    should: { headers: { etag: { exists: true } } }
---
scenario: An order
id: order
steps:
  - request: GET /orders/1
    expect: { status: 200, json: { $.id: 1 } }
";

fn shop() -> Server {
    Server::start(|request| match request.path.as_str() {
        "/orders" => Reply::ok("{\"orders\":[1,2],\"total\":3}"),
        _ => Reply::ok("{\"id\":1}"),
    })
}

#[test]
fn a_failing_run_judged_again_fails_with_the_same_findings_to_the_byte() {
    let bench = Bench::new().file("shop.yaml", MIXED);
    let server = shop();
    let reports = ["--report", "log=run.ndjson", "--report", "junit=run.xml", "--base-url", &server.url()];
    let ran = bench.assize(["run", "shop.yaml", "--seed", "7", "--jobs", "1"]).args(reports).run().exits(1);
    drop(server);
    let reports = ["--suite", "shop.yaml", "--report", "log=again.ndjson", "--report", "junit=again.xml"];
    let again = bench.assize(["replay", "run.ndjson"]).args(reports).run().exits(1);
    assert_eq!(findings(&bench, "again.ndjson"), findings(&bench, "run.ndjson"));
    assert_eq!(bench.read("again.ndjson"), bench.read("run.ndjson"));
    assert_eq!(bench.read("again.xml"), bench.read("run.xml"));
    assert_eq!(again.stdout, ran.stdout);
    insta::assert_snapshot!(ran.golden());
}

#[test]
fn the_suite_is_found_where_the_record_says() {
    let bench = Bench::new().file("shop.yaml", MIXED);
    let server = shop();
    let args = ["--report", "log=run.ndjson", "--base-url", &server.url()];
    bench.assize(["run", "shop.yaml", "--seed", "7", "--jobs", "1"]).args(args).run().exits(1);
    let again = bench.run(["replay", "run.ndjson"]).exits(1);
    assert_eq!(again.stderr, "judged again: every finding is as it was recorded\n");
}

#[test]
fn a_suite_that_has_changed_is_named_and_the_record_only_rendered() {
    let bench = Bench::new().file("shop.yaml", MIXED);
    let server = shop();
    let args = ["--report", "log=run.ndjson", "--base-url", &server.url()];
    let ran = bench.assize(["run", "shop.yaml", "--seed", "7", "--jobs", "1"]).args(args).run().exits(1);
    // By this suite, the run would have passed.
    bench.write("shop.yaml", &MIXED.replace("length: 3", "length: 2"));
    let again = bench.run(["replay", "run.ndjson", "--suite", "shop.yaml"]).exits(1);
    assert_eq!(again.stdout, ran.stdout);
    let warning = "warning: the suite is not the one of the record: shop.yaml; the record is rendered as it is\n";
    assert_eq!(again.stderr, warning);
}

#[test]
fn a_log_that_is_none_is_refused() {
    let bench = Bench::new().file("junit.xml", "<testsuites/>").file("empty.ndjson", "");
    for log in ["junit.xml", "empty.ndjson", "missing.ndjson"] {
        let ran = bench.run(["replay", log]).exits(2);
        assert_eq!(ran.stdout, "");
        assert!(ran.stderr.starts_with(&format!("error: `{log}`")), "{ran}");
    }
}
