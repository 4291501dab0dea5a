//! The Test Anything Protocol, version 14: one test point per case, in the order of the plan, and one for each thing that
//! the run is not green for beyond its cases.
//!
//! passed, warned, flaky → `ok`; failed, inconclusive, broken, blocked, unfinished → `not ok`; known → `not ok` with `# todo`,
//! which no reader takes for a failure; skipped → `ok` with `# skip`. What was found stands as YAML below a test point; steps
//! are told there and not as subtests, since not every check of a step that does not hold is a failure of the case.

use std::io::{self, BufRead as _, Write};

use serde::Serialize;

use crate::event::{CaseRecord, OutcomeClass, RunRecord, Stamped};

use super::account::Account;
use super::artefact::{Artefact, not_as_written};
use super::beyond::{Beyond, beyond};
use super::detail::{Headline, Look, adverse, told_try};
use super::json_text::json;
use super::{Paint, Reporter, visible};

/// A run as a TAP document, written when the run has ended.
#[derive(Debug)]
pub struct Tap {
    artefact: Artefact,
    account: Account,
}

/// How much of a body stands in a report.
const LOOK: Look = Look { paint: Paint::Plain, body_lines: 0, body_bytes: 0 };
/// How many checks are told of a case.
const MOST_CHECKS: usize = 20;
/// The longest text within a line, in bytes.
const MOST_TEXT: usize = 1024;

impl Tap {
    pub(super) fn new(artefact: Artefact) -> Self {
        Self { artefact, account: Account::new(LOOK) }
    }
}

/// How a test point begins, and what directive it has; readers take a directive in any case of letters.
fn point(class: OutcomeClass) -> (&'static str, Option<&'static str>) {
    match class {
        OutcomeClass::Passed | OutcomeClass::Warned | OutcomeClass::Flaky => ("ok", None),
        OutcomeClass::Known => ("not ok", Some("todo")),
        OutcomeClass::Failed
        | OutcomeClass::Inconclusive
        | OutcomeClass::Broken
        | OutcomeClass::Blocked
        | OutcomeClass::Unfinished => ("not ok", None),
        OutcomeClass::Skipped => ("ok", Some("skip")),
    }
}

/// Text of a description or a directive: one line, with what the format reads escaped.
fn description(text: &str) -> String {
    visible::short(text.trim(), MOST_TEXT).replace('\\', "\\\\").replace('#', "\\#")
}

/// A line of a YAML block; a JSON text is a YAML text.
fn line<T: Serialize + ?Sized>(out: &mut impl Write, margin: &str, name: &str, value: &T) -> io::Result<()> {
    write!(out, "{margin}{name}: ")?;
    out.write_all(&json(value)?)?;
    out.write_all(b"\n")
}

fn case(out: &mut impl Write, number: usize, account: &Account, case: &CaseRecord) -> io::Result<()> {
    let outcome = case.outcome_or_unfinished();
    let class = outcome.class();
    let (word, directive) = point(class);
    let Headline { code, message } = account.headline(case, &outcome);
    write!(out, "{word} {number} - {}", description(case.head.id.as_str()))?;
    if let Some(directive) = directive {
        write!(out, " # {directive} {}", description(&message))?;
    }
    writeln!(out)?;
    if matches!(class, OutcomeClass::Passed | OutcomeClass::Skipped) {
        return Ok(());
    }
    let text = |text: &str| visible::short(text, MOST_TEXT);
    writeln!(out, "  ---")?;
    line(out, "  ", "outcome", class.as_str())?;
    line(out, "  ", "code", &text(&code))?;
    line(out, "  ", "message", &text(&message))?;
    line(out, "  ", "title", &text(&case.head.title))?;
    line(out, "  ", "at", &text(&case.head.at.to_string()))?;
    line(out, "  ", "duration_ms", &case.tries.iter().map(|attempt| attempt.took.as_millis()).sum::<u128>())?;
    let found = told_try(case, &outcome).into_iter().flat_map(|(_, attempt)| adverse(attempt));
    let mut found = found.collect::<Vec<_>>();
    found.sort_by_key(|(_, finding)| std::cmp::Reverse(finding.verdict));
    if !found.is_empty() {
        writeln!(out, "  checks:")?;
    }
    for (step, finding) in found.iter().take(MOST_CHECKS) {
        let verdict = if finding.waived.is_some() { "waived" } else { finding.verdict.as_str() };
        line(out, "    - ", "check", &text(&format!("{}#{}.{}", case.head.id, step.step, finding.check)))?;
        line(out, "      ", "verdict", verdict)?;
        line(out, "      ", "code", &text(&finding.code))?;
        line(out, "      ", "message", &text(&finding.message))?;
        if let Some(place) = &finding.suite_at {
            line(out, "      ", "at", &text(&place.to_string()))?;
        }
    }
    if found.len() > MOST_CHECKS {
        line(out, "  ", "more_checks", &(found.len() - MOST_CHECKS))?;
    }
    writeln!(out, "  ...")
}

fn other(out: &mut impl Write, number: usize, other: &Beyond) -> io::Result<()> {
    writeln!(out, "not ok {number} - {}", description(&other.name))?;
    writeln!(out, "  ---")?;
    line(out, "  ", "code", other.code)?;
    line(out, "  ", "message", &other.message)?;
    writeln!(out, "  ...")
}

fn head(out: &mut impl Write, record: &RunRecord, points: usize) -> io::Result<()> {
    writeln!(out, "TAP version 14")?;
    writeln!(out, "1..{points}")?;
    let suite = record.suite.as_ref().map(|suite| format!("{} {}", suite.name, suite.version));
    let target = record.target.as_ref().map(|target| format!("{} {}", target.name, target.base_url));
    for (name, text) in [("suite", suite), ("target", target)] {
        writeln!(out, "# {name}: {}", visible::short(&text.unwrap_or_default(), MOST_TEXT))?;
    }
    writeln!(out, "# {}", record.totals())
}

impl Reporter for Tap {
    fn on_event(&mut self, event: &Stamped) -> io::Result<()> {
        self.account.hear(event);
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.account.close()?;
        let record = self.account.record();
        let others = beyond(record);
        let points = record.cases.len() + others.len();
        let out = &mut self.artefact;
        head(out, record, points)?;
        for (at, one) in record.cases.iter().enumerate() {
            case(out, at + 1, &self.account, one)?;
        }
        for (at, one) in others.iter().enumerate() {
            other(out, record.cases.len() + at + 1, one)?;
        }
        self.artefact.commit(|file| {
            let mut found = 0;
            for line in file.lines() {
                let line = line?;
                found += usize::from(line.starts_with("ok ") || line.starts_with("not ok "));
            }
            let differs = || not_as_written(format!("it holds {found} test points of {points}"));
            if found == points { Ok(()) } else { Err(differs()) }
        })
    }
}
