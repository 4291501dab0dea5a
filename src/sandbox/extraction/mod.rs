//! Data extraction: jobs that are accepted by 202, run by the tenant's clock, and end with a file.

mod job;
mod jobs;
mod request;

pub(crate) use job::{ExtractionJob, JobStatus};
pub(crate) use jobs::Extractions;
pub(crate) use request::ExtractionRequest;
