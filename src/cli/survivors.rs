use std::fs::File;
use std::io::BufReader;
use std::path::Path;
use std::sync::Arc;

use crate::event::{Event, LogReader, Stamped};
use crate::prove::{Shown, survey};
use crate::suite::LoadOptions;
use crate::trial::Rehearsal;

use super::args::{Format, ProveArgs};
use super::exit::Reports;
use super::failure::Failure;
use super::prove::write_reports;
use super::suites::SuitePlace;
use super::terminal::Terminal;
use super::{Exit, prove, waivers};

/// `assize prove --record`: breaks the recorded answers and tells what nobody noticed.
pub(super) fn execute(args: &ProveArgs, log: &Path, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let reports = prove::reports(args)?;
    let shown = log.display();
    let file = File::open(log).map_err(|error| Failure::usage(format!("`{shown}` cannot be read: {error}")))?;
    let events: Vec<Stamped> = LogReader::new(BufReader::new(file))
        .collect::<Result<_, _>>()
        .map_err(|error| Failure::usage(format!("`{shown}`: {error}")))?;
    let Some(Event::RunStarted { suite: head, target, .. }) = events.first().map(|event| &event.body) else {
        return Err(Failure::usage(format!("`{shown}` does not begin with the start of a run")));
    };
    let place = SuitePlace::named(args.plan.suite.as_deref().unwrap_or(&head.origin))?;
    let extra_names = target.names.values().flat_map(|names| names.keys().cloned()).collect();
    let suite = Arc::new(place.load(&LoadOptions { extra_names }, terminal)?.suite);
    let rehearsals = Rehearsal::of_record(&suite, &events).map_err(Failure::usage)?;
    let waivers = waivers::find_survivors(&place, args.waivers.as_deref(), &suite, terminal)?;
    let survey = survey(&suite, &rehearsals, &waivers);
    let exit = if write_reports(reports, &survey.junit(&suite.name), terminal) == Reports::Broken {
        Exit::IoError
    } else if survey.mutants == 0 {
        Exit::Nothing
    } else if survey.is_proven() {
        Exit::Pass
    } else {
        Exit::Fail
    };
    match args.format {
        Format::Human => {
            let shown = if args.all { Shown::All } else { Shown::Grave };
            let text = survey.text(shown, terminal.paint());
            terminal.say(&format!("{text}\n{} (exit {} {})\n", survey.count_line(), exit.code(), exit.name()));
        }
        Format::Json => {
            let json = survey.json(&suite.name).map_err(Failure::internal)?;
            terminal.say(&format!("{json}\n"));
        }
    }
    Ok(exit)
}
