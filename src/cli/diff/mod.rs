//! `assize diff`: what became of each case between two recorded runs.

mod command;
mod compare;
mod pace;
mod recorded;
mod text;

pub(super) use command::execute;
