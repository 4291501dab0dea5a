//! The accepted answers of the contract, on other days, seeds, hosts and ports.

use crate::bench::{Bench, Ran};
use crate::tenant::{Encryption, Tenant};

/// Runs what is compared, and nothing is written.
fn compare<const N: usize>(bench: &Bench, args: [&str; N]) -> Ran {
    bench.assize(["run", "answers.*", "--frozen"]).args(args).run().exits(0)
}

/// The files of snapshots, those that wait among them, with their texts.
fn shelf(bench: &Bench) -> Vec<(String, String)> {
    let files = std::fs::read_dir(bench.path("snapshots/cxone")).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> = files
        .map(|path| {
            let text = std::fs::read_to_string(&path).unwrap();
            (path.file_name().unwrap().to_str().unwrap().to_owned(), text)
        })
        .collect();
    files.sort();
    files
}

#[test]
fn no_snapshot_differs_between_two_seeds_at_the_embedded_tenant() {
    let bench = Bench::contract();
    let before = shelf(&bench);
    assert!((25..=60).contains(&before.len()), "{}", before.len());
    for seed in ["1", "20261122"] {
        let ran = compare(&bench, ["--seed", seed]);
        assert!(ran.verdict().ends_with("0 failed (exit 0 PASS)") && ran.verdict().starts_with("46 passed"), "{ran}");
    }
    assert_eq!(shelf(&bench), before);
}

#[test]
fn no_snapshot_differs_at_another_process_days_later() {
    let bench = Bench::contract();
    let tenant = Tenant::start(&bench, Encryption::Plain);
    compare(&bench, ["--target-file", "tenant/assize.yaml"]);
    for days in [3, 40] {
        tenant.advance_days(days);
        compare(&bench, ["--target-file", "tenant/assize.yaml"]);
    }
    compare(&bench, ["--target-file", "tenant/assize.yaml", "--target", "fresh"]);
}

#[test]
fn no_snapshot_differs_over_tls() {
    let bench = Bench::contract();
    let _tenant = Tenant::start(&bench, Encryption::Tls);
    compare(&bench, ["--target-file", "tenant/assize.yaml", "--jobs", "1"]);
}

#[test]
fn the_embedded_suite_brings_its_snapshots_along() {
    let bench = Bench::new();
    let ran = compare(&bench, []);
    assert!(ran.verdict().starts_with("46 passed"), "{ran}");
}

#[test]
fn accepting_what_is_accepted_writes_nothing() {
    let bench = Bench::contract();
    let before = shelf(&bench);
    let times = |bench: &Bench| -> Vec<_> {
        let files = std::fs::read_dir(bench.path("snapshots/cxone")).unwrap().map(|entry| entry.unwrap());
        let mut times: Vec<_> = files.map(|it| (it.file_name(), it.metadata().unwrap().modified().unwrap())).collect();
        times.sort();
        times
    };
    let written = times(&bench);
    bench.assize(["run", "answers.*", "--snapshots", "accept"]).run().exits(0);
    assert_eq!(shelf(&bench), before);
    assert_eq!(times(&bench), written);
}
