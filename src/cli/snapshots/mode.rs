use crate::event::SnapshotMode;

use crate::cli::args::{RunArgs, SnapshotChoice};
use crate::cli::failure::Failure;

/// What a run does with snapshots. In CI nothing is ever written, whatever else is asked for: what nobody has looked at
/// must not be accepted there, and a gate that writes what it compares with cannot fail twice.
pub(in crate::cli) fn mode(args: &RunArgs) -> Result<SnapshotMode, Failure> {
    match (args.snapshots, frozen(args)) {
        (Some(SnapshotChoice::New | SnapshotChoice::Accept), Some(why)) => {
            Err(Failure::usage(format!("{why}, so that no snapshot is written: `--snapshots` can only be `verify`")))
        }
        (Some(SnapshotChoice::Verify), _) | (None, Some(_)) => Ok(SnapshotMode::Verify),
        (Some(SnapshotChoice::New) | None, None) => Ok(SnapshotMode::New),
        (Some(SnapshotChoice::Accept), None) => Ok(SnapshotMode::Accept),
    }
}

/// Why nothing is kept of a run but its reports, where that is so.
pub(in crate::cli) fn frozen(args: &RunArgs) -> Option<&'static str> {
    let of_ci = std::env::var("CI").is_ok_and(|value| !matches!(value.as_str(), "" | "0" | "false"));
    match (args.frozen, of_ci) {
        (true, _) => Some("`--frozen` is given"),
        (false, true) => Some("`CI` is set"),
        (false, false) => None,
    }
}
