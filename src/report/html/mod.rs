//! One HTML page that needs nothing else: verdict, what was not tested, the matrix of requirements, and every case with
//! what was sent and what came back.
//!
//! A case is drawn when it has ended and kept in a file beside the report ([`super::artefact::Spill`]), so that memory
//! stays flat; the page is put together in the order of the plan when the run has ended. Everything stands in the page
//! as text and opens without JavaScript; the script only filters, finds and folds. What a case that passed did, and in a
//! large run any case, stands in a `noscript`: a browser with scripts reads it as one text, which the script draws when
//! the case is opened, so that a page of thousands of cases opens at once; a browser without them draws it like
//! everything else.
//!
//! Whatever a suite or an endpoint wrote is [`shown::Shown`] before a template sees it, templates escape, and the page's
//! policy lets no other style or script run and fetches nothing. How much is told of a case stands in [`fidelity`].

mod body;
mod case;
mod detail;
mod diff;
mod exchange;
mod fidelity;
mod finding;
mod gaps;
mod matrix;
mod page;
mod prose;
mod read_back;
mod remark;
mod reporter;
mod sequence;
mod shown;
mod snapshot;
mod templates;
#[cfg(test)]
mod tests;

pub use reporter::Html;
