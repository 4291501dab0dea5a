//! The command line: arguments, environment and terminal become typed options; results become bytes and an exit code.
//!
//! One file for each subcommand. This room is the only reader of arguments, environment and terminal, and the only one
//! that knows how to start the embedded tenant. Depends on all rooms.

mod args;
mod check;
mod completions;
mod coverage;
mod coverage_count;
mod coverage_table;
mod defects;
mod descriptors;
mod diff;
mod dry_run;
mod embedded;
mod examples;
mod exit;
mod explain;
mod explained;
mod failure;
mod gate_args;
mod init;
mod last_run;
mod list;
mod man;
mod matrix;
mod matrix_table;
mod prove;
mod prove_progress;
mod replay;
mod reports;
mod run;
mod runtime;
mod sandbox;
mod schema;
mod secrets;
mod signals;
mod sketch;
mod snapshots;
mod suites;
mod survivors;
mod targets;
mod tenants;
mod terminal;
mod waivers;
mod watch;
mod words;
mod yard;

use std::process::ExitCode;

use clap::Parser as _;

pub use embedded::EMBEDDED_SUITES;
pub use exit::Exit;

use args::{Arguments, Command};
use terminal::{Readers, Terminal};

/// Runs the program with the arguments of this process, and says how it ended.
#[must_use]
pub fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return args::refused(&error),
    };
    let readers = match &arguments.command {
        Some(
            Command::Run(_)
            | Command::Replay(_)
            | Command::Prove(_)
            | Command::Sandbox(_)
            | Command::Snapshots(_)
            | Command::Diff(_),
        ) => Readers::Stay,
        None
        | Some(
            Command::Check(_)
            | Command::List(_)
            | Command::Explain(_)
            | Command::Schema(_)
            | Command::Init(_)
            | Command::Completions(_)
            | Command::Man(_),
        ) => Readers::MayGo,
    };
    let mut terminal = Terminal::new(arguments.color, readers);
    let done = match arguments.command {
        None => Ok(args::welcome(&mut terminal)),
        Some(Command::Run(args)) => run::execute(&args, &mut terminal),
        Some(Command::Check(args)) => check::execute(&args, &mut terminal),
        Some(Command::List(args)) => list::execute(&args, &mut terminal),
        Some(Command::Explain(args)) => explain::execute(&args, &mut terminal),
        Some(Command::Replay(args)) => replay::execute(&args, &mut terminal),
        Some(Command::Prove(args)) => prove::execute(&args, &mut terminal),
        Some(Command::Snapshots(args)) => snapshots::execute(&args, &mut terminal),
        Some(Command::Sandbox(args)) => sandbox::execute(&args, &mut terminal),
        Some(Command::Schema(args)) => schema::execute(&args, &mut terminal),
        Some(Command::Diff(args)) => diff::execute(&args, &mut terminal),
        Some(Command::Init(args)) => init::execute(&args, &mut terminal),
        Some(Command::Completions(args)) => completions::execute(&args, &mut terminal),
        Some(Command::Man(args)) => man::execute(&args, &mut terminal),
    };
    let exit = match done {
        Ok(exit) => exit,
        Err(failure) => {
            terminal.complain(&failure.text);
            failure.exit
        }
    };
    signals::die_of(exit);
    terminal.finish(exit)
}
