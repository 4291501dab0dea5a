//! JSON Schemas (draft 2020-12) of a suite: read, linted and compiled once, and the messages for what breaks them.
//!
//! A schema refers to others of the suite by file name only; nothing is fetched and no file is read. Keywords and formats
//! that are not known are errors, formats are asserted, and patterns take linear time. The one place that knows the crate
//! `jsonschema`.

mod branch;
mod compiled;
mod contradiction;
mod cycle;
mod described;
mod doubt;
#[cfg(test)]
mod exact;
#[cfg(test)]
mod findings;
mod hint;
mod hint_format;
mod keyword;
mod lint;
mod locate;
mod message;
mod multiple;
#[cfg(test)]
mod official;
mod origin;
mod part;
mod reference;
mod rule;
mod schemas;
mod sentence;
#[cfg(test)]
mod table;
mod written;

pub use compiled::Schema;
pub(super) use compiled::Verdict;
pub(super) use lint::FORMATS;
pub(super) use message::Violation;
pub(super) use reference::SchemaRef;
pub use schemas::{SchemaFile, Schemas};
pub(super) use written::Places;
