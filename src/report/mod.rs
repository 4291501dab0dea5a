//! What people and machines read of a run: the console, JUnit, HTML, GitHub's annotations, Markdown, TAP, CTRF, HAR, the
//! record as JSON, the event log.
//!
//! Every report is a pure rendering of events: it hears them one by one through [`Reporter`], and [`Fanout`] sees to it
//! that one that fails starves no other. Files are opened before the first request, have their name only when they are
//! whole, and are read back. Whatever a suite or an endpoint wrote passes one encoder on its way, so that neither a
//! terminal nor a CI system nor an XML parser obeys it. A new kind of file is a file here and its lines in [`Kind`].
//! May depend on `snapshot`, `event`, `diag`, `value` and `clock`; knows no argv, no environment and no exit code.
//!
//! ```
//! use assize::report::{BadReport, Kind, ReportSpec};
//!
//! let spec: ReportSpec = "junit=target/report.xml".parse()?;
//! assert_eq!(spec.kind, Kind::Junit);
//! # Ok::<(), BadReport>(())
//! ```

mod account;
mod artefact;
mod beyond;
mod chapters;
mod console;
mod ctrf;
mod curl;
mod destination;
mod detail;
mod difference;
mod fanout;
mod gate;
mod github;
mod har;
mod html;
mod json;
mod json_text;
mod junit;
mod kind;
mod log;
mod markdown;
mod not_run;
mod paint;
mod reporter;
mod shell;
mod stability;
mod tap;
#[cfg(test)]
mod tests;
mod visible;
mod waived;
mod whole;
mod words;

pub use console::{Console, Exchanges, Notes, Progress, verdict_line};
pub use ctrf::Ctrf;
pub use destination::Destination;
pub use difference::draw_difference;
pub use fanout::{Fanout, ReportFailure, ReportName};
pub use github::Github;
pub use har::Har;
pub use html::Html;
pub use json::JsonRecord;
pub use junit::{Junit, attribute as junit_attribute};
pub use kind::{BadReport, Kind, ReportSpec};
pub use log::{EventLog, EventStream};
pub use markdown::Markdown;
pub use paint::{Paint, Role};
pub use reporter::Reporter;
pub use tap::Tap;
pub use whole::WholeReport;
