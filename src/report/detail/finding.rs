use std::fmt::Write as _;

use crate::event::{Block, Finding, RequirementId, RunRecord, SnapshotDifference, StepRecord, Verdict, WaiverId};
use crate::report::paint::Role;
use crate::report::{Paint, draw_difference, visible, waived};
use crate::snapshot::{Difference, Text};

use super::snippet;

/// How much of a single text of a finding is shown, in bytes.
const MOST_TEXT: usize = 2 * 1024;
/// How many further lines of a finding are shown.
const MOST_DETAILS: usize = 20;
/// How many lines are shown of what differs from a snapshot, and of one that is new.
const MOST_DIFFERENT: usize = 40;
const MOST_NEW: usize = 16;
/// What can be done about an answer that is not as it was accepted.
const WAY_OUT: &str =
    "where it is meant so, `assize snapshots review` accepts it; in CI nothing is kept: run it where you can look";

/// What a finding is called, and how that is shown.
pub(in crate::report) fn standing(finding: &Finding) -> (&'static str, Role) {
    match finding.verdict {
        _ if finding.waived.is_some() => ("known", Role::Odd),
        Verdict::Fail => ("error", Role::Bad),
        Verdict::Broken => ("broken", Role::Unsure),
        Verdict::Warn => ("warning", Role::Odd),
        Verdict::Note | Verdict::Pass => ("note", Role::Faint),
    }
}

/// Draws a finding as `rustc` draws an error.
pub(super) fn draw<'s>(out: &mut String, paint: Paint, told: &mut Told<'s>, step: &'s StepRecord, finding: &Finding) {
    let (word, role) = standing(finding);
    let code = visible::short(&finding.code, 80);
    let message = visible::short(&finding.message, MOST_TEXT);
    let head = paint.dress(role, &format!("{word}[{code}]"));
    // Writing to a text cannot fail, here and below.
    let _ = writeln!(out, "{head}{}", paint.dress(Role::Strong, &format!(": {message}")));

    let places = finding.suite_at.iter().chain(&finding.used_at).filter(|place| snippet::is_known(place));
    let margin = snippet::margin(places);
    if let Some(place) = finding.suite_at.as_ref().filter(|place| snippet::is_known(place)) {
        snippet::draw(out, paint, place, margin, "", &caret_label(finding));
    }
    for place in finding.used_at.iter().rev().filter(|place| snippet::is_known(place)) {
        snippet::draw(out, paint, place, margin, " (used here)", "");
    }

    if let Some(snapshot) = &finding.snapshot {
        draw_snapshot(out, paint, snapshot, margin);
    }
    let mut note = |label: &str, text: &str| {
        let bar = paint.dress(Role::Frame, "=");
        let _ = writeln!(out, "{:margin$} {bar} {label}: {text}", "");
    };
    let attempt = finding.attempt.map_or_else(String::new, |number| format!(", attempt {number}"));
    let check = visible::short(&format!("{}.{}", step.step, finding.check), MOST_TEXT);
    note("check", &format!("{check}{attempt}"));
    // A message that names both says it already.
    let is_told = |text: &Option<String>| text.as_ref().is_none_or(|text| finding.message.contains(text.as_str()));
    let is_drawn = finding.snapshot.is_some();
    if !is_drawn && (!is_told(&finding.expected) || !is_told(&finding.actual)) {
        if let Some(text) = &finding.expected {
            note("expected", &visible::short(text, MOST_TEXT));
        }
        if let Some(text) = &finding.actual {
            note("  actual", &visible::short(text, MOST_TEXT));
        }
    }
    if let Some(place) = finding.answer_at.as_ref().filter(|place| !["status", "statuses"].contains(&place.as_str())) {
        note("in the answer", &visible::short(place, MOST_TEXT));
    }
    for detail in finding.details.iter().take(MOST_DETAILS) {
        note("detail", &visible::short(detail, MOST_TEXT));
    }
    if finding.details.len() > MOST_DETAILS {
        note("detail", &format!("… and {} more", finding.details.len() - MOST_DETAILS));
    }
    if finding.snapshot.is_some() && finding.waived.is_none() {
        note("way out", WAY_OUT);
    }
    if let Some(waiver) = &finding.waived {
        note("waived", &told.waiver(waiver));
    }
    if finding.block == Block::Given {
        note("given", "a precondition; no requirement is judged by it");
    } else {
        for requirement in &step.verifies {
            note("requirement", &told.tell(requirement));
        }
    }
}

/// What differs from a snapshot; all that was seen, where there is none.
fn draw_snapshot(out: &mut String, paint: Paint, snapshot: &SnapshotDifference, margin: usize) {
    let accepted = Text::new(snapshot.accepted.as_deref().unwrap_or_default());
    let difference = Difference::between(&accepted, &Text::new(&snapshot.seen));
    let most = if snapshot.accepted.is_some() { MOST_DIFFERENT } else { MOST_NEW };
    out.push_str(&draw_difference(paint, &difference, margin + 1, most));
}

/// What stands under the caret: what was there, where that is short.
pub(in crate::report) fn caret_label(finding: &Finding) -> String {
    if finding.snapshot.is_some() {
        return String::new();
    }
    match &finding.actual {
        Some(actual) if actual.chars().count() <= 60 => format!("got {}", visible::one_line(actual)),
        _ => String::new(),
    }
}

/// The requirements and waivers of a run, and those requirements whose text a reader has seen.
#[derive(Debug)]
pub(super) struct Told<'s> {
    record: &'s RunRecord,
    seen: Vec<&'s RequirementId>,
}

impl<'s> Told<'s> {
    pub(super) fn new(record: &'s RunRecord) -> Self {
        Self { record, seen: Vec::new() }
    }

    fn waiver(&self, id: &WaiverId) -> String {
        waived::told(self.record, id)
    }

    /// `CX-SES-001 (MUST): what it says`; the text the first time only.
    fn tell(&mut self, id: &'s RequirementId) -> String {
        let head = self.record.suite.as_ref().and_then(|suite| suite.requirements.iter().find(|head| head.id == *id));
        let shown = visible::one_line(id.as_str());
        match head {
            Some(head) if self.seen.contains(&id) => format!("{shown} ({})", head.level),
            Some(head) => {
                self.seen.push(id);
                format!("{shown} ({}): {}", head.level, visible::short(head.text.trim(), 300))
            }
            None => shown.into_owned(),
        }
    }
}
