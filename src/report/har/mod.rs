//! HTTP Archive 1.2: every exchange of a run, for tools that show or replay traffic.
//!
//! A page for each case, its id the case's; each exchange an entry of its case's page. Secrets are handles, as in every
//! report, so an archive can be shown to anyone the event log can. What HAR has no place for stands in members whose names
//! begin with an underscore, as the format asks for. An exchange without an answer has status 0 and says why in `_error`.

mod entry;
mod reporter;

pub use reporter::Har;
