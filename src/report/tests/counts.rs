//! Every report tells the same numbers of the same run.

use quick_junit::{NonSuccessKind, Report, TestCaseStatus};
use serde_json::Value;

use super::golden::{console, junit, rendered};
use super::run::{Run, every_outcome, head};
use crate::event::{Left, LogReader, Outcome, OutcomeClass, RunRecord, Stamped, StepPath, WaiverId};
use crate::report::{Kind, verdict_line};

/// What a case of each class is in JUnit, TAP and CTRF; the table that every report is held against.
const TABLE: [(OutcomeClass, &str, &str, &str); 10] = [
    (OutcomeClass::Passed, "success", "ok", "passed"),
    (OutcomeClass::Warned, "success", "ok", "passed"),
    (OutcomeClass::Flaky, "success", "ok", "passed"),
    (OutcomeClass::Known, "skipped", "not ok # todo", "skipped"),
    (OutcomeClass::Failed, "failure", "not ok", "failed"),
    (OutcomeClass::Inconclusive, "error", "not ok", "failed"),
    (OutcomeClass::Broken, "error", "not ok", "failed"),
    (OutcomeClass::Blocked, "error", "not ok", "failed"),
    (OutcomeClass::Unfinished, "error", "not ok", "failed"),
    (OutcomeClass::Skipped, "skipped", "ok # skip", "skipped"),
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

/// A case of the run, with its class and what it is in JUnit, TAP and CTRF.
type Expected = (String, OutcomeClass, &'static str, &'static str, &'static str);

/// So many cases of each class that no two counts are the same.
fn run_of_every_class() -> (Vec<Stamped>, Vec<Expected>) {
    let cases = TABLE.iter().enumerate().flat_map(|(at, (class, junit, tap, ctrf))| {
        (0..=at).map(move |number| (format!("{class}.case-{number}"), *class, *junit, *tap, *ctrf))
    });
    let cases = cases.collect::<Vec<_>>();
    let mut run = Run::begin(cases.iter().map(|(id, ..)| head(id, "A case", &[])).collect(), Vec::new());
    for (id, class, ..) in &cases {
        run.started(id, 1);
        run.ended(id, 1, outcome(*class), false);
    }
    (run.finish(None, Vec::new()), cases)
}

fn document(kind: Kind, events: &[Stamped]) -> Value {
    serde_json::from_str(&rendered(kind, events)).unwrap()
}

/// The texts at this member of each item of a list.
fn texts<'v>(list: &'v Value, member: &str) -> Vec<&'v str> {
    list.as_array().unwrap().iter().map(|item| item[member].as_str().unwrap()).collect()
}

