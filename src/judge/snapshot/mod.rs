//! An answer as a text that is the same in every run, and the check that compares it with the accepted one.
//!
//! [`render`] puts names in the place of values that differ from run to run; [`Snapshots`] is what it must know of the
//! case for that. The text is made from the exact tree and never passes through a library's values: they would round
//! numbers. Files, their format and differences are for [`crate::snapshot`].

mod asked;
mod check;
mod drawing;
mod form;
mod origins;
mod passage;
mod render;
mod shape;
mod stand_ins;
#[cfg(test)]
mod tests;
mod values;

pub use asked::{SnapshotAsked, SnapshotName};
pub(in crate::judge) use check::parse;
pub use stand_ins::{Snapshots, StandIns};
