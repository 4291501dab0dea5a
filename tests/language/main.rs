//! The scenario language, word by word: every key, check and matcher passes when it should and fails when it should, and
//! what is said then stands in a golden file.
//!
//! Cases are YAML, not Rust. Those that run lie in `suite/` and `promises/`, and are run once each by the program against
//! a server that says what it is told to ([`talker`]). Those that are refused lie in `refused/`: several cases in a file,
//! each with files of its own ([`refused`]). What becomes of a case is the first word of its row, or of the last part of
//! its id: `check.status` row `fails-on-another`, or `step.when.skips-where-it-does-not-hold`. What stands before is what
//! the case is about: `check.NAME`, `matcher.NAME`, `source.NAME`, `step.KEY`, `scenario.KEY`, `name.NAME`.

#[cfg(test)]
mod complete;
#[cfg(test)]
mod corpus;
#[cfg(test)]
mod judged;
#[cfg(test)]
mod refused;
#[cfg(test)]
mod talker;
#[cfg(test)]
mod tree;
