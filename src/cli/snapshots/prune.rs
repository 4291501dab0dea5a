use crate::cli::Exit;
use crate::cli::failure::Failure;
use crate::cli::terminal::Terminal;
use crate::snapshot::{Held, Name};

use super::shelf::{Shelf, failed};

/// What lies here under a name that no step has: accepted, or waiting.
pub(super) fn orphans(shelf: &Shelf, terminal: &mut Terminal) -> Result<Vec<(Name, Held)>, Failure> {
    let held = shelf.store.held().map_err(|error| failed(&error))?;
    if held.is_empty() {
        return Ok(Vec::new());
    }
    let known = shelf.known(terminal)?;
    Ok(held.into_iter().filter(|(name, _)| !known.contains(name)).collect())
}

/// `assize snapshots prune --dry-run`.
pub(super) fn show(shelves: &[Shelf], terminal: &mut Terminal) -> Result<Exit, Failure> {
    each(shelves, terminal, "would remove", |_, _, _| Ok(()))
}

/// `assize snapshots prune`.
pub(super) fn execute(shelves: &[Shelf], terminal: &mut Terminal) -> Result<Exit, Failure> {
    each(shelves, terminal, "removed", |shelf, name, is_pending| {
        let done = if is_pending { shelf.store.reject(name) } else { shelf.store.remove(name) };
        done.map(drop).map_err(|error| failed(&error))
    })
}

fn each(
    shelves: &[Shelf],
    terminal: &mut Terminal,
    word: &str,
    remove: impl Fn(&Shelf, &Name, bool) -> Result<(), Failure>,
) -> Result<Exit, Failure> {
    let mut count = 0;
    for shelf in shelves {
        for (name, held) in orphans(shelf, terminal)? {
            let files = [(held.accepted, name.file(), false), (held.pending, name.pending_file(), true)];
            for (_, file, is_pending) in files.into_iter().filter(|(is_there, ..)| *is_there) {
                remove(shelf, &name, is_pending)?;
                count += 1;
                terminal.say(&format!("{word} {}\n", shelf.path(&file)));
            }
        }
    }
    if count == 0 {
        terminal.say("every snapshot is referred to by a step\n");
    }
    Ok(Exit::Pass)
}
