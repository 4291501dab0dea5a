use std::collections::BTreeMap;

use super::{JobId, ReportJob, RunRequest};
use crate::clock::Timestamp;
use crate::sandbox::tenant::Report;

/// How many jobs are remembered.
const MOST_JOBS: usize = 5_000;
/// The number before that of the first job.
const FIRST_NUMBER: u32 = 70_000;

/// Every report job of a tenant.
#[derive(Default)]
pub(crate) struct ReportJobs {
    jobs: BTreeMap<JobId, ReportJob>,
    started: u32,
}

impl ReportJobs {
    /// Starts a job.
    pub(crate) fn run(&mut self, report: &'static Report, request: RunRequest, now: Timestamp) -> JobId {
        self.started += 1;
        let id = JobId(FIRST_NUMBER + self.started);
        self.jobs.insert(id, ReportJob { id, report, request, started: now });
        if self.jobs.len() > MOST_JOBS {
            self.jobs.pop_first();
        }
        id
    }

    /// The job of this number.
    pub(crate) fn job(&self, id: JobId) -> Option<ReportJob> {
        self.jobs.get(&id).copied()
    }

    /// Every job, oldest first.
    pub(crate) fn all(&self) -> impl Iterator<Item = &ReportJob> {
        self.jobs.values()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::JobState;
    use super::*;
    use crate::sandbox::wire::Params;

    #[test]
    fn a_job_is_queued_then_runs_then_has_finished() {
        let (mut jobs, now) = (ReportJobs::default(), Timestamp::from_millis(0));
        let request = RunRequest::read(&Params::default()).unwrap();
        let id = jobs.run(&Report { id: 501, name: "Agent Summary" }, request, now);
        let after = |millis| jobs.job(id).map(|job| job.state(now.plus(Duration::from_millis(millis))));
        assert_eq!(
            [after(0), after(500), after(1000)],
            [Some(JobState::Queued), Some(JobState::Running), Some(JobState::Finished)]
        );
        assert_eq!(jobs.job(id).map(|job| job.file_name()), Some("Agent_Summary_19700101.csv".to_owned()));
    }
}
