use clap::CommandFactory as _;

use super::Exit;
use super::args::{Arguments, ManArgs};
use super::failure::Failure;
use super::terminal::Terminal;
use super::words::counted;

/// `assize man`.
pub(super) fn execute(args: &ManArgs, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let command = Arguments::command();
    let Some(dir) = &args.dir else {
        let mut page = Vec::new();
        clap_mangen::Man::new(command).render(&mut page).map_err(Failure::internal)?;
        terminal.say(&String::from_utf8(page).map_err(Failure::internal)?);
        return Ok(Exit::Pass);
    };
    let failed = |error: std::io::Error| Failure::io(format!("`{}` cannot be written: {error}", dir.display()));
    std::fs::create_dir_all(dir).map_err(failed)?;
    // Pages of the program and of each command that is no `help`.
    let commands = command.get_subcommands().count() + 1;
    clap_mangen::generate_to(command, dir).map_err(failed)?;
    terminal.say(&format!("wrote {} or more to {}\n", counted(commands, "page"), dir.display()));
    Ok(Exit::Pass)
}
