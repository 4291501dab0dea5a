//! Targets that prepare something for each case, and clear it away.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::bench::{Bench, Ran};
use crate::contract::run_contract;
use crate::junit::Junit;
use crate::server::{Reply, Request, Server};
use crate::tenant::{Encryption, Tenant};

/// How long a condition may take to hold.
const LIMIT: Duration = Duration::from_secs(20);

const FRESH: [&str; 4] = ["--target-file", "tenant/assize.yaml", "--target", "fresh"];

#[test]
fn the_contract_runs_side_by_side_with_a_fresh_tenant_for_each_case_and_none_is_left() {
    let bench = Bench::contract();
    let tenant = Tenant::start(&bench, Encryption::Plain);
    let reports = ["--jobs", "8", "--report", "log=run.ndjson", "--report", "junit=run.xml"];
    let args = ["run", "--seed", "7"];
    let ran = bench.assize(args).args(FRESH).args(reports).run().exits(0);
    assert_eq!(tenant.tenants_of_the_host(), 1, "each that was made has been ended again");
    assert_eq!(tenant.live_sessions(), 0);

    run_contract(&bench, ["--report", "junit=embedded.xml"]).exits(0);
    assert_eq!(Junit::read(&bench, "run.xml").outcomes(), Junit::read(&bench, "embedded.xml").outcomes());

    let log = bench.read("run.ndjson");
    let places: std::collections::BTreeSet<&str> =
        log.lines().filter_map(|line| line.split_once("\"names\":{\"tenant\":\"")?.1.split('"').next()).collect();
    assert_eq!(places.len(), Junit::read(&bench, "run.xml").report.tests, "each case had a tenant of its own");

    drop(tenant);
    let again = bench.assize(["replay", "run.ndjson", "--report", "log=again.ndjson"]).run().exits(0);
    assert_eq!(again.stderr, "judged again: every finding is as it was recorded\n");
    assert_eq!(again.stdout, ran.stdout);
    assert!(bench.read("again.ndjson") == log, "the record that was judged again differs");
}

const SUITE: &str = "\
suite: shop
provides:
  endpoints: { host: where shops are opened }
  variables: { limit: how many orders a shop takes }
";

const OPEN: &str = "\
flow: open
outputs: [shop, number]
steps:
  - step: ask
    request: POST $(host)/shops
    given: 201
    capture: { shop: $.url, number: $.number }
  - step: ready
    request: GET $(host)/shops/$(number)
    poll: { until: { json: { $.ready: true } }, give_up: { status: 5xx }, every: 1ms }
    given: 200
";

const CLOSE: &str = "\
flow: close
inputs: [number]
steps:
  - step: end
    request: DELETE $(host)/shops/$(number)
    given: [204, 404]
";

const SCENARIO: &str = "\
scenario: A shop takes orders
id: orders
steps:
  - step: order
    request: POST /orders
    expect: { status: 201, json: { $.limit: $(limit) } }
  - step: look
    request: GET /orders
    expect: { status: 200 }
";

fn target(url: &str) -> String {
    format!(
        "targets:\n  shops:\n    setup: open\n    teardown: close\n    endpoints: {{ host: \"{url}\" }}\n    \
         base_url: $(shop)/api\n    variables: {{ limit: $(number) }}\n"
    )
}

fn bench(url: &str) -> Bench {
    Bench::new()
        .file("specs/shop/suite.yaml", SUITE)
        .file("specs/shop/flows/open.yaml", OPEN)
        .file("specs/shop/flows/close.yaml", CLOSE)
        .file("specs/shop/scenarios/orders.yaml", SCENARIO)
        .file("assize.yaml", &target(url))
}

/// Opens shops below its own address; `other` answers first.
fn shops(other: impl Fn(&Request) -> Option<Reply> + Send + Sync + 'static) -> Server {
    let opened = AtomicUsize::new(0);
    let asked = AtomicUsize::new(0);
    Server::start(move |request| {
        if let Some(reply) = other(request) {
            return reply;
        }
        let host = request.header("host").unwrap_or_default();
        let parts: Vec<&str> = request.path.trim_start_matches('/').split('/').collect();
        match (request.method.as_str(), parts.as_slice()) {
            ("POST", ["shops"]) => {
                let number = opened.fetch_add(1, Ordering::SeqCst) + 1;
                Reply::json(201, &format!("{{\"url\":\"http://{host}/s{number}\",\"number\":{number}}}"))
            }
            // It is ready only when it is asked for the second time.
            ("GET", ["shops", _]) => {
                let is_ready = asked.fetch_add(1, Ordering::SeqCst) > 0;
                Reply::ok(&format!("{{\"ready\":{is_ready}}}"))
            }
            ("DELETE", ["shops", _]) => Reply::empty(204),
            ("POST", [shop, "api", "orders"]) => {
                Reply::json(201, &format!("{{\"limit\":{}}}", shop.trim_start_matches('s')))
            }
            ("GET", [_, "api", "orders"]) => Reply::ok("[]"),
            _ => Reply::empty(404),
        }
    })
}

