use std::fmt::Write as _;

use crate::event::{CaseRecord, Finding, RunRecord, StepRecord, Verdict};
use crate::report::paint::Role;
use crate::report::{Paint, visible, words};

/// What is told of checks that did not hold and that nothing fails by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notes {
    /// How many there are.
    Counted,
    /// Each, below the line of its case.
    Each,
}

/// How many notes of a case are told.
const MOST: usize = 20;
/// How much of a message stands in a line, in bytes.
const MOST_MESSAGE: usize = 500;

/// `  · noted: again.should.status: expected 409, got 404`, a line for each note of the last try.
pub(super) fn lines(case: &CaseRecord, paint: Paint) -> String {
    let mut out = String::new();
    for (step, finding) in of(case).take(MOST) {
        let check = visible::short(&format!("{}.{}", step.step, finding.check), MOST_MESSAGE);
        let text = format!("  · noted: {check}: {}", visible::short(&finding.message, MOST_MESSAGE));
        // Writing to a text cannot fail, here and below.
        let _ = writeln!(out, "{}", paint.dress(Role::Faint, &text));
    }
    let more = of(case).count().saturating_sub(MOST);
    if more > 0 {
        let _ = writeln!(out, "  … and {more} more notes: see the event log");
    }
    out
}

/// `3 notes in 2 cases`, where there are any.
pub(super) fn count(record: &RunRecord) -> Option<String> {
    let counts: Vec<usize> = record.cases.iter().map(|case| of(case).count()).filter(|count| *count > 0).collect();
    let notes: usize = counts.iter().sum();
    (notes > 0).then(|| format!("{} in {}", words::count(notes, "note"), words::count(counts.len(), "case")))
}

fn of(case: &CaseRecord) -> impl Iterator<Item = (&StepRecord, &Finding)> {
    let steps = case.last_try().into_iter().flat_map(|attempt| &attempt.steps);
    steps.flat_map(|step| {
        let noted = step.findings.iter().filter(|finding| finding.verdict == Verdict::Note && finding.waived.is_none());
        noted.map(move |finding| (step, finding))
    })
}
