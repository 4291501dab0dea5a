//! Asks of a suite what it would catch: breaks recorded answers, one thing at a time, and tells what nobody noticed. Pure.
//!
//! A recorded run is judged again with one answer changed: another status, a member dropped, a list emptied, an id that
//! was given before. A change that no check notices is a *survivor*: an endpoint could break in just that way, and the
//! suite would stay green. Nothing is sent. Depends on `trial`, `plan`, `suite`, `judge`, `value` and `event`.

mod members;
mod mutant;
mod mutate;
mod mutation;
mod survey;

pub use mutant::Mutant;
pub use mutate::mutants;
pub use mutation::{Gravity, Mutation, Place};
pub use survey::{Score, Survey, Survivor, survey};
