//! Files that cannot be written: each is told, none keeps another from being written.

use std::fs;
use std::path::Path;

use super::run::every_outcome;
use crate::event::LogReader;
use crate::report::{Console, Fanout, Paint, Progress, ReportName, ReportSpec};

fn spec(kind: &str, path: &Path) -> ReportSpec {
    format!("{kind}={}", path.display()).parse().unwrap()
}

fn add(fanout: &mut Fanout, spec: &ReportSpec) {
    let (name, reporter) = spec.open().unwrap();
    fanout.add(name, reporter);
}

#[cfg(target_os = "linux")]
#[test]
fn a_report_on_a_full_disk_is_told_and_the_others_are_written() {
    let directory = tempfile::tempdir().unwrap();
    let (xml, log) = (directory.path().join("out.xml"), directory.path().join("out.ndjson"));
    let full = Path::new("/dev/full");
    let mut fanout = Fanout::default();
    for spec in [spec("junit", full), spec("log", full), spec("junit", &xml), spec("log", &log)] {
        add(&mut fanout, &spec);
    }
    let console = fs::OpenOptions::new().write(true).open(full).unwrap();
    fanout.add(ReportName::Console, Box::new(Console::new(console, Paint::Plain, Progress::Off)));
    let events = every_outcome();
    for event in &events {
        fanout.on_event(event);
    }
    assert_eq!(fanout.failures().len(), 2);
    let mut told = fanout.finish().iter().map(ToString::to_string).collect::<Vec<_>>();
    told.sort();
    let full = "cannot be written: No space left on device (os error 28)";
    assert_eq!(
        told,
        [
            format!("the console output {full}"),
            format!("the junit report `/dev/full` {full}"),
            format!("the log report `/dev/full` {full}")
        ]
    );
    assert!(fs::read_to_string(&xml).unwrap().ends_with("</testsuites>\n"));
    let log = LogReader::new(fs::read(&log).unwrap().as_slice()).collect::<Result<Vec<_>, _>>().unwrap();
    assert_eq!(log, events);
}

#[test]
fn a_run_that_dies_leaves_no_old_report_and_no_half_one_but_keeps_its_log() {
    let directory = tempfile::tempdir().unwrap();
    let (xml, log) = (directory.path().join("out.xml"), directory.path().join("out.ndjson"));
    fs::write(&xml, "old").unwrap();
    fs::write(&log, "old").unwrap();
    let mut fanout = Fanout::default();
    add(&mut fanout, &spec("junit", &xml));
    add(&mut fanout, &spec("log", &log));
    for event in every_outcome().iter().take(9) {
        fanout.on_event(event);
    }
    drop(fanout);
    let names = fs::read_dir(directory.path()).unwrap().map(|entry| entry.unwrap().path()).collect::<Vec<_>>();
    assert_eq!(names, [directory.path().join(format!("out.ndjson.{}.partial", std::process::id()))]);
    assert_eq!(LogReader::new(fs::read(&names[0]).unwrap().as_slice()).filter_map(Result::ok).count(), 9);
}

#[test]
fn a_report_that_cannot_be_opened_says_which_and_why() {
    let directory = tempfile::tempdir().unwrap();
    let refused =
        |path: &Path| spec("junit", path).open().map(|(name, _)| name).expect_err("it cannot be opened").to_string();
    let shown = directory.path().display();
    assert_eq!(refused(directory.path()), format!("the junit report `{shown}` cannot be written: it is a directory"));
    assert_eq!(
        refused(&directory.path().join("no/out.xml")),
        format!("the junit report `{shown}/no/out.xml` cannot be written: the directory `{shown}/no` does not exist")
    );
}

#[test]
fn junit_of_a_run_that_never_began_is_not_written() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("out.xml");
    let mut fanout = Fanout::default();
    add(&mut fanout, &spec("junit", &path));
    let failures = fanout.finish();
    assert_eq!(failures.len(), 1);
    assert!(failures[0].to_string().ends_with("cannot be written: no event says what was run"));
    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 0);
}
