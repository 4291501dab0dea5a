use std::collections::BTreeMap;
use std::io::{self, Write as _};

use crate::event::{CaseId, Event, RunRecord, Stamped};
use crate::report::Reporter;
use crate::report::artefact::{Artefact, Piece, Spill};

use super::case::CaseView;
use super::fidelity::Budget;
use super::page::PageView;
use super::read_back::read_back;
use super::sequence::Arrivals;
use super::templates::{ASSETS, Part};

/// A run as one HTML page, put together when the run has ended.
#[derive(Debug)]
pub struct Html {
    artefact: Artefact,
    spill: Spill,
    record: RunRecord,
    budget: Budget,
    pieces: BTreeMap<CaseId, Piece>,
    /// For each case under way, for each of its tries, when its exchanges ended.
    arrivals: BTreeMap<CaseId, BTreeMap<usize, Arrivals>>,
}

impl Html {
    pub(in crate::report) fn new(artefact: Artefact, spill: Spill) -> Self {
        Self {
            artefact,
            spill,
            record: RunRecord::default(),
            budget: Budget::default(),
            pieces: BTreeMap::new(),
            arrivals: BTreeMap::new(),
        }
    }

    /// Notes when an exchange ended.
    fn time(&mut self, event: &Stamped) {
        if let Event::ExchangeDone { case, exchange, .. } = &event.body
            && let Some(known) = self.record.case(case)
        {
            let attempt = known.tries.len().saturating_sub(1);
            let tries = self.arrivals.entry(case.clone()).or_default();
            tries.entry(attempt).or_default().insert(exchange.id, event.elapsed_us);
        }
    }

    /// The case at a place of the plan, drawn.
    fn draw(&mut self, number: usize) -> io::Result<String> {
        let case = &self.record.cases[number];
        let class = case.outcome_or_unfinished().class();
        let arrivals = self.arrivals.remove(&case.head.id).unwrap_or_default();
        let view = CaseView::new(&self.record, (number, case), &arrivals, self.budget.fidelity(class));
        let html = Part::Case.render(&view)?;
        self.budget.spend(class, html.len());
        Ok(html)
    }
}

impl Reporter for Html {
    fn on_event(&mut self, event: &Stamped) -> io::Result<()> {
        self.record.fold(event);
        self.time(event);
        if let Event::CaseFinished { case, again: false, .. } = &event.body
            && let Some(number) = self.record.position(case)
        {
            let html = self.draw(number)?;
            let piece = self.spill.push(html.as_bytes())?;
            self.pieces.insert(case.clone(), piece);
            self.record.forget_exchanges(case);
        }
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        if self.record.suite.is_none() {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "no event says what was run"));
        }
        let page = PageView::new(&self.record, &ASSETS);
        self.artefact.write_all(Part::Head.render(&page)?.as_bytes())?;
        for number in 0..self.record.cases.len() {
            if let Some(piece) = self.pieces.get(&self.record.cases[number].head.id) {
                self.spill.copy(*piece, &mut self.artefact)?;
            } else {
                let html = self.draw(number)?;
                self.artefact.write_all(html.as_bytes())?;
            }
        }
        self.artefact.write_all(Part::Foot.render(&page)?.as_bytes())?;
        let totals = self.record.totals();
        self.artefact.commit(|file| read_back(file, &totals))
    }
}
