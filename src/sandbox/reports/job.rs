use std::time::Duration;

use super::RunRequest;
use crate::clock::Timestamp;
use crate::sandbox::tenant::Report;

/// How long a job waits for its turn.
const QUEUED: Duration = Duration::from_millis(250);
/// How long it is from the request to the file.
const FINISHED: Duration = Duration::from_secs(1);

/// The number of a report job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct JobId(pub(crate) u32);

/// How far a job is. The reference does not name the states; these are the tenant's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum JobState {
    Queued,
    Running,
    Finished,
}

impl JobState {
    /// The word for it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Queued => "Queued",
            Self::Running => "Running",
            Self::Finished => "Finished",
        }
    }
}

/// One run of a report.
#[derive(Clone, Copy)]
pub(crate) struct ReportJob {
    pub(crate) id: JobId,
    pub(crate) report: &'static Report,
    pub(crate) request: RunRequest,
    pub(crate) started: Timestamp,
}

impl ReportJob {
    /// How far it is.
    pub(crate) fn state(&self, now: Timestamp) -> JobState {
        let age = now.since(self.started);
        if age < QUEUED {
            JobState::Queued
        } else if age < FINISHED {
            JobState::Running
        } else {
            JobState::Finished
        }
    }

    /// When it ends, or ended.
    pub(crate) fn ends(&self) -> Timestamp {
        self.started.plus(FINISHED)
    }

    /// When its file is deleted.
    pub(crate) fn deleted(&self) -> Timestamp {
        self.ends().plus(Duration::from_secs(u64::from(self.request.delete_after) * 86_400))
    }

    /// The name of its file.
    pub(crate) fn file_name(&self) -> String {
        let name = self.report.name.replace(' ', "_");
        let ending = self.request.file_type.ending();
        if self.request.date {
            format!("{name}_{}.{ending}", self.started.format("%Y%m%d"))
        } else {
            format!("{name}.{ending}")
        }
    }
}
