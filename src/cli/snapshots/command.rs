use crate::cli::Exit;
use crate::cli::args::{SnapshotsArgs, SnapshotsCommand};
use crate::cli::failure::Failure;
use crate::cli::terminal::Terminal;

use super::shelf::Shelf;
use super::{decide, list, prune, review};

/// `assize snapshots`.
pub(in crate::cli) fn execute(args: &SnapshotsArgs, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let shelves = Shelf::find(args.suite.as_deref())?;
    match &args.command {
        SnapshotsCommand::List { format } => list::execute(&shelves, *format, terminal),
        SnapshotsCommand::Review => review::execute(&shelves, terminal),
        SnapshotsCommand::Accept(names) => decide::accept(&shelves, names, terminal),
        SnapshotsCommand::Reject(names) => decide::reject(&shelves, names, terminal),
        SnapshotsCommand::Prune { dry_run: true } => prune::show(&shelves, terminal),
        SnapshotsCommand::Prune { dry_run: false } => prune::execute(&shelves, terminal),
    }
}
