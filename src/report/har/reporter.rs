use std::io::{self, Write as _};

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::event::{CaseRecord, Event, RunRecord, Stamped};
use crate::report::Reporter;
use crate::report::artefact::{Artefact, Spill, not_as_written};
use crate::report::chapters::Chapters;
use crate::report::json_text::{Counted, json, read_back};

use super::entry::entry;

/// A run as an HTTP archive, put together when the run has ended.
#[derive(Debug)]
pub struct Har {
    artefact: Artefact,
    chapters: Chapters,
    sent: usize,
}

impl Har {
    pub(in crate::report) fn new(artefact: Artefact, spill: Spill) -> Self {
        Self { artefact, chapters: Chapters::new(spill, chapter), sent: 0 }
    }
}

/// A case as a page.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Page<'r> {
    started_date_time: String,
    id: &'r str,
    title: String,
    #[serde(rename = "pageTimings")]
    timings: NoTimings,
    #[serde(rename = "_outcome")]
    outcome: &'static str,
}

#[derive(Serialize)]
struct NoTimings {}

fn page<'r>(record: &RunRecord, case: &'r CaseRecord) -> Page<'r> {
    let id = case.head.id.as_str();
    Page {
        started_date_time: record.started.map(Timestamp::iso).unwrap_or_default(),
        id,
        title: format!("{id}: {}", case.head.title),
        timings: NoTimings {},
        outcome: case.outcome_or_unfinished().class().as_str(),
    }
}

/// The exchanges of a case, a line each, those of each try in the order in which they were sent.
fn chapter(_: &RunRecord, case: &CaseRecord) -> io::Result<Vec<u8>> {
    let pageref = case.head.id.as_str();
    let mut lines = Vec::new();
    for attempt in &case.tries {
        let of_steps = attempt.steps.iter().flat_map(|step| {
            step.exchanges.iter().map(move |(purpose, exchange)| (Some(&step.step), *purpose, exchange))
        });
        let others = attempt.others.iter().map(|(purpose, exchange)| (None, *purpose, exchange));
        let mut all = of_steps.chain(others).collect::<Vec<_>>();
        all.sort_by_key(|(_, _, exchange)| exchange.id);
        for (step, purpose, exchange) in all {
            lines.push(json(&entry(pageref, step, purpose, exchange))?);
        }
    }
    Ok(lines.join(&b",\n"[..]))
}

impl Reporter for Har {
    fn on_event(&mut self, event: &Stamped) -> io::Result<()> {
        self.chapters.hear(event)?;
        if let Event::ExchangeDone { case, .. } = &event.body {
            // What belongs to no try of a case is in no record.
            let is_kept = self.chapters.record()?.case(case).is_some_and(|case| case.last_try().is_some());
            self.sent += usize::from(is_kept);
        }
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        let record = self.chapters.record()?;
        let creator = json(&record.tool)?;
        let pages = record.cases.iter().map(|case| json(&page(record, case))).collect::<io::Result<Vec<_>>>()?;
        let expected = (pages.len(), self.sent);
        let out = &mut self.artefact;
        out.write_all(b"{\"log\": {\n\"version\": \"1.2\",\n\"creator\": ")?;
        out.write_all(&creator)?;
        out.write_all(b",\n\"pages\": [\n")?;
        out.write_all(&pages.join(&b",\n"[..]))?;
        out.write_all(b"\n],\n\"entries\": [\n")?;
        self.chapters.copy(out)?;
        out.write_all(b"\n]\n}}\n")?;
        self.artefact.commit(|file| {
            #[derive(Deserialize)]
            struct Archive {
                log: Log,
            }
            #[derive(Deserialize)]
            struct Log {
                pages: Counted,
                entries: Counted,
            }
            let found: Archive = read_back(file)?;
            let found = (found.log.pages.len(), found.log.entries.len());
            let differs = || not_as_written(format!("it holds {found:?} pages and entries, the run had {expected:?}"));
            if found == expected { Ok(()) } else { Err(differs()) }
        })
    }
}
