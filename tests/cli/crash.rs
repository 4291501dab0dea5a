//! A defect of this program in the midst of a run.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::sync::Arc;
use std::time::Duration;

use assize::clock::SystemClock;
use assize::event::{Gate, OutcomeClass, RunRecord, Standing};
use assize::http::{LaneId, NetworkOptions, Sending, Transport, WireRequest, connect};
use assize::plan::{PlanOptions, Selection, plan};
use assize::report::{Fanout, ReportSpec};
use assize::run::{CancelHandle, Order, Pauses, Retries, RunOptions, SecretError, World, WorldParts, run};
use assize::suite::{Folder, LoadOptions, load};

use crate::bench::Bench;
use crate::junit::Junit;
use crate::server::{Reply, Server};

/// A transport with a defect: it breaks down at `/defect`.
struct Defective(Arc<dyn Transport>);

impl Transport for Defective {
    fn send(&self, lane: LaneId, request: WireRequest) -> Sending<'_> {
        assert!(!request.url.path().ends_with("/defect"), "a defect");
        self.0.send(lane, request)
    }
}

#[test]
fn a_case_that_breaks_down_leaves_an_entry_for_every_case_and_is_no_pass() {
    let server = Server::start(|_| Reply::ok("{}"));
    let paths = ["one", "two", "defect", "four", "five"];
    let scenario =
        |path: &&str| format!("scenario: {path}\nid: {path}\nsteps:\n  - request: GET /{path}\n    expect: 200\n");
    let target = format!("targets:\n  here: {{ default: true, base_url: \"{}\" }}\n", server.url());
    let bench = Bench::new()
        .file("s/suite.yaml", "suite: s\nversion: 1.0.0\ntitle: S\n")
        .file("s/targets.yaml", &target)
        .file("s/scenarios/all.yaml", &paths.iter().map(scenario).collect::<Vec<_>>().join("---\n"));
    let suite = Arc::new(load(&Folder::open(&bench.path("s")).unwrap(), &LoadOptions::default()).unwrap().suite);
    let target = Arc::new(suite.targets[0].clone());
    let options = PlanOptions {
        selection: Selection::default(),
        seed: 7,
        variables: BTreeMap::new(),
        base_url: None,
        longest_wait: Duration::ZERO,
    };
    let plan = plan(&suite, &target, &options).unwrap();
    let transport = Arc::new(Defective(connect(&NetworkOptions::default()).unwrap()));
    let parts = WorldParts {
        transport,
        secrets: Arc::new(|_| Err(SecretError("there is none".to_owned()))),
        tenants: None,
        clock: Arc::new(SystemClock),
    };
    let world = Arc::new(World::new(&plan, parts).unwrap());
    let options = RunOptions {
        jobs: 1,
        time_limit: None,
        grace: Duration::from_secs(5),
        longest_wait: Duration::ZERO,
        max_fail: None,
        gate: Gate::default(),
        retries: Retries::AsWritten,
        order: Order::Plan,
        pauses: Pauses::Waited,
    };
    let report = format!("junit={}", bench.path("run.xml").display());
    let (name, reporter) = ReportSpec::parse(OsStr::new(&report)).unwrap().open().unwrap();
    let mut fanout = Fanout::default();
    fanout.add(name, reporter);
    let mut record = RunRecord::default();
    let (handle, cancel) = CancelHandle::new();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let end = runtime.block_on(run(Arc::new(plan), world, options, handle, cancel, |event| {
        record.fold(&event);
        fanout.on_event(&event);
    }));
    assert!(fanout.finish().is_empty());
    assert_eq!((end.standing(), record.standing()), (Standing::Defect, Standing::Defect));
    assert_eq!((end.totals().of(OutcomeClass::Passed), end.totals().of(OutcomeClass::Unfinished)), (4, 1));
    let outcomes = Junit::read(&bench, "run.xml").outcomes();
    // And one for the defect of the program, which is nobody's case.
    assert_eq!(outcomes.len(), 6);
    assert_eq!(outcomes["defect"], "unfinished");
}
