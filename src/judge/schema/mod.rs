//! JSON Schemas (draft 2020-12) of a suite: read, linted and compiled once, and the messages for what breaks them.
//!
//! A schema refers to others of the suite by file name only; nothing is fetched and no file is read. Keywords and formats
//! that are not known are errors, formats are asserted, and patterns take linear time. The one place that knows the crate
//! `jsonschema`.

mod compiled;
mod cycle;
mod described;
mod keyword;
mod lint;
mod locate;
mod message;
mod origin;
mod part;
mod reference;
mod schemas;
#[cfg(test)]
mod table;

pub use compiled::Schema;
pub(super) use compiled::Verdict;
pub(super) use reference::SchemaRef;
pub use schemas::{SchemaFile, Schemas};
