//! A run made by hand, put through every report.

mod counts;
mod files;
mod golden;
pub(super) mod hostile;
pub(super) mod run;
mod schemas;
