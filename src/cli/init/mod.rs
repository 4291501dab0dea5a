//! `assize init`: a suite to begin with.

mod command;
mod copy;
mod probe;
mod sprout;
mod written;

pub(super) use command::execute;
