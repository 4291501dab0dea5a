//! The record of a run as one JSON document: for programs that want the whole and would not fold the event log.
//!
//! What it holds is told by `docs/schema/record.json`. `format` changes when a reader of an older document could take a
//! newer one for something else; new members come without it. A case is written when it has ended, its exchanges with it.

mod case;
mod reporter;

pub use reporter::JsonRecord;
