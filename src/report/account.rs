use std::collections::BTreeMap;
use std::io;

use crate::event::{CaseId, CaseRecord, Event, Outcome, OutcomeClass, RunRecord, Stamped};

use super::detail::{Headline, Look, case_block, headline};

/// A run as reports of text take it in: its record without what was sent, and the text of each case that did not simply
/// pass, written when the case ended, so that memory stays flat.
#[derive(Debug)]
pub(super) struct Account {
    look: Look,
    record: RunRecord,
    told: BTreeMap<CaseId, String>,
}

impl Account {
    /// An empty account, whose texts look so.
    pub(super) fn new(look: Look) -> Self {
        Self { look, record: RunRecord::default(), told: BTreeMap::new() }
    }

    /// Takes in one event.
    pub(super) fn hear(&mut self, event: &Stamped) {
        self.record.fold(event);
        if let Event::CaseFinished { case, again: false, .. } = &event.body {
            self.tell(case);
            self.record.forget_exchanges(case);
        }
    }

    /// Writes the texts of cases that did not end.
    ///
    /// # Errors
    /// The run never began, so there is nothing to tell.
    pub(super) fn close(&mut self) -> io::Result<()> {
        if self.record.suite.is_none() {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "no event says what was run"));
        }
        let open = self.record.cases.iter().filter(|case| case.outcome.is_none());
        for id in open.map(|case| case.head.id.clone()).collect::<Vec<_>>() {
            self.tell(&id);
        }
        Ok(())
    }

    /// The record.
    pub(super) fn record(&self) -> &RunRecord {
        &self.record
    }

    /// The texts, by case; visible already.
    pub(super) fn told(&self) -> &BTreeMap<CaseId, String> {
        &self.told
    }

    /// Why a case ended as it did: a code, and a message that is not visible yet; of one that passed, its class alone.
    pub(super) fn headline(&self, case: &CaseRecord, outcome: &Outcome) -> Headline {
        let plain = || Headline { code: outcome.class().as_str().to_owned(), message: String::new() };
        headline(&self.record, case, outcome).unwrap_or_else(plain)
    }

    fn tell(&mut self, id: &CaseId) {
        let Some(case) = self.record.case(id) else { return };
        let outcome = case.outcome_or_unfinished();
        if !matches!(outcome.class(), OutcomeClass::Passed | OutcomeClass::Skipped) {
            self.told.insert(id.clone(), case_block(&self.record, case, &outcome, self.look));
        }
    }
}
