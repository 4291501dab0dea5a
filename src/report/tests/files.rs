//! Files that cannot be written: each is told, none keeps another from being written.

use std::fs;
use std::path::Path;

use super::run::every_outcome;
use crate::event::LogReader;
use crate::report::{Console, Fanout, Kind, Markdown, Paint, Progress, ReportName, ReportSpec};

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
fn no_report_of_a_run_that_never_began_is_written() {
    for kind in Kind::ALL.into_iter().filter(|kind| *kind != Kind::Log) {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("out");
        let mut fanout = Fanout::default();
        add(&mut fanout, &spec(kind.as_str(), &path));
        let failures = fanout.finish();
        assert_eq!(failures.len(), 1, "{kind}");
        assert!(failures[0].to_string().ends_with("cannot be written: no event says what was run"));
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 0, "{kind}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn every_kind_tells_of_a_full_disk_and_leaves_nothing_when_it_dies() {
    let events = every_outcome();
    for kind in Kind::ALL {
        let mut fanout = Fanout::default();
        add(&mut fanout, &spec(kind.as_str(), Path::new("/dev/full")));
        for event in &events {
            fanout.on_event(event);
        }
        let told = fanout.finish().iter().map(ToString::to_string).collect::<Vec<_>>();
        let full = format!("the {kind} report `/dev/full` cannot be written: No space left on device (os error 28)");
        assert_eq!(told, [full]);

        let directory = tempfile::tempdir().unwrap();
        let mut fanout = Fanout::default();
        add(&mut fanout, &spec(kind.as_str(), &directory.path().join("out")));
        for event in events.iter().take(40) {
            fanout.on_event(event);
        }
        drop(fanout);
        let left = usize::from(kind == Kind::Log);
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), left, "{kind}");
    }
}

#[test]
fn the_summary_of_a_step_stands_after_what_was_there_and_stays_below_the_limit() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("summary.md");
    let before = format!("# Before\n{}\n", "x".repeat(1000 * 1024 - 2000));
    fs::write(&path, &before).unwrap();
    let mut fanout = Fanout::default();
    fanout.add(ReportName::Summary(path.clone()), Box::new(Markdown::summary(&path).unwrap()));
    for event in &every_outcome() {
        fanout.on_event(event);
    }
    assert_eq!(fs::read_to_string(&path).unwrap(), before, "until the end it stays as it is");
    assert!(fanout.finish().is_empty());
    let after = fs::read_to_string(&path).unwrap();
    assert!(after.starts_with(&before) && after.len() < 1024 * 1024, "{}", after.len());
    assert!(after[before.len()..].contains("## ") && after.contains("left out"), "{}", &after[before.len()..]);
}
