//! One HTML page that needs nothing else: verdict, what was not tested, the matrix of requirements, and every case with
//! what was sent and what came back.
//!
//! A case is drawn when it has ended and kept in a file beside the report ([`super::artefact::Spill`]), so that memory
//! stays flat; the page is put together in the order of the plan when the run has ended. Everything stands in the page
//! as text and opens without JavaScript; the script only filters, finds and folds. Whatever a suite or an endpoint wrote
//! is [`shown::Shown`] before a template sees it, templates escape, and the page's policy lets no other style or script
//! run and fetches nothing. How much is told of a case stands in [`fidelity`].

mod body;
mod case;
mod diff;
mod exchange;
mod fidelity;
mod finding;
mod gaps;
mod matrix;
mod page;
mod read_back;
mod reporter;
mod sequence;
mod shown;
mod templates;
#[cfg(test)]
mod tests;

pub use reporter::Html;
