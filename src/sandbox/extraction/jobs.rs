use std::collections::VecDeque;

use super::{ExtractionJob, ExtractionRequest};
use crate::clock::{Rng, Timestamp};
use crate::sandbox::tenant::Entropy;

/// How many jobs are remembered.
const MOST_JOBS: usize = 1000;

/// Every data-extraction job of a tenant.
pub(crate) struct Extractions {
    jobs: VecDeque<ExtractionJob>,
    rng: Rng,
}

impl Extractions {
    /// None was started.
    pub(crate) fn new(entropy: &Entropy) -> Self {
        Self { jobs: VecDeque::new(), rng: entropy.stream("extractions") }
    }

    /// Starts a job and gives its id.
    pub(crate) fn run(&mut self, request: ExtractionRequest, now: Timestamp) -> String {
        if self.jobs.len() == MOST_JOBS {
            self.jobs.pop_front();
        }
        let id = self.rng.uuid();
        self.jobs.push_back(ExtractionJob { id: id.clone(), request, started: now });
        id
    }

    /// The job of this id.
    pub(crate) fn job(&self, id: &str) -> Option<&ExtractionJob> {
        self.jobs.iter().find(|job| job.id.eq_ignore_ascii_case(id))
    }

    /// Every job, oldest first.
    pub(crate) fn all(&self) -> impl Iterator<Item = &ExtractionJob> {
        self.jobs.iter()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::JobStatus;
    use super::*;
    use crate::sandbox::wire::Params;

    #[test]
    fn a_job_runs_succeeds_and_expires() {
        let (mut jobs, now) = (Extractions::new(&Entropy::from_seed(1)), Timestamp::from_millis(0));
        let form = b"entityName=a&version=1&startDate=2024-01-01&endDate=2024-01-02";
        let id = jobs.run(ExtractionRequest::read(&Params::from_form(form)).unwrap(), now);
        let after = |hours| jobs.job(&id).map(|job| job.status(now.plus(Duration::from_hours(hours))));
        assert_eq!(
            [after(0), after(1), after(25)],
            [Some(JobStatus::Running), Some(JobStatus::Succeeded), Some(JobStatus::Expired)]
        );
    }
}