fn run(bench: &Bench) -> Ran {
    bench.assize(["run", "--seed", "7", "--report", "log=run.ndjson", "--report", "junit=run.xml"]).run()
}

/// The record, judged again, is the same to the byte.
fn assert_replays(bench: &Bench, code: i32) {
    let again = bench.run(["replay", "run.ndjson", "--report", "log=again.ndjson"]).exits(code);
    assert_eq!(again.stderr, "judged again: every finding is as it was recorded\n");
    assert_eq!(bench.read("again.ndjson"), bench.read("run.ndjson"));
}

#[test]
fn what_setup_gives_is_put_into_urls_and_variables_and_cleared_away_afterwards() {
    let server = shops(|_| None);
    let bench = bench(&server.url());
    run(&bench).exits(0);
    let lines = ["POST /shops", "GET /shops/1", "GET /shops/1", "POST /s1/api/orders", "GET /s1/api/orders"];
    assert_eq!(server.lines(), [&lines[..], &["DELETE /shops/1"]].concat());
    assert_replays(&bench, 0);
}

#[test]
fn where_setup_is_refused_the_case_is_blocked_at_it_and_nothing_is_cleared_away() {
    let server = shops(|request| (request.line() == "POST /shops").then(|| Reply::json(403, "{\"why\":\"full\"}")));
    let bench = bench(&server.url());
    let ran = run(&bench).exits(3);
    assert_eq!(ran.verdict(), "0 passed, 0 failed, 1 blocked (exit 3 ERROR)");
    assert_eq!(server.lines(), ["POST /shops"]);
    insta::assert_snapshot!(ran.golden());
    assert_replays(&bench, 3);
}

#[test]
fn where_setup_is_not_answered_the_case_is_inconclusive() {
    let server = shops(|_| None);
    let bench = bench(&server.url());
    drop(server);
    // Nobody listens at a port that was just given back.
    let ran = run(&bench).exits(3);
    assert_eq!(ran.verdict(), "0 passed, 0 failed, 1 inconclusive (exit 3 ERROR)");
    assert_replays(&bench, 3);
}

#[test]
fn what_a_half_done_setup_made_is_cleared_away() {
    let server = shops(|request| (request.line() == "GET /shops/1").then(|| Reply::empty(500)));
    let bench = bench(&server.url());
    let ran = run(&bench).exits(3);
    assert!(ran.stdout.contains("blocked"), "{ran}");
    assert_eq!(server.lines(), ["POST /shops", "GET /shops/1", "DELETE /shops/1"]);
    assert_replays(&bench, 3);
}

#[test]
fn what_teardown_cannot_remove_is_told_with_what_to_do_by_hand() {
    let server = shops(|request| (request.method == "DELETE").then(|| Reply::empty(500)));
    let bench = bench(&server.url());
    let ran = run(&bench).exits(6);
    assert_eq!(ran.verdict(), "1 passed, 0 failed (exit 6 DIRTY)");
    insta::assert_snapshot!(ran.golden());
    assert_replays(&bench, 6);
}

#[test]
fn each_try_of_a_case_has_a_setup_and_a_teardown_of_its_own() {
    let server = shops(|request| (request.line() == "GET /s1/api/orders").then(|| Reply::empty(500)));
    let bench = bench(&server.url());
    bench.write("specs/shop/scenarios/orders.yaml", &SCENARIO.replace("steps:", "retry: 1\nsteps:"));
    let ran = run(&bench).exits(0);
    assert_eq!(ran.verdict(), "0 passed, 1 flaky, 0 failed (exit 0 PASS)");
    let made: Vec<String> = server.lines().into_iter().filter(|line| !line.starts_with("GET /shops")).collect();
    let of = |shop: usize| {
        ["POST /shops", "POST /sN/api/orders", "GET /sN/api/orders", "DELETE /shops/N"]
            .map(|line| line.replace('N', &shop.to_string()))
    };
    assert_eq!(made, [of(1), of(2)].concat());
    assert_replays(&bench, 0);
}

#[test]
fn an_interrupt_ends_what_setup_made() {
    let server = shops(|request| {
        while request.line() == "GET /s1/api/orders" {
            std::thread::park();
        }
        None
    });
    let bench = bench(&server.url());
    let run = bench.assize(["run", "--seed", "7", "--report", "log=run.ndjson"]).start();
    let began = Instant::now();
    while !server.lines().contains(&"GET /s1/api/orders".to_owned()) {
        assert!(began.elapsed() < LIMIT, "the case never came so far");
        std::thread::yield_now();
    }
    run.signal("INT");
    let ran = run.end().dies_of(2);
    assert_eq!(ran.verdict(), "0 passed, 0 failed, 1 unfinished (exit 130 SIGNAL)");
    assert_eq!(server.lines().last().map(String::as_str), Some("DELETE /shops/1"));
    assert_replays(&bench, 5);
}

