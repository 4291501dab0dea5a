use std::collections::BTreeMap;
use std::io::{self, Write};
use std::time::Duration;

use crate::event::{CaseId, Event, Outcome, OutcomeClass, RunRecord, Stamped};
use crate::report::detail::{Look, case_block};
use crate::report::{Paint, Reporter};

use super::progress::{Bar, Progress};
use super::{Exchanges, Notes, exchanges, line, notes, summary};

/// Tells of a run on a terminal. Of a case that passed only its line is kept, of any other its text.
#[derive(Debug)]
pub struct Console<W: Write> {
    out: W,
    paint: Paint,
    bar: Bar,
    record: RunRecord,
    told: BTreeMap<CaseId, String>,
    width: usize,
    notes: Notes,
    exchanges: Exchanges,
}

/// How much of a body stands on a terminal.
const BODY_LINES: usize = 30;
const BODY_BYTES: usize = 4 * 1024;
/// Ids longer than this do not push the columns of all others.
const MOST_WIDTH: usize = 56;

impl<W: Write> Console<W> {
    /// A console that writes to `out`, which is stdout.
    pub fn new(out: W, paint: Paint, progress: Progress) -> Self {
        let record = RunRecord::default();
        Self {
            out,
            paint,
            bar: Bar::new(progress),
            record,
            told: BTreeMap::new(),
            width: 0,
            notes: Notes::Counted,
            exchanges: Exchanges::Untold,
        }
    }

    /// The same, telling so much of notes.
    #[must_use]
    pub fn with_notes(self, notes: Notes) -> Self {
        Self { notes, ..self }
    }

    /// The same, telling so much of what was sent and received.
    #[must_use]
    pub fn with_exchanges(self, exchanges: Exchanges) -> Self {
        Self { exchanges, ..self }
    }

    fn say(&mut self, text: &str) -> io::Result<()> {
        let out = &mut self.out;
        self.bar.aside(|| out.write_all(text.as_bytes()).and_then(|()| out.flush()))
    }

    fn start(&mut self) -> io::Result<()> {
        let planned = self.record.cases.iter().filter(|case| case.outcome.is_none());
        self.width =
            planned.clone().map(|case| case.head.id.as_str().chars().count()).max().unwrap_or(0).min(MOST_WIDTH);
        self.bar.planned(planned.count());
        let text = line::started(self.paint, &self.record);
        self.say(&text)
    }

    fn try_ended(&mut self, id: &CaseId, outcome: &Outcome, took: Duration) -> io::Result<()> {
        let Some(case) = self.record.case(id) else { return Ok(()) };
        let ended = line::ended(self.paint, &self.record, case, (outcome, took), self.width);
        let sent = exchanges::lines(case, self.exchanges, self.paint);
        self.bar.ended(id);
        self.say(&format!("{ended}; it is tried again\n{sent}"))
    }

    fn case_ended(&mut self, id: &CaseId, outcome: &Outcome, took: Duration) -> io::Result<()> {
        let Some(case) = self.record.case(id) else { return Ok(()) };
        let ended = line::ended(self.paint, &self.record, case, (outcome, took), self.width);
        let noted = match self.notes {
            Notes::Each => notes::lines(case, self.paint),
            Notes::Counted => String::new(),
        };
        let sent = exchanges::lines(case, self.exchanges, self.paint);
        self.tell(id);
        self.record.forget_exchanges(id);
        self.bar.ended(id);
        self.say(&format!("{ended}\n{sent}{noted}"))
    }

    /// Keeps what is to be told of a case at the end.
    fn tell(&mut self, id: &CaseId) {
        let Some(case) = self.record.case(id) else { return };
        let outcome = case.outcome_or_unfinished();
        let has_findings = case.last_try().is_some_and(|last| {
            last.steps.iter().any(|step| step.findings.iter().any(crate::event::Finding::is_adverse))
        });
        let is_told = match outcome.class() {
            OutcomeClass::Passed | OutcomeClass::Skipped => false,
            OutcomeClass::Unfinished => has_findings,
            OutcomeClass::Warned
            | OutcomeClass::Flaky
            | OutcomeClass::Known
            | OutcomeClass::Failed
            | OutcomeClass::Inconclusive
            | OutcomeClass::Broken
            | OutcomeClass::Blocked => true,
        };
        if is_told {
            let look = Look { paint: self.paint, body_lines: BODY_LINES, body_bytes: BODY_BYTES };
            let block = case_block(&self.record, case, &outcome, look);
            self.told.insert(id.clone(), block);
        }
    }
}

impl<W: Write> Reporter for Console<W> {
    fn on_event(&mut self, event: &Stamped) -> io::Result<()> {
        self.record.fold(event);
        match &event.body {
            Event::RunStarted { .. } => self.start(),
            Event::CaseStarted { case, .. } => {
                self.bar.began(case);
                Ok(())
            }
            // It was never started: the list at the end names it.
            Event::CaseFinished { case, tried: 0, .. } => {
                self.bar.ended(case);
                Ok(())
            }
            Event::CaseFinished { case, outcome, took, again: true, .. } => self.try_ended(case, outcome, *took),
            Event::CaseFinished { case, outcome, took, again: false, .. } => self.case_ended(case, outcome, *took),
            Event::CancelBegun { cause } => {
                let text = format!("stopping: {}; what was created is being removed\n", line::cause(*cause));
                self.say(&text)
            }
            Event::SetupFinished { .. }
            | Event::StepStarted { .. }
            | Event::ExchangeDone { .. }
            | Event::StepFinished { .. }
            | Event::Waited { .. }
            | Event::UndoFinished { .. }
            | Event::RunFinished(_) => Ok(()),
        }
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.bar.clear();
        let open = self.record.cases.iter().filter(|case| case.outcome.is_none());
        for id in open.map(|case| case.head.id.clone()).collect::<Vec<_>>() {
            self.tell(&id);
        }
        let text = summary::text(&self.record, &self.told, self.notes, self.paint);
        self.say(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::tests::run::every_outcome;

    fn told(paint: Paint, progress: Progress) -> String {
        let mut out = Vec::new();
        let mut console = Box::new(Console::new(&mut out, paint, progress));
        for event in every_outcome() {
            console.on_event(&event).unwrap();
        }
        console.finish().unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn nothing_that_was_sent_or_received_is_kept_when_a_case_has_ended() {
        let mut console = Console::new(Vec::new(), Paint::Plain, Progress::Off);
        for event in every_outcome() {
            console.on_event(&event).unwrap();
        }
        let steps = console.record.cases.iter().flat_map(|case| &case.tries).flat_map(|attempt| &attempt.steps);
        assert!(steps.clone().count() > 5);
        assert!(steps.into_iter().all(|step| step.exchanges.is_empty()));
    }

    #[test]
    fn a_live_line_and_colours_change_no_word() {
        let plain = told(Paint::Plain, Progress::Off);
        assert_eq!(told(Paint::Plain, Progress::Live), plain);
        colored::control::set_override(true);
        let coloured = told(Paint::Coloured, Progress::Off);
        let mut pieces = coloured.split('\u{1b}');
        let mut bare = pieces.next().unwrap_or_default().to_owned();
        for piece in pieces {
            bare.push_str(piece.split_once('m').expect("every code ends").1);
        }
        assert_ne!(coloured, plain);
        assert_eq!(bare, plain);
    }
}
