use std::fs::File;
use std::io::BufReader;
use std::sync::Arc;

use crate::event::{Event, LogReader, RunRecord, Stamped};
use crate::report::{Console, EventStream, Progress, ReportName};
use crate::suite::LoadOptions;
use crate::trial::{RetrialError, retry};

use super::Exit;
use super::args::{Format, ReplayArgs};
use super::failure::Failure;
use super::reports::open_reports;
use super::run::{exchanges, finish, notes};
use super::suites::SuitePlace;
use super::terminal::Terminal;

/// `assize replay`: judges a recorded run again and renders it.
pub(super) fn execute(args: &ReplayArgs, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let shown = args.log.display();
    let file = File::open(&args.log).map_err(|error| Failure::usage(format!("`{shown}` cannot be read: {error}")))?;
    let events: Vec<Stamped> = LogReader::new(BufReader::new(file))
        .collect::<Result<_, _>>()
        .map_err(|error| Failure::usage(format!("`{shown}`: {error}")))?;
    let Some(Event::RunStarted { suite, .. }) = events.first().map(|event| &event.body) else {
        return Err(Failure::usage(format!("`{shown}` does not begin with the start of a run")));
    };
    let place = match &args.suite {
        Some(named) => Some(SuitePlace::named(named)?),
        // Where the record was made there may be no suite now, or this may be another machine.
        None => SuitePlace::named(&suite.origin).ok(),
    };
    let events = match place {
        _ if args.render_only => events,
        Some(place) => judge_again(events, &place, terminal)?,
        None => {
            let origin = &suite.origin;
            terminal.complain(&format!(
                "warning: there is no suite at `{origin}`, so the record is rendered as it is; `--suite` names it\n"
            ));
            events
        }
    };
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
    end.totals = crate::event::OutcomeClass::ALL
        .iter()
        .filter(|class| totals.of(**class) > 0)
        .map(|class| (class.as_str().to_owned(), totals.of(*class)))
        .collect();
    let exit = finish(&end, fanout, args.format, None, terminal);
    // A replay was not stopped itself: it does not die of the signal that stopped the run.
    Ok(if let Exit::Signal(_) = exit { Exit::Incomplete } else { exit })
}

fn judge_again(events: Vec<Stamped>, place: &SuitePlace, terminal: &mut Terminal) -> Result<Vec<Stamped>, Failure> {
    let extra_names = match events.first().map(|event| &event.body) {
        Some(Event::RunStarted { target, .. }) => {
            target.names.values().flat_map(|names| names.keys().cloned()).collect()
        }
        _ => std::collections::BTreeSet::default(),
    };
    let suite = place.load(&LoadOptions { extra_names }, terminal)?.suite;
    match retry(&Arc::new(suite), events.clone()) {
        Ok(retrial) => {
            for difference in &retrial.differences {
                terminal.complain(&format!("differs: {difference}\n"));
            }
            let count = retrial.differences.len();
            terminal.complain(&match count {
                0 => "judged again: every finding is as it was recorded\n".to_owned(),
                _ => format!("judged again: {count} differ from the record\n"),
            });
            Ok(retrial.events)
        }
        Err(error @ RetrialError::OtherSuite { .. }) => {
            terminal.complain(&format!("warning: {error}; the record is rendered as it is\n"));
            Ok(events)
        }
        Err(error) => Err(Failure::usage(error)),
    }
}
