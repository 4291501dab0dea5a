use std::fmt::Write as _;
use std::time::Duration;

use crate::event::{CancelCause, CaseRecord, Outcome, OutcomeClass, RunRecord, Totals};
use crate::report::detail::headline;
use crate::report::paint::Role;
use crate::report::{Paint, gate, visible, words};

/// The last line of stdout: `3 passed, 0 failed (exit 0 PASS)`. Machines read it, so it has no colours.
#[must_use]
pub fn verdict_line(totals: &Totals, code: u8, name: &str) -> String {
    format!("{totals} (exit {code} {name})")
}

/// How much of a reason stands in a line, in bytes.
const MOST_REASON: usize = 160;

pub(in crate::report) fn mark(class: OutcomeClass) -> &'static str {
    match class {
        OutcomeClass::Passed => "✓",
        OutcomeClass::Warned => "!",
        OutcomeClass::Flaky => "~",
        OutcomeClass::Known => "≈",
        OutcomeClass::Failed => "✗",
        OutcomeClass::Inconclusive | OutcomeClass::Broken | OutcomeClass::Blocked => "?",
        OutcomeClass::Unfinished | OutcomeClass::Skipped => "-",
    }
}

pub(in crate::report) fn role(class: OutcomeClass) -> Role {
    match class {
        OutcomeClass::Passed => Role::Good,
        OutcomeClass::Warned | OutcomeClass::Flaky | OutcomeClass::Known => Role::Odd,
        OutcomeClass::Failed => Role::Bad,
        OutcomeClass::Inconclusive | OutcomeClass::Broken | OutcomeClass::Blocked => Role::Unsure,
        OutcomeClass::Unfinished | OutcomeClass::Skipped => Role::Faint,
    }
}

/// `✗ failed: session.join` in the colour of the class.
pub(super) fn name(paint: Paint, case: &CaseRecord, class: OutcomeClass) -> String {
    let word = paint.dress(role(class), &format!("{} {class}:", mark(class)));
    format!("{word} {}", paint.dress(Role::Strong, &visible::short(case.head.id.as_str(), 300)))
}

/// The line of a case that has ended, or of a try that another follows.
pub(super) fn ended(
    paint: Paint,
    record: &RunRecord,
    case: &CaseRecord,
    (outcome, took): (&Outcome, Duration),
    width: usize,
) -> String {
    let class = outcome.class();
    let id = visible::short(case.head.id.as_str(), 300);
    let head = format!("{} {id:width$}  {:>8}", paint.dress(role(class), mark(class)), words::duration(took));
    match reason(record, case, outcome) {
        Some(reason) => format!("{head}  {}: {reason}", paint.dress(role(class), class.as_str())),
        None => head,
    }
}

/// The reason in a few words.
pub(super) fn reason(record: &RunRecord, case: &CaseRecord, outcome: &Outcome) -> Option<String> {
    headline(record, case, outcome).map(|headline| visible::short(&headline.message, MOST_REASON))
}

/// The head of the output: what is run against what.
pub(super) fn started(paint: Paint, record: &RunRecord) -> String {
    let mut parts = Vec::new();
    if let Some(tool) = &record.tool {
        parts.push(format!("{} {}:", visible::short(&tool.name, 80), visible::short(&tool.version, 80)));
    }
    if let Some(suite) = &record.suite {
        let text = format!("suite {} {} ({})", suite.name, suite.version, suite.origin);
        parts.push(paint.dress(Role::Strong, &visible::short(&text, 300)));
    }
    if let Some(target) = &record.target {
        parts.push(visible::short(&format!("against {} at {}", target.name, target.base_url), 500));
    }
    let skipped = record.cases.iter().filter(|case| case.outcome.is_some()).count();
    let mut cases = words::count(record.cases.len() - skipped, "case");
    if skipped > 0 {
        // Writing to a text cannot fail.
        let _ = write!(cases, ", {skipped} skipped");
    }
    if !record.waivers.is_empty() {
        let _ = write!(cases, ", {}", words::count(record.waivers.len(), "waiver"));
    }
    let stamps = stamps(record).join(", ");
    let stamps = if stamps.is_empty() { stamps } else { format!(", {}", paint.dress(Role::Odd, &stamps)) };
    if let Some(shard) = record.shard {
        let _ = write!(cases, ", shard {shard}");
    }
    if let Some(rules) = gate::rules(record.gate) {
        let _ = write!(cases, ", {rules}");
    }
    let order = if record.shuffled { ", shuffled" } else { "" };
    format!("{}\n{cases}, seed {}{order}{stamps}\n", parts.join(" "), record.seed)
}

/// What makes a verdict worth less: that the tenant is our own, that nobody knows who answered.
pub(in crate::report) fn stamps(record: &RunRecord) -> Vec<&'static str> {
    let Some(target) = &record.target else { return Vec::new() };
    let stamps = [(target.embedded, "embedded tenant"), (target.insecure, "insecure TLS")];
    stamps.into_iter().filter_map(|(applies, stamp)| applies.then_some(stamp)).collect()
}

/// Why a run is being stopped.
pub(in crate::report) fn cause(cause: CancelCause) -> String {
    match cause {
        CancelCause::Signal(2) => "SIGINT".to_owned(),
        CancelCause::Signal(15) => "SIGTERM".to_owned(),
        CancelCause::Signal(1) => "SIGHUP".to_owned(),
        CancelCause::Signal(number) => format!("signal {number}"),
        CancelCause::TimeLimit => "the run's time limit has passed".to_owned(),
        CancelCause::MaxFail => "enough cases have failed, and no more were started (--max-fail)".to_owned(),
        CancelCause::Internal => "a defect of this program".to_owned(),
    }
}
