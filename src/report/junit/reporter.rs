use std::collections::BTreeMap;
use std::io::{self, Write as _};

use junit_report::ReportBuilder;

use crate::event::{CaseId, Event, OutcomeClass, RunRecord, Stamped};
use crate::report::artefact::Artefact;
use crate::report::detail::{Look, case_block};
use crate::report::{Paint, Reporter};

use super::complete::complete;
use super::read_back::read_back;
use super::testsuite::{Counts, build, extras};

/// A run as JUnit XML, written when the run has ended.
#[derive(Debug)]
pub struct Junit {
    artefact: Artefact,
    record: RunRecord,
    told: BTreeMap<CaseId, String>,
}

/// How much of a body stands in a report.
const LOOK: Look = Look { paint: Paint::Plain, body_lines: 200, body_bytes: 12 * 1024 };

impl Junit {
    pub(in crate::report) fn new(artefact: Artefact) -> Self {
        Self { artefact, record: RunRecord::default(), told: BTreeMap::new() }
    }

    fn tell(&mut self, id: &CaseId) {
        let Some(case) = self.record.case(id) else { return };
        let outcome = case.outcome_or_unfinished();
        if !matches!(outcome.class(), OutcomeClass::Passed | OutcomeClass::Skipped) {
            self.told.insert(id.clone(), case_block(&self.record, case, &outcome, LOOK));
        }
    }
}

impl Reporter for Junit {
    fn on_event(&mut self, event: &Stamped) -> io::Result<()> {
        self.record.fold(event);
        if let Event::CaseFinished { case, again: false, .. } = &event.body {
            self.tell(case);
            self.record.forget_exchanges(case);
        }
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        if self.record.suite.is_none() {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "no event says what was run"));
        }
        let open = self.record.cases.iter().filter(|case| case.outcome.is_none());
        for id in open.map(|case| case.head.id.clone()).collect::<Vec<_>>() {
            self.tell(&id);
        }
        let mut xml = Vec::new();
        let report = ReportBuilder::new().add_testsuite(build(&self.record, &self.told)).build();
        report.write_xml(&mut xml).map_err(io::Error::other)?;
        let expected = Counts::of_record(&self.record);
        self.artefact.write_all(&complete(&xml, &extras(&self.record))?)?;
        self.artefact.commit(|file| read_back(file, expected))
    }
}
