//! What people read, whole.

use super::run::{Run, every_outcome, exchange, head};
use crate::event::{CancelCause, Outcome, RunRecord, Stamped};
use crate::report::{Console, Destination, Kind, Paint, Progress, ReportSpec, Reporter, verdict_line};

pub(super) fn console(events: &[Stamped]) -> String {
    let mut out = Vec::new();
    let mut console = Box::new(Console::new(&mut out, Paint::Plain, Progress::Off));
    for event in events {
        console.on_event(event).unwrap();
    }
    console.finish().unwrap();
    String::from_utf8(out).unwrap()
}

/// What a report of this kind holds.
pub(super) fn rendered(kind: Kind, events: &[Stamped]) -> String {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("report");
    let (_, mut reporter) = ReportSpec { kind, to: Destination::File(path.clone()) }.open().unwrap();
    for event in events {
        reporter.on_event(event).unwrap();
    }
    reporter.finish().unwrap();
    std::fs::read_to_string(&path).unwrap()
}

pub(super) fn junit(events: &[Stamped]) -> String {
    rendered(Kind::Junit, events)
}

fn all_passed() -> Vec<Stamped> {
    let mut run =
        Run::begin(vec![head("auth.expired-token", "An expired token is refused", &["CX-AUTH-001"])], Vec::new());
    run.started("auth.expired-token", 1);
    let finding = crate::event::Finding::pass("expect.status".into(), crate::event::Block::Expect);
    run.step(
        "auth.expired-token",
        "call",
        &["CX-AUTH-001"],
        vec![exchange(1, "GET", "https://a.example/", 401, "Unauthorized", "")],
        vec![finding],
    );
    run.ended("auth.expired-token", 1, Outcome::Passed, false);
    run.finish(None, Vec::new())
}

#[test]
fn the_console_of_a_run_with_every_outcome() {
    insta::assert_snapshot!(console(&every_outcome()));
}

#[test]
fn the_console_of_a_run_that_passes() {
    insta::assert_snapshot!(console(&all_passed()));
}

#[test]
fn junit_of_a_run_with_every_outcome() {
    insta::assert_snapshot!(junit(&every_outcome()));
}

#[test]
fn the_log_of_a_github_job_with_every_outcome() {
    insta::assert_snapshot!(rendered(Kind::Github, &every_outcome()));
}

#[test]
fn the_markdown_of_a_run_with_every_outcome() {
    insta::assert_snapshot!(rendered(Kind::Markdown, &every_outcome()));
}

#[test]
fn the_markdown_of_a_run_that_passes() {
    insta::assert_snapshot!(rendered(Kind::Markdown, &all_passed()));
}

#[test]
fn tap_of_a_run_with_every_outcome() {
    insta::assert_snapshot!(rendered(Kind::Tap, &every_outcome()));
}

#[test]
fn ctrf_of_a_run_with_every_outcome() {
    let document: serde_json::Value = serde_json::from_str(&rendered(Kind::Ctrf, &every_outcome())).unwrap();
    insta::assert_snapshot!(format!("{document:#}"));
}

#[test]
fn har_of_a_run_that_passes() {
    insta::assert_snapshot!(rendered(Kind::Har, &all_passed()));
}

#[test]
fn the_record_of_a_run_that_passes() {
    insta::assert_snapshot!(rendered(Kind::Json, &all_passed()));
}

#[test]
fn a_run_that_broke_off_has_every_planned_case_in_every_report() {
    let mut run =
        Run::begin(vec![head("first", "The first", &[]), head("second", "The second", &["CX-SES-001"])], Vec::new());
    run.started("first", 1);
    run.ended("first", 1, Outcome::Passed, false);
    run.started("second", 1);
    run.push(crate::event::Event::CancelBegun { cause: CancelCause::Internal });
    let events = run.cut();
    insta::assert_snapshot!(console(&events));
    let xml = junit(&events);
    assert!(xml.contains(r#"tests="2" failures="0" errors="1" skipped="0""#), "{xml}");
    assert!(xml.contains(r#"<property name="complete" value="false"/>"#), "{xml}");
}

#[test]
fn the_verdict_line_holds_the_totals_and_the_exit_code() {
    let mut record = RunRecord::default();
    for event in every_outcome() {
        record.fold(&event);
    }
    assert_eq!(
        verdict_line(&record.totals(), 1, "FAIL"),
        "1 passed, 1 warned, 1 flaky, 1 known, 1 failed, 1 inconclusive, 1 broken, 1 blocked, 1 unfinished, 1 skipped (exit 1 FAIL)"
    );
}
