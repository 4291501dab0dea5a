//! The order in which cases are started, which changes nothing else.

use crate::bench::Bench;
use crate::junit::Junit;
use crate::server::{Reply, Server};

#[test]
fn in_any_order_and_however_many_at_a_time_every_case_ends_the_same() {
    let bench = Bench::contract();
    // The contract without those of its cases that wait for something most of the time.
    let outcomes = |args: &[&str; 3]| {
        let report = ["--report", "junit=junit.xml"];
        bench.assize(["run", "auth.*", "session.*", "events.new-id"]).args(*args).args(report).run().exits(0);
        Junit::read(&bench, "junit.xml").outcomes()
    };
    let in_order = outcomes(&["--jobs=1", "--seed", "7"]);
    assert!(in_order.len() > 40);
    assert_eq!(outcomes(&["--jobs=32", "--seed", "7"]), in_order);
    for seed in ["1", "2", "3"] {
        assert_eq!(outcomes(&["--shuffle", "--seed", seed]), in_order, "seed {seed}");
    }
}

#[test]
fn shuffled_cases_start_in_the_order_of_the_seed_and_are_reported_in_that_of_the_plan() {
    let cases = (1..=9).map(|at| format!("scenario: Case {at}\nsteps:\n  - request: GET /{at}\n    expect: 200\n"));
    let bench = Bench::new().file("all.yaml", &cases.collect::<Vec<_>>().join("---\n"));
    let sent = |args: [&str; 2], shuffle: &str| {
        let server = Server::start(|_| Reply::ok("{}"));
        let url = server.url();
        let given = ["--base-url", &url, "--jobs", "1", "--report", "junit=junit.xml", "--report", "log=log.ndjson"];
        let ran = bench.assize(["run", "all.yaml"]).args(given).args(args).env("ASSIZE_SHUFFLE", shuffle).run();
        let ran = ran.exits(0);
        (server.lines(), bench.read("junit.xml").match_indices("<testcase name=").count(), ran)
    };
    let (in_order, count, ran) = sent(["--seed", "7"], "");
    assert_eq!(in_order, (1..=9).map(|at| format!("GET /{at}")).collect::<Vec<_>>());
    assert_eq!(count, 9);
    assert!(ran.stdout.contains("9 cases, seed 7\n"), "{ran}");
    let names = |junit: &str| -> Vec<String> {
        junit.split("<testcase name=\"").skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned).collect()
    };
    let planned = names(&bench.read("junit.xml"));

    let (shuffled, _, ran) = sent(["--seed", "7"], "1");
    assert_ne!(shuffled, in_order);
    assert!(ran.stdout.contains("9 cases, seed 7, shuffled\n"), "{ran}");
    assert_eq!(names(&bench.read("junit.xml")), planned);
    let (again, _, _) = sent(["--seed", "7"], "1");
    assert_eq!(again, shuffled);
    let (other, _, _) = sent(["--seed", "8"], "1");
    assert_ne!(other, shuffled);

    let all = |lines: &[String]| {
        let mut lines = lines.to_vec();
        lines.sort();
        lines
    };
    assert_eq!(all(&shuffled), all(&in_order));
    let replayed = bench.run(["replay", "log.ndjson"]).exits(0);
    assert!(replayed.stdout.contains("9 cases, seed 8, shuffled\n"), "{replayed}");
}
