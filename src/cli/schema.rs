use crate::suite::json_schema;

use super::Exit;
use super::args::SchemaArgs;
use super::failure::Failure;
use super::terminal::Terminal;

/// `assize schema`.
pub(super) fn execute(args: &SchemaArgs, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let text = serde_json::to_string_pretty(&json_schema(args.kind)).map_err(Failure::internal)?;
    terminal.say(&format!("{text}\n"));
    Ok(Exit::Pass)
}
