//! `assize run --watch`: runs again what a changed file touches, until somebody stops it.

mod command;
mod files;
mod touched;
mod woken;

pub(super) use command::execute;
pub(super) use touched::Touched;
