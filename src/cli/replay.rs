use std::fs::File;
use std::io::BufReader;
use std::path::Path;
use std::sync::Arc;

use crate::event::{Event, LogReader, OutcomeClass, RunRecord, Stamped, Standing, contradictions, is_shard, whole};
use crate::report::{Console, EventStream, Kind, Progress, ReportName, ReportSpec};
use crate::suite::{LoadOptions, Suite};
use crate::trial::{RetrialError, retry};

use super::Exit;
use super::args::{Format, ReplayArgs};
use super::failure::Failure;
use super::reports::open_reports;
use super::run::{exchanges, finish, notes};
use super::suites::SuitePlace;
use super::terminal::Terminal;

/// `assize replay`: judges a recorded run again and renders it; of a run that was split, all of its shards as one.
pub(super) fn execute(args: &ReplayArgs, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let mut logs = Vec::new();
    for path in &args.logs {
        logs.push(read(path)?);
    }
    let mut doubts = Vec::new();
    for (path, events) in args.logs.iter().zip(&logs) {
        doubts.extend(contradictions(events).into_iter().map(|doubt| format!("`{}`: {doubt}", path.display())));
    }
    let recorded = logs.iter().map(|events| folded(events).standing()).collect::<Vec<_>>();
    let is_split = logs.len() > 1 || logs.first().is_some_and(|log| is_shard(log));
    let mut judged = Vec::new();
    for (path, events) in args.logs.iter().zip(logs) {
        let name = if args.logs.len() > 1 { format!("`{}` ", path.display()) } else { String::new() };
        judged.push(judge_again(events, &name, args, &mut doubts, terminal)?);
    }
    let now = judged.iter().map(|events| folded(events).standing()).collect::<Vec<_>>();
    for (at, path) in args.logs.iter().enumerate() {
        if is_good(now[at]) && !is_good(recorded[at]) && folded(&judged[at]).end.is_some() {
            doubts.push(format!("`{}`: the run did not pass, and what is judged now does", path.display()));
        }
    }
    let events = if is_split { put_together(judged, args, terminal)? } else { judged.swap_remove(0) };
    let mut fanout = open_reports(&args.reports, args.format, terminal)?;
    match args.format {
        Format::Human => {
            let console = Console::new(terminal.results(), terminal.paint(), Progress::Off)
                .with_notes(notes(args.verbose))
                .with_exchanges(exchanges(args.verbose));
            fanout.add(ReportName::Console, Box::new(console));
        }
        Format::Json => fanout.add(ReportName::Stdout, Box::new(EventStream::new(std::io::stdout()))),
    }
    let mut record = RunRecord::default();
    for event in &events {
        fanout.on_event(event);
        record.fold(event);
        if let Some(case) = event.body.case() {
            record.forget_exchanges(case);
        }
    }
    let mut end = record.end.clone().unwrap_or_default();
    // The verdict is that of the outcomes as they come out now.
    let totals = record.totals();
    end.totals = OutcomeClass::ALL
        .iter()
        .filter(|class| totals.of(**class) > 0)
        .map(|class| (class.as_str().to_owned(), totals.of(*class)))
        .collect();
    let standing = record.standing();
    for doubt in &doubts {
        terminal.complain(&format!("error: the record cannot be relied on: {doubt}\n"));
    }
    let standing = if doubts.is_empty() || !is_good(standing) { standing } else { Standing::Undecided };
    // A replay was not stopped itself: it does not die of the signal that stopped the run.
    let standing = if let Standing::Stopped(_) = standing { Standing::Incomplete } else { standing };
    Ok(finish(&end, standing, fanout, args.format, None, terminal))
}

fn is_good(standing: Standing) -> bool {
    match standing {
        Standing::Passed | Standing::Dirty | Standing::Empty => true,
        Standing::Stopped(_)
        | Standing::Defect
        | Standing::Failed
        | Standing::Undecided
        | Standing::Incomplete
        | Standing::Nothing => false,
    }
}

fn read(path: &Path) -> Result<Vec<Stamped>, Failure> {
    let shown = path.display();
    let file = File::open(path).map_err(|error| Failure::usage(format!("`{shown}` cannot be read: {error}")))?;
    let events: Vec<Stamped> = LogReader::new(BufReader::new(file))
        .collect::<Result<_, _>>()
        .map_err(|error| Failure::usage(format!("`{shown}`: {error}")))?;
    match events.first().map(|event| &event.body) {
        Some(Event::RunStarted { .. }) => Ok(events),
        _ => Err(Failure::usage(format!("`{shown}` does not begin with the start of a run"))),
    }
}

