//! Snapshots on the command line: what a run writes, and how a person decides on it.

mod command;
mod decide;
mod keeper;
mod list;
mod mode;
mod prune;
mod review;
mod shelf;

pub(super) use command::execute;
pub(super) use keeper::{Keeper, Kept};
pub(super) use mode::{frozen, mode};
pub(super) use shelf::store_of;
