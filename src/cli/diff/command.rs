use crate::cli::Exit;
use crate::cli::args::{DiffArgs, Format};
use crate::cli::failure::Failure;
use crate::cli::terminal::Terminal;

use super::compare::Diff;
use super::pace::Rule;
use super::recorded::Recorded;
use super::text;

/// `assize diff`: 1 where something is a regression, 0 otherwise.
pub(in crate::cli) fn execute(args: &DiffArgs, terminal: &mut Terminal) -> Result<Exit, Failure> {
    if !(args.slower.is_finite() && args.slower >= 1.0) {
        return Err(Failure::usage("`--slower` takes a number from 1 on, such as 1.5"));
    }
    let (before, after) = (Recorded::read(&args.before)?, Recorded::read(&args.after)?);
    let by_us = u64::try_from(args.slower_by.as_micros()).unwrap_or(u64::MAX);
    let diff = Diff::of(&before, &after, Rule { factor: args.slower, by_us });
    let exit = if diff.regressions.is_empty() { Exit::Pass } else { Exit::Fail };
    match args.format {
        Format::Human => {
            let text = text::draw(&diff, terminal.paint());
            terminal.say(&format!("{text}{} (exit {} {})\n", text::count_line(&diff), exit.code(), exit.name()));
        }
        Format::Json => {
            let json = serde_json::to_string_pretty(&diff).map_err(Failure::internal)?;
            terminal.say(&format!("{json}\n"));
        }
    }
    Ok(exit)
}
