//! The contract that comes along, against the tenant that comes along.

use crate::bench::{Bench, Ran};
use crate::junit::Junit;

/// Runs the whole contract.
pub(crate) fn run_contract<const N: usize>(bench: &Bench, args: [&str; N]) -> Ran {
    bench.assize(["run", "--seed", "7"]).args(args).run()
}

#[test]
fn the_contract_passes_and_its_report_says_the_same() {
    let bench = Bench::contract();
    let ran = run_contract(&bench, ["--report", "junit=junit.xml"]).exits(0);
    let junit = Junit::read(&bench, "junit.xml");
    assert_eq!(ran.verdict(), format!("{} (exit 0 PASS)", junit.totals()));
    assert!(junit.report.tests > 80, "{ran}");
    assert_eq!(junit.count("skipped") + junit.count("passed"), junit.report.tests);
}

#[test]
fn one_after_the_other_or_all_at_once_the_outcomes_are_the_same() {
    let bench = Bench::contract();
    // The cases that wait for something most of the time; the others are run in many orders elsewhere.
    let waiting = ["run", "events.*", "general.*", "--seed", "7"];
    let outcomes = ["1", "32"].map(|jobs| {
        let report = format!("junit={jobs}.xml");
        bench.assize(waiting).args(["--jobs", jobs, "--report", &report]).run().exits(0);
        Junit::read(&bench, &format!("{jobs}.xml")).outcomes()
    });
    assert_eq!(outcomes[0], outcomes[1]);
}
