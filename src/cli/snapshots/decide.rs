use crate::cli::Exit;
use crate::cli::args::NamesArgs;
use crate::cli::failure::Failure;
use crate::cli::terminal::Terminal;
use crate::snapshot::{StoreError, Written};

use super::shelf::{Shelf, chosen, failed};

/// `assize snapshots accept`: everything that can be accepted is, and the first that cannot is the exit.
pub(super) fn accept(shelves: &[Shelf], args: &NamesArgs, terminal: &mut Terminal) -> Result<Exit, Failure> {
    each(shelves, args, terminal, |shelf, name| {
        let written = shelf.store.accept(name)?;
        let path = shelf.path(&name.file());
        Ok(match written {
            Written::Anew => format!("accepted {path}\n"),
            Written::Already => format!("unchanged {path}\n"),
        })
    })
}

/// `assize snapshots reject`.
pub(super) fn reject(shelves: &[Shelf], args: &NamesArgs, terminal: &mut Terminal) -> Result<Exit, Failure> {
    each(shelves, args, terminal, |shelf, name| {
        shelf.store.reject(name)?;
        Ok(format!("rejected {}\n", shelf.path(&name.pending_file())))
    })
}

fn each(
    shelves: &[Shelf],
    args: &NamesArgs,
    terminal: &mut Terminal,
    decide: impl Fn(&Shelf, &crate::snapshot::Name) -> Result<String, StoreError>,
) -> Result<Exit, Failure> {
    let waiting = chosen(shelves, &args.names)?;
    if waiting.is_empty() {
        terminal.say("nothing waits\n");
    }
    let mut exit = Exit::Pass;
    for (shelf, name) in waiting {
        match decide(shelf, &name) {
            Ok(told) => terminal.say(&told),
            Err(error) => {
                let failure = failed(&error);
                terminal.complain(&failure.text);
                if exit == Exit::Pass {
                    exit = failure.exit;
                }
            }
        }
    }
    Ok(exit)
}
