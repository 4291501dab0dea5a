//! Tries a case: which request comes next, what an answer sets, what every check says of it, how the case ends. Pure.
//!
//! A [`Trial`] does nothing itself: it says what is to be done ([`Act`]), and is told what came of it. The live run does
//! it over the network; replay gives it the exchanges of a record. Both get the same findings, because both ask the same
//! trial: the verdict is a function of the suite and the record. Depends on `plan`, `suite`, `judge`, `value`, `event`,
//! `diag` and `clock`.

mod act;
mod again;
mod around;
mod capture;
mod draft;
mod ending;
mod frame;
mod poll;
mod recorder;
mod rehearsal;
mod scope;
mod settle;
mod shelf;
mod step;
#[cfg(test)]
mod tests;
mod together;
#[expect(clippy::module_inception, reason = "a trial is what this room is about, and its own concept in it")]
mod trial;
mod undo;
mod undos;
mod waiving;
mod weigh;

pub use act::{Act, MemberAct, MemberCame, Order, Sending, SetMember};
pub use again::{Retrial, RetrialError, retry, setup_failure};
pub use around::{SETUP, TEARDOWN, secret_among};
pub use draft::{Draft, DraftBody, DraftPart, Shown};
pub use ending::{Ending, after_tries};
pub use rehearsal::{Played, Rehearsal, StepEnd};
pub use trial::Trial;
pub use undo::{PendingUndo, UndoAct};
