use crate::suite::{Kind, json_schema};

use super::Exit;
use super::args::SchemaArgs;
use super::failure::Failure;
use super::terminal::Terminal;

/// What has a schema.
#[derive(Clone, Copy, Debug)]
pub(super) enum SchemaKind {
    /// A kind of file that people write.
    File(Kind),
    /// What a command prints with `--format json`: the text of its schema.
    Output(&'static str),
}

/// Pairs the name of each schema of an output with its text.
macro_rules! outputs {
    ($($name:literal)+) => {
        [$((concat!("output/", $name), include_str!(concat!("../../docs/schema/output/", $name, ".json")))),+]
    };
}

/// The schemas of all outputs. They are written by hand, and tests compare them with what is printed.
const OUTPUTS: [(&str, &str); 13] = outputs![
    "check" "coverage" "defects" "diff" "dry-run" "event" "explain" "list" "prove" "requirements" "sandbox" "snapshots"
    "survivors"
];

impl SchemaKind {
    /// All names.
    pub(super) fn names() -> Vec<&'static str> {
        Kind::ALL.map(Kind::as_str).into_iter().chain(OUTPUTS.map(|(name, _)| name)).collect()
    }

    /// What has this name.
    pub(super) fn named(name: &str) -> Option<Self> {
        let file = Kind::ALL.into_iter().find(|kind| kind.as_str() == name).map(Self::File);
        let output = || OUTPUTS.into_iter().find(|(known, _)| *known == name);
        file.or_else(|| output().map(|(_, text)| Self::Output(text)))
    }
}

/// `assize schema`.
pub(super) fn execute(args: &SchemaArgs, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let text = match args.kind {
        SchemaKind::File(kind) => serde_json::to_string_pretty(&json_schema(kind)).map_err(Failure::internal)?,
        SchemaKind::Output(text) => text.trim_end().to_owned(),
    };
    terminal.say(&format!("{text}\n"));
    Ok(Exit::Pass)
}
