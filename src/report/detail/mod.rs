//! A case that did not simply pass, told so that its cause is found: shared by the console and JUnit.

mod body;
mod case;
mod exchange;
mod finding;
mod headline;
mod snippet;
mod trace;

pub(super) use case::{Depth, Look, case_block};
pub(super) use headline::{Headline, headline};
