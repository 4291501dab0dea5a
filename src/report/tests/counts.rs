//! Every report tells the same numbers of the same run.

use quick_junit::{NonSuccessKind, Report, TestCaseStatus};

use super::golden::{console, junit};
use super::run::{Run, every_outcome, head};
use crate::event::{LogReader, Outcome, OutcomeClass, RunRecord, Stamped, StepPath, WaiverId};
use crate::report::{EventStream, Reporter, verdict_line};

/// What a testcase of each class is in JUnit; the table that every report is held against.
const TABLE: [(OutcomeClass, &str); 10] = [
    (OutcomeClass::Passed, "success"),
    (OutcomeClass::Warned, "success"),
    (OutcomeClass::Flaky, "success"),
    (OutcomeClass::Known, "skipped"),
    (OutcomeClass::Failed, "failure"),
    (OutcomeClass::Inconclusive, "error"),
    (OutcomeClass::Broken, "error"),
    (OutcomeClass::Blocked, "error"),
    (OutcomeClass::Unfinished, "error"),
    (OutcomeClass::Skipped, "skipped"),
];

fn outcome(class: OutcomeClass) -> Outcome {
    let why = "because".to_owned();
    match class {
        OutcomeClass::Passed => Outcome::Passed,
        OutcomeClass::Warned => Outcome::Warned,
        OutcomeClass::Flaky => Outcome::Flaky { tries: 2 },
        OutcomeClass::Known => Outcome::Known { waivers: vec![WaiverId::new("W-12")] },
        OutcomeClass::Failed => Outcome::Failed,
        OutcomeClass::Inconclusive => Outcome::Inconclusive { why },
        OutcomeClass::Broken => Outcome::Broken { why },
        OutcomeClass::Blocked => Outcome::Blocked { step: StepPath::new("first") },
        OutcomeClass::Unfinished => Outcome::Unfinished { why },
        OutcomeClass::Skipped => Outcome::Skipped { why },
    }
}

fn status(case: &quick_junit::TestCase) -> &'static str {
    match &case.status {
        TestCaseStatus::Success { .. } => "success",
        TestCaseStatus::NonSuccess { kind: NonSuccessKind::Failure, .. } => "failure",
        TestCaseStatus::NonSuccess { kind: NonSuccessKind::Error, .. } => "error",
        TestCaseStatus::Skipped { .. } => "skipped",
    }
}

fn folded(events: impl IntoIterator<Item = Stamped>) -> RunRecord {
    let mut record = RunRecord::default();
    events.into_iter().for_each(|event| record.fold(&event));
    record
}

#[test]
fn every_class_is_the_same_in_every_report() {
    // So many cases of each class that no two counts are the same.
    let cases = TABLE
        .iter()
        .enumerate()
        .flat_map(|(at, (class, word))| (0..=at).map(move |number| (format!("{class}.case-{number}"), *class, *word)));
    let cases = cases.collect::<Vec<_>>();
    let mut run = Run::begin(cases.iter().map(|(id, ..)| head(id, "A case", &[])).collect(), Vec::new());
    for (id, class, _) in &cases {
        run.started(id, 1);
        run.ended(id, 1, outcome(*class), false);
    }
    let events = run.finish(None, Vec::new());
    let totals = folded(events.clone()).totals();

    let xml = junit(&events);
    let report = Report::deserialize_from_str(&xml).expect("another reader takes it");
    let suite = &report.test_suites[0];
    assert_eq!(suite.test_cases.len(), cases.len());
    for (found, (id, _, word)) in suite.test_cases.iter().zip(&cases) {
        assert_eq!((found.name.as_str(), status(found)), (id.as_str(), *word));
    }
    let counted = |word| suite.test_cases.iter().filter(|case| status(case) == word).count();
    assert_eq!((report.tests, report.failures, report.errors), (cases.len(), counted("failure"), counted("error")));

    let mut log = Vec::new();
    let mut stream = Box::new(EventStream::new(&mut log));
    for event in &events {
        stream.on_event(event).unwrap();
    }
    stream.finish().unwrap();
    let again = LogReader::new(log.as_slice()).collect::<Result<Vec<_>, _>>().unwrap();
    assert_eq!(again, events);
    assert_eq!(folded(again).totals(), totals);

    let out = console(&events);
    for (class, _) in TABLE {
        let marked =
            out.lines().filter(|line| line.contains(&format!(" {class}.case-")) && line.contains("1.2 s")).count();
        assert_eq!(marked, totals.of(class) as usize, "{class}");
    }
    assert!(
        verdict_line(&totals, 1, "FAIL")
            .starts_with("1 passed, 2 warned, 3 flaky, 4 known, 5 failed, 6 inconclusive, ")
    );
}

#[test]
fn ids_in_junit_hold_no_url() {
    let report = Report::deserialize_from_str(&junit(&every_outcome())).unwrap();
    for case in &report.test_suites[0].test_cases {
        let class = case.classname.as_ref().map(quick_junit::XmlString::as_str).unwrap_or_default();
        assert!(
            !case.name.contains("://") && !class.contains("://") && class.starts_with("cxone."),
            "{class} {}",
            case.name.as_str()
        );
    }
}