fn folded(events: &[Stamped]) -> RunRecord {
    let mut record = RunRecord::default();
    for event in events {
        record.fold(event);
        if let Some(case) = event.body.case() {
            record.forget_exchanges(case);
        }
    }
    record
}

/// The shards as one run.
fn put_together(logs: Vec<Vec<Stamped>>, args: &ReplayArgs, terminal: &mut Terminal) -> Result<Vec<Stamped>, Failure> {
    let all =
        whole(logs).map_err(|error| Failure::usage(format!("`{}`: {error}", args.logs[error.log()].display())))?;
    let specs = args.reports.iter().filter_map(|text| ReportSpec::parse(text).ok());
    if all.seed.is_none() && specs.map(|spec| spec.kind).any(|kind| kind == Kind::Log) {
        return Err(Failure::usage(
            "the shards had different seeds, so that one log of them could not be judged again: keep theirs, \
             or run all with the same `--seed`",
        ));
    }
    for shard in &all.missing {
        terminal.complain(&format!("error: shard {shard} is not among the logs: its cases are unfinished\n"));
    }
    Ok(all.events)
}

/// Judges the events again, where their suite is at hand.
fn judge_again(
    events: Vec<Stamped>,
    name: &str,
    args: &ReplayArgs,
    doubts: &mut Vec<String>,
    terminal: &mut Terminal,
) -> Result<Vec<Stamped>, Failure> {
    let Some(Event::RunStarted { suite, target, .. }) = events.first().map(|event| &event.body) else {
        return Ok(events);
    };
    if args.render_only {
        return Ok(events);
    }
    let place = match &args.suite {
        Some(named) => Some(SuitePlace::named(named)?),
        // Where the record was made there may be no suite now, or this may be another machine.
        None => SuitePlace::named(&suite.origin).ok(),
    };
    let Some(place) = place else {
        let origin = &suite.origin;
        terminal.complain(&format!(
            "warning: {name}there is no suite at `{origin}`, so the record is rendered as it is; `--suite` names it\n"
        ));
        return Ok(events);
    };
    let extra_names = target.names.values().flat_map(|names| names.keys().cloned()).collect();
    let suite = Arc::new(place.load(&LoadOptions { extra_names }, terminal)?.suite);
    match retry(&suite, events.clone()) {
        Ok(retrial) => {
            doubts.extend(left_out(&suite, &events).map(|doubt| format!("{name}{doubt}")));
            for difference in &retrial.differences {
                terminal.complain(&format!("differs: {difference}\n"));
            }
            let count = retrial.differences.len();
            terminal.complain(&match count {
                0 => format!("{name}judged again: every finding is as it was recorded\n"),
                _ => format!("{name}judged again: {count} differ from the record\n"),
            });
            Ok(retrial.events)
        }
        Err(error @ RetrialError::OtherSuite { .. }) => {
            terminal.complain(&format!("warning: {name}{error}; the record is rendered as it is\n"));
            Ok(events)
        }
        Err(error) => Err(Failure::usage(error)),
    }
}

/// A scenario of the suite of which a record of the whole suite says nothing.
fn left_out(suite: &Suite, events: &[Stamped]) -> Option<String> {
    let Some(Event::RunStarted { partial: false, cases, skipped, shard, .. }) = events.first().map(|event| &event.body)
    else {
        return None;
    };
    let of_shards = shard.iter().flat_map(|head| head.cases.iter().chain(head.skipped.iter().map(|it| &it.case)));
    let known: std::collections::BTreeSet<&str> = cases
        .iter()
        .chain(skipped.iter().map(|skipped| &skipped.case))
        .chain(of_shards)
        .map(|head| head.id.base().rsplit_once('@').map_or(head.id.base(), |(stem, _)| stem))
        .collect();
    let missing = suite.scenarios.iter().find(|scenario| !known.contains(scenario.case_stem().as_str()))?;
    Some(format!("it is of the whole suite, and holds no case of `{}`", missing.case_stem()))
}
