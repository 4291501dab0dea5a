//! A case that did not simply pass, told so that its cause is found: shared by all reports for people.

mod body;
mod case;
mod exchange;
mod finding;
mod headline;
mod snippet;
mod trace;

pub(super) use body::body_lines;
pub(super) use case::{Depth, Look, blamed, case_block, spoken_of};
pub(super) use exchange::status_line;
pub(super) use finding::{caret_label, standing};
pub(super) use headline::{Headline, adverse, headline, told_try};
pub(super) use snippet::{Caret, caret, is_known};
pub(super) use trace::sent;
