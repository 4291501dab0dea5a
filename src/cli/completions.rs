use clap::CommandFactory as _;

use super::Exit;
use super::args::{Arguments, CompletionsArgs};
use super::failure::Failure;
use super::terminal::Terminal;

/// `assize completions`.
pub(super) fn execute(args: &CompletionsArgs, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Arguments::command(), "assize", &mut script);
    terminal.say(&String::from_utf8(script).map_err(Failure::internal)?);
    Ok(Exit::Pass)
}