#[test]
fn every_class_is_the_same_in_every_report() {
    let (events, cases) = run_of_every_class();
    let totals = folded(events.clone()).totals();
    let classes = cases.iter().map(|(_, class, ..)| class.as_str()).collect::<Vec<_>>();
    let ids = cases.iter().map(|(id, ..)| id.as_str()).collect::<Vec<_>>();
    for kind in Kind::ALL {
        match kind {
            Kind::Junit => assert_junit(&rendered(kind, &events), &cases),
            Kind::Html => {
                let page = rendered(kind, &events);
                for (class, ..) in TABLE {
                    let marked = page.matches("<article ").count();
                    assert_eq!(marked, cases.len());
                    let of_class = page.split("<article ").skip(1).filter(|article| {
                        let tag = article.split('>').next().unwrap_or_default();
                        tag.contains(&format!("data-outcome=\"{class}\""))
                    });
                    assert_eq!(of_class.count(), totals.of(class) as usize, "{class}");
                }
            }
            Kind::Github => {
                let log = rendered(kind, &events);
                for (class, ..) in TABLE {
                    let grouped = log.lines().filter(|line| line.starts_with(&format!("::group::{class}: "))).count();
                    let is_told = !matches!(class, OutcomeClass::Passed | OutcomeClass::Skipped);
                    assert_eq!(grouped, if is_told { totals.of(class) as usize } else { 0 }, "{class}");
                }
                let of = |level: &str| log.lines().filter(|line| line.starts_with(level)).collect::<Vec<_>>();
                let errors = of("::error ");
                assert_eq!(errors.len(), 10);
                assert!(errors[9].starts_with("::error title=26 more::26 more of this level"), "{}", errors[9]);
                assert_eq!((of("::warning ").len(), of("::notice ").len()), (5, 5));
                assert!(log.ends_with(&format!("::{totals}\n")), "{log}");
            }
            Kind::Markdown => {
                let page = rendered(kind, &events);
                assert!(page.contains(&format!("**{totals}**")), "{page}");
                for (class, ..) in TABLE {
                    let rows = page.lines().filter(|line| line.starts_with(&format!("| {class} | "))).count();
                    let is_told = !matches!(class, OutcomeClass::Passed | OutcomeClass::Skipped);
                    assert_eq!(rows, if is_told { totals.of(class) as usize } else { 0 }, "{class}");
                }
                assert!(page.contains("- 10 cases skipped: "), "{page}");
            }
            Kind::Tap => {
                let tap = rendered(kind, &events);
                let points = tap.lines().filter(|line| line.starts_with("ok ") || line.starts_with("not ok "));
                let points = points.collect::<Vec<_>>();
                assert_eq!(points.len(), cases.len());
                assert!(tap.contains(&format!("\n1..{}\n", cases.len())));
                for (at, (point, (id, _, _, word, _))) in points.iter().zip(&cases).enumerate() {
                    let (word, directive) = word.split_once(" # ").unwrap_or((word, ""));
                    let begin = format!("{word} {} - {id}", at + 1);
                    let rest = point.strip_prefix(&begin).unwrap_or_else(|| panic!("{point}"));
                    let found = rest.strip_prefix(" # ").and_then(|rest| rest.split(' ').next()).unwrap_or_default();
                    assert_eq!(found, directive, "{point}");
                }
            }
            Kind::Ctrf => {
                let results = &document(kind, &events)["results"];
                assert_eq!(texts(&results["tests"], "name"), ids);
                assert_eq!(texts(&results["tests"], "rawStatus"), classes);
                let words = cases.iter().map(|(.., word)| *word).collect::<Vec<_>>();
                assert_eq!(texts(&results["tests"], "status"), words);
                for word in ["passed", "failed", "skipped", "pending", "other"] {
                    let counted = words.iter().filter(|found| **found == word).count();
                    assert_eq!(results["summary"][word], counted, "{word}");
                }
                assert_eq!(
                    (&results["summary"]["tests"], &results["summary"]["flaky"]),
                    (&cases.len().into(), &3.into())
                );
            }
            Kind::Har => {
                let log = &document(kind, &events)["log"];
                assert_eq!(texts(&log["pages"], "id"), ids);
                assert_eq!(texts(&log["pages"], "_outcome"), classes);
            }
            Kind::Json => {
                let record = document(kind, &events);
                assert_eq!(texts(&record["cases"], "id"), ids);
                assert_eq!(texts(&record["cases"], "outcome"), classes);
                for (class, ..) in TABLE {
                    assert_eq!(record["totals"][class.as_str()], totals.of(class), "{class}");
                }
            }
            Kind::Log => {
                let log = rendered(kind, &events);
                let again = LogReader::new(log.as_bytes()).collect::<Result<Vec<_>, _>>().unwrap();
                assert_eq!(again, events);
                assert_eq!(folded(again).totals(), totals);
            }
        }
    }

    let out = console(&events);
    for (class, ..) in TABLE {
        let marked =
            out.lines().filter(|line| line.contains(&format!(" {class}.case-")) && line.contains("1.2 s")).count();
        assert_eq!(marked, totals.of(class) as usize, "{class}");
    }
    assert!(
        verdict_line(&totals, 1, "FAIL")
            .starts_with("1 passed, 2 warned, 3 flaky, 4 known, 5 failed, 6 inconclusive, ")
    );
}

fn assert_junit(xml: &str, cases: &[Expected]) {
    let report = Report::deserialize_from_str(xml).expect("another reader takes it");
    let suite = &report.test_suites[0];
    assert_eq!(suite.test_cases.len(), cases.len());
    for (found, (id, _, word, ..)) in suite.test_cases.iter().zip(cases) {
        assert_eq!((found.name.as_str(), status(found)), (id.as_str(), *word));
    }
    let counted = |word| suite.test_cases.iter().filter(|case| status(case) == word).count();
    assert_eq!((report.tests, report.failures, report.errors), (cases.len(), counted("failure"), counted("error")));
}

#[test]
fn what_no_case_says_is_red_in_every_report() {
    let mut run = Run::begin(vec![head("one", "One", &[])], Vec::new());
    run.started("one", 1);
    run.ended("one", 1, Outcome::Passed, false);
    let left = Left { request: "DELETE https://a.example/1".to_owned(), why: "nobody answered".to_owned() };
    let events = run.finish(None, vec![left]);
    let cut = &events[..events.len() - 1];
    for (events, code) in [(&events[..], "left-on-target"), (cut, "run-not-ended")] {
        let report = Report::deserialize_from_str(&junit(events)).unwrap();
        assert_eq!((report.tests, report.errors), (2, 1), "{code}");
        let tap = rendered(Kind::Tap, events);
        assert!(tap.contains("\nnot ok 2 - ") && tap.contains(code), "{tap}");
        let summary = &document(Kind::Ctrf, events)["results"]["summary"];
        assert_eq!((&summary["tests"], &summary["failed"]), (&2.into(), &1.into()));
        let log = rendered(Kind::Github, events);
        assert!(log.lines().any(|line| line.starts_with("::error ") && line.contains(code)), "{log}");
        let page = rendered(Kind::Markdown, events);
        assert!(page.contains(&format!("**{code}**")) && !page.starts_with("## Passed: "), "{page}");
    }
    assert_eq!(document(Kind::Json, cut)["complete"], false);
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
