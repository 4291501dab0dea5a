//! A run made by hand, put through every report.

mod counts;
mod files;
mod golden;
mod hostile;
pub(super) mod run;
