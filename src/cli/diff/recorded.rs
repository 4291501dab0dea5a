use std::collections::BTreeMap;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use crate::cli::failure::Failure;
use crate::event::{CaseId, Event, LogReader, Purpose, RunRecord, StepPath};

/// A step of a case.
pub(super) type StepKey = (CaseId, StepPath);

/// A run as its log tells it, without what was sent and received.
#[derive(Debug, Default)]
pub(super) struct Recorded {
    pub(super) record: RunRecord,
    /// How long the endpoint took to answer each step, in microseconds; of a case that was tried again, in its last try.
    pub(super) took: BTreeMap<StepKey, u64>,
}

impl Recorded {
    /// Reads a log.
    pub(super) fn read(path: &Path) -> Result<Self, Failure> {
        let shown = path.display();
        let file = File::open(path).map_err(|error| Failure::usage(format!("`{shown}` cannot be read: {error}")))?;
        let mut found = Self::default();
        for event in LogReader::new(BufReader::new(file)) {
            let event = event.map_err(|error| Failure::usage(format!("`{shown}`: {error}")))?;
            if event.seq == 0 && !matches!(event.body, Event::RunStarted { .. }) {
                return Err(Failure::usage(format!("`{shown}` does not begin with the start of a run")));
            }
            match &event.body {
                Event::ExchangeDone { case, step, purpose, exchange, .. } => {
                    found.note(case, step.as_ref(), *purpose, exchange.timing.total_us);
                    continue;
                }
                Event::CaseStarted { case, .. } => found.took.retain(|(of, _), _| of != case),
                Event::RunStarted { .. }
                | Event::SetupFinished { .. }
                | Event::StepStarted { .. }
                | Event::StepFinished { .. }
                | Event::CaseFinished { .. }
                | Event::Waited { .. }
                | Event::UndoFinished { .. }
                | Event::CancelBegun { .. }
                | Event::RunFinished(_) => {}
            }
            found.record.fold(&event);
        }
        if found.record.suite.is_none() {
            return Err(Failure::usage(format!("`{shown}` holds no run")));
        }
        Ok(found)
    }

    /// Of a step that polls, the slowest attempt counts: how often it was asked says nothing of how fast it answers.
    fn note(&mut self, case: &CaseId, step: Option<&StepPath>, purpose: Purpose, micros: u64) {
        match purpose {
            Purpose::Step | Purpose::Attempt | Purpose::Member => {
                if let Some(step) = step {
                    let known = self.took.entry((case.clone(), step.clone())).or_default();
                    *known = (*known).max(micros);
                }
            }
            Purpose::Token | Purpose::Setup | Purpose::Teardown | Purpose::Undo | Purpose::Probe => {}
        }
    }
}