#[test]
fn an_interrupt_while_a_shop_is_being_opened_waits_for_the_answer_and_closes_it() {
    let gate = std::sync::Arc::new((std::sync::Mutex::new(false), std::sync::Condvar::new()));
    let at_server = std::sync::Arc::clone(&gate);
    let server = shops(move |request| {
        if request.line() == "POST /shops" {
            let (is_open, changed) = &*at_server;
            let _open = changed.wait_while(is_open.lock().unwrap(), |is_open| !*is_open).unwrap();
        }
        None
    });
    let bench = bench(&server.url());
    let mut run = bench.assize(["run", "--seed", "7"]).start();
    let began = Instant::now();
    while server.lines().is_empty() {
        assert!(began.elapsed() < LIMIT, "nothing was ever sent");
        std::thread::yield_now();
    }
    run.signal("INT");
    run.wait_for("stopping");
    *gate.0.lock().unwrap() = true;
    gate.1.notify_all();
    run.end().dies_of(2);
    assert_eq!(server.lines(), ["POST /shops", "DELETE /shops/1"]);
}

#[test]
fn what_setup_gives_as_a_secret_is_put_into_no_value() {
    let server = shops(|_| None);
    let bench = bench(&server.url());
    bench.write("specs/shop/suite.yaml", &format!("{SUITE}secret: [$.url]\n"));
    let ran = run(&bench).exits(3);
    assert_eq!(ran.verdict(), "0 passed, 0 failed, 1 broken (exit 3 ERROR)");
    assert!(ran.stdout.contains("`setup` gave a secret as `shop`"), "{ran}");
    // The door of the flows knows it: what was opened is closed.
    assert_eq!(server.lines().last().map(String::as_str), Some("DELETE /shops/1"));
}

#[test]
fn teardown_alone_follows_every_case() {
    let server = shops(|_| None);
    let bench = bench(&server.url());
    let url = server.url();
    let target = format!(
        "targets: {{ shops: {{ teardown: sweep, base_url: \"{url}/s5/api\", endpoints: {{ host: \"{url}\" }}, variables: {{ limit: 5 }} }} }}\n"
    );
    bench.write("assize.yaml", &target);
    let sweep = "flow: sweep\nsteps:\n  - request: DELETE $(host)/shops/all\n    given: 204\n";
    bench.write("specs/shop/flows/sweep.yaml", sweep);
    run(&bench).exits(0);
    assert_eq!(server.lines(), ["POST /s5/api/orders", "GET /s5/api/orders", "DELETE /shops/all"]);
    assert_replays(&bench, 0);
}

#[test]
fn what_does_not_fit_is_told_where_it_stands_before_anything_is_sent() {
    let server = shops(|_| None);
    let url = server.url();
    let bench = bench(&url);
    let good = target("http://127.0.0.1:9");
    for (title, wrong) in [
        ("an unknown output", good.replace("$(shop)", "$(shp)")),
        ("an unknown flow", good.replace("setup: open", "setup: opne")),
        ("an input that setup does not give", good.replace("teardown: close", "teardown: other")),
        ("a setup with inputs", good.replace("setup: open", "setup: close")),
        ("an unknown identity", good.replace("setup: open", "setup: { flow: open, as: host }")),
        ("a name that depends on setup", good.replace("host: \"http://127.0.0.1:9\"", "host: $(shop)")),
        ("a path before there is a base URL", good.replace("setup: open", "setup: by-path")),
        ("names without setup", good.replace("    setup: open\n", "")),
    ] {
        bench.write("assize.yaml", &wrong);
        bench.write(
            "specs/shop/flows/other.yaml",
            "flow: other\ninputs: [nmber]\nsteps:\n  - request: GET $(host)/$(nmber)\n    given: 200\n",
        );
        bench.write("specs/shop/flows/by-path.yaml", "flow: by-path\noutputs: [shop, number]\nsteps:\n  - request: POST /shops\n    given: 201\n    capture: { shop: $.url, number: $.number }\n");
        let ran = bench.run(["run", "--seed", "7"]).exits(2);
        insta::assert_snapshot!(title.replace(' ', "_"), ran.golden());
    }
    assert!(server.lines().is_empty());
}

#[test]
fn a_dry_run_shows_what_is_sent_around_each_case() {
    let bench = bench("http://127.0.0.1:9");
    let ran = bench.run(["run", "--dry-run"]).exits(0);
    let lines = [
        "orders\n    POST $(host)/shops (setup)\n    GET $(host)/shops/$(number) (polled) (setup)\n",
        "    POST /orders\n    GET /orders\n    DELETE $(host)/shops/$(number) (teardown)\n",
    ];
    assert!(ran.stdout.starts_with(&lines.concat()), "{ran}");
    assert!(ran.stdout.contains("hosts: $(shop), http://127.0.0.1:9\n"), "{ran}");
}
