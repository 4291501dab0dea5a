use std::time::Duration;

use super::ExtractionRequest;
use crate::clock::Timestamp;

/// How long a job runs. [INF]
const RUNS: Duration = Duration::from_secs(1);
/// How long its data is kept (NICE documentation, data extraction).
const KEPT: Duration = Duration::from_hours(24);

/// How far a job is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum JobStatus {
    Running,
    Succeeded,
    Expired,
}

impl JobStatus {
    /// The word for it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Running => "RUNNING",
            Self::Succeeded => "SUCCEEDED",
            Self::Expired => "EXPIRED",
        }
    }
}

/// One extraction of data.
#[derive(Clone, Debug)]
pub(crate) struct ExtractionJob {
    pub(crate) id: String,
    pub(crate) request: ExtractionRequest,
    pub(crate) started: Timestamp,
}

impl ExtractionJob {
    /// How far it is.
    pub(crate) fn status(&self, now: Timestamp) -> JobStatus {
        let age = now.since(self.started);
        if age < RUNS {
            JobStatus::Running
        } else if age < RUNS + KEPT {
            JobStatus::Succeeded
        } else {
            JobStatus::Expired
        }
    }
}
