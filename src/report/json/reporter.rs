use std::collections::BTreeMap;
use std::io::{self, Write as _};

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::event::{OutcomeClass, RequirementHead, RequirementState, RunRecord, Stamped};
use crate::report::Reporter;
use crate::report::artefact::{Artefact, Spill, not_as_written};
use crate::report::chapters::Chapters;
use crate::report::json_text::{member, read_back};

use super::case::chapter;

/// The version of the document.
const FORMAT: u32 = 1;

/// A run as one JSON document, put together when the run has ended.
#[derive(Debug)]
pub struct JsonRecord {
    artefact: Artefact,
    chapters: Chapters,
}

impl JsonRecord {
    pub(in crate::report) fn new(artefact: Artefact, spill: Spill) -> Self {
        Self { artefact, chapters: Chapters::new(spill, chapter) }
    }
}

#[derive(Serialize)]
struct RequirementView<'r> {
    #[serde(flatten)]
    head: &'r RequirementHead,
    state: &'static str,
}

fn word(state: RequirementState) -> &'static str {
    match state {
        RequirementState::Untested => "untested",
        RequirementState::Undecided => "undecided",
        RequirementState::Kept => "kept",
        RequirementState::Waived => "waived",
        RequirementState::Broken => "broken",
    }
}

fn totals(record: &RunRecord) -> BTreeMap<&'static str, u32> {
    let totals = record.totals();
    OutcomeClass::ALL.into_iter().map(|class| (class.as_str(), totals.of(class))).collect()
}

/// Everything but the cases.
fn head(record: &RunRecord, out: &mut impl io::Write) -> io::Result<()> {
    let requirement = |(head, state)| RequirementView { head, state: word(state) };
    member(out, "format", &FORMAT)?;
    member(out, "run", &record.run)?;
    member(out, "started", &record.started.map(Timestamp::iso))?;
    member(out, "seed", &record.seed)?;
    member(out, "shuffled", &record.shuffled)?;
    member(out, "partial", &record.partial)?;
    member(out, "complete", &record.end.is_some())?;
    member(out, "tool", &record.tool)?;
    member(out, "suite", &record.suite)?;
    member(out, "target", &record.target)?;
    member(out, "waivers", &record.waivers)?;
    member(out, "cancelled", &record.cancelled)?;
    member(out, "end", &record.end)?;
    member(out, "totals", &totals(record))?;
    member(out, "requirements", &record.requirements().into_iter().map(requirement).collect::<Vec<_>>())
}

impl Reporter for JsonRecord {
    fn on_event(&mut self, event: &Stamped) -> io::Result<()> {
        self.chapters.hear(event)
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        let record = self.chapters.record()?;
        let expected = totals(record);
        self.artefact.write_all(b"{\n")?;
        head(record, &mut self.artefact)?;
        self.artefact.write_all(b"\"cases\": [\n")?;
        self.chapters.copy(&mut self.artefact)?;
        self.artefact.write_all(b"\n]\n}\n")?;
        self.artefact.commit(|file| {
            #[derive(Deserialize)]
            struct Document {
                cases: Vec<Case>,
            }
            #[derive(Deserialize)]
            struct Case {
                outcome: OutcomeClass,
            }
            let found: Document = read_back(file)?;
            let mut counts: BTreeMap<_, _> = OutcomeClass::ALL.into_iter().map(|class| (class.as_str(), 0)).collect();
            for case in found.cases {
                *counts.entry(case.outcome.as_str()).or_default() += 1;
            }
            if counts == expected { Ok(()) } else { Err(not_as_written(format!("it holds {counts:?}"))) }
        })
    }
}
