//! Report jobs: accepted by 202, run by the tenant's clock, and a file at the end.

mod file;
mod job;
mod jobs;
mod run_request;

pub(crate) use file::{contents, mime};
pub(crate) use job::{JobId, JobState, ReportJob};
pub(crate) use jobs::ReportJobs;
pub(crate) use run_request::{FileType, RunRequest};
