use std::fmt::Write as _;

use crate::event::{
    CaseRecord, Exchange, ExchangeId, Finding, Outcome, Purpose, RunRecord, StepRecord, TryRecord, Verdict,
};
use crate::report::paint::Role;
use crate::report::{Paint, visible};

use super::body::Room;
use super::headline::{adverse, told_try};
use super::{exchange, finding, headline, snippet, trace};

/// How much is told of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::report) enum Depth {
    /// Findings and exchanges.
    Full,
    /// Findings.
    Short,
}

/// How a case is drawn.
#[derive(Clone, Copy, Debug)]
pub(in crate::report) struct Look {
    /// Colours or none.
    pub(in crate::report) paint: Paint,
    /// Most lines of a body.
    pub(in crate::report) body_lines: usize,
    /// Most bytes of a body.
    pub(in crate::report) body_bytes: usize,
}

/// How many findings of a case are drawn, and how many exchanges in full.
const MOST_FINDINGS: usize = 20;
const MOST_EXCHANGES: usize = 3;

impl Depth {
    /// How much is told of a case that ended so.
    pub(in crate::report) fn of(outcome: &Outcome) -> Self {
        match outcome {
            Outcome::Failed | Outcome::Inconclusive { .. } | Outcome::Broken { .. } | Outcome::Blocked { .. } => {
                Self::Full
            }
            Outcome::Passed
            | Outcome::Warned
            | Outcome::Flaky { .. }
            | Outcome::Known { .. }
            | Outcome::Unfinished { .. }
            | Outcome::Skipped { .. } => Self::Short,
        }
    }
}

/// Everything that is to be told of a case below its name: what it promises, each finding, what was sent and came back.
pub(in crate::report) fn case_block(record: &RunRecord, case: &CaseRecord, outcome: &Outcome, look: Look) -> String {
    let paint = look.paint;
    let mut out = String::new();
    let told = told_try(case, outcome);
    let title = visible::short(&case.head.title, 500);
    let tries = match told {
        Some((at, _)) if case.tries.len() > 1 => format!(" (try {} of {})", at + 1, case.tries.len()),
        _ => String::new(),
    };
    // Writing to a text cannot fail, here and below.
    let _ = writeln!(out, "{title}{tries}");

    let findings = told.map(|(_, attempt)| ranked(attempt)).unwrap_or_default();
    let decides = |finding: &Finding| finding.verdict >= Verdict::Broken || finding.waived.is_some();
    if !findings.iter().any(|(_, finding)| decides(finding)) || is_about_no_check(outcome) {
        draw_reason(&mut out, paint, record, case, outcome);
    }
    let mut suite = finding::Told::new(record);
    for (step, finding) in findings.iter().take(MOST_FINDINGS) {
        out.push('\n');
        finding::draw(&mut out, paint, &mut suite, step, finding);
    }
    if findings.len() > MOST_FINDINGS {
        let _ = writeln!(out, "\n… and {} more findings: see the event log", findings.len() - MOST_FINDINGS);
    }

    if let Some((_, attempt)) = told
        && Depth::of(outcome) == Depth::Full
    {
        draw_exchanges(&mut out, look, attempt, &findings);
    }
    out
}

/// Adverse findings, those that decide first, otherwise in order.
fn ranked(attempt: &TryRecord) -> Vec<(&StepRecord, &Finding)> {
    let mut findings = adverse(attempt).collect::<Vec<_>>();
    findings.sort_by_key(|(_, finding)| std::cmp::Reverse(finding.verdict));
    findings
}

/// Whether the reason stands in the outcome rather than in a finding.
fn is_about_no_check(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Inconclusive { .. } | Outcome::Unfinished { .. })
}

/// The reason of an outcome that no finding tells, drawn like a finding of the scenario.
fn draw_reason(out: &mut String, paint: Paint, record: &RunRecord, case: &CaseRecord, outcome: &Outcome) {
    if matches!(outcome, Outcome::Warned | Outcome::Passed) {
        return;
    }
    let Some(reason) = headline(record, case, outcome) else { return };
    let head = paint.dress(Role::Unsure, &visible::short(&reason.code, 80));
    let message = paint.dress(Role::Strong, &format!(": {}", visible::short(&reason.message, 2048)));
    let _ = writeln!(out, "\n{head}{message}");
    if snippet::is_known(&case.head.at) {
        snippet::draw(out, paint, &case.head.at, snippet::margin([&case.head.at]), "", "");
    }
}

fn draw_exchanges(out: &mut String, look: Look, attempt: &TryRecord, findings: &[(&StepRecord, &Finding)]) {
    let sent = trace::sent(attempt);
    let marked = blamed(attempt, findings);
    if sent.len() > 1 {
        out.push('\n');
        trace::draw(out, look.paint, &sent, &marked);
    }
    let room = Room { lines: look.body_lines, bytes: look.body_bytes };
    let full = sent.iter().filter(|(_, exchange)| marked.contains(&exchange.id));
    for (label, exchange) in full.clone().take(MOST_EXCHANGES) {
        out.push('\n');
        exchange::draw(out, look.paint, label, exchange, room);
    }
    let more = full.count().saturating_sub(MOST_EXCHANGES);
    if more > 0 {
        let _ = writeln!(out, "\n… and {more} more of these requests: see the event log");
    }
}

/// The exchanges that a reader wants to see first: those that the deciding findings speak of.
pub(in crate::report) fn blamed(attempt: &TryRecord, findings: &[(&StepRecord, &Finding)]) -> Vec<ExchangeId> {
    let sent = trace::sent(attempt);
    let mut marked = Vec::new();
    let deciding = findings.iter().filter(|(_, finding)| finding.verdict >= Verdict::Broken);
    for id in deciding.flat_map(|finding| spoken_of(attempt, finding)) {
        if !marked.contains(&id) {
            marked.push(id);
        }
    }
    // Without a finding, what went wrong is what had no answer, else the last thing that was sent. Findings that speak
    // of names alone blame no request.
    if marked.is_empty() && findings.iter().all(|(_, finding)| finding.verdict < Verdict::Broken) {
        let undone: Vec<ExchangeId> = trace::undone(attempt).collect();
        let mut own = sent.iter().rev().filter(|(_, exchange)| !undone.contains(&exchange.id));
        let last = own.clone().find(|(_, exchange)| exchange.fault.is_some()).or_else(|| own.next());
        marked.extend(last.map(|(_, exchange)| exchange.id));
    }
    marked
}

/// The exchanges that a finding speaks of: the one it names, else the last of its step; of a set that sends nothing
/// itself, those of its members.
pub(in crate::report) fn spoken_of(attempt: &TryRecord, (step, finding): &(&StepRecord, &Finding)) -> Vec<ExchangeId> {
    if let Some(id) = finding.exchange {
        return vec![id];
    }
    let is_own = |purpose: Purpose| matches!(purpose, Purpose::Step | Purpose::Attempt | Purpose::Member);
    let own = |step: &StepRecord| {
        let own = step.exchanges.iter().filter(|(purpose, _)| is_own(*purpose));
        own.map(|(_, exchange): &(Purpose, Exchange)| exchange.id).next_back()
    };
    if let Some(id) = own(step) {
        return vec![id];
    }
    let is_member = |other: &&StepRecord| {
        let rest = other.step.as_str().strip_prefix(step.step.as_str()).and_then(|rest| rest.strip_prefix('/'));
        rest.is_some_and(|name| !name.contains('/'))
            && other.exchanges.iter().any(|(purpose, _)| *purpose == Purpose::Member)
    };
    attempt.steps.iter().filter(is_member).filter_map(own).collect()
}
