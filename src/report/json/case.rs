use std::io;

use serde::Serialize;

use crate::event::{
    CaseHead, CaseRecord, Exchange, Finding, Outcome, Purpose, RequirementId, RunRecord, StepPath, StepRecord,
    TryRecord, UndoEnd,
};
use crate::report::detail::headline;
use crate::report::json_text::json;

/// A case as it stands in the document.
#[derive(Serialize)]
struct CaseView<'r> {
    #[serde(flatten)]
    head: &'r CaseHead,
    outcome: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<Why>,
    took_us: u64,
    tries: Vec<TryView<'r>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    undone: Vec<UndoView<'r>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    waits: Vec<WaitView<'r>>,
}

#[derive(Serialize)]
struct Why {
    code: String,
    message: String,
}

#[derive(Serialize)]
struct TryView<'r> {
    #[serde(skip_serializing_if = "Option::is_none")]
    outcome: Option<&'r Outcome>,
    took_us: u64,
    steps: Vec<StepView<'r>>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    not_run: &'r [StepPath],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    others: Vec<ExchangeView<'r>>,
}

#[derive(Serialize)]
struct StepView<'r> {
    step: &'r StepPath,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    verifies: &'r [RequirementId],
    #[serde(skip_serializing_if = "Option::is_none")]
    left_out: Option<&'r str>,
    exchanges: Vec<ExchangeView<'r>>,
    findings: &'r [Finding],
}

#[derive(Serialize)]
struct ExchangeView<'r> {
    purpose: Purpose,
    #[serde(flatten)]
    exchange: &'r Exchange,
}

#[derive(Serialize)]
struct UndoView<'r> {
    step: &'r StepPath,
    end: &'r UndoEnd,
}

#[derive(Serialize)]
struct WaitView<'r> {
    why: &'r str,
    span_us: u64,
}

/// The case as a line of JSON.
pub(super) fn chapter(record: &RunRecord, case: &CaseRecord) -> io::Result<Vec<u8>> {
    let outcome = case.outcome_or_unfinished();
    let why = headline(record, case, &outcome).map(|line| Why { code: line.code, message: line.message });
    json(&CaseView {
        head: &case.head,
        outcome: outcome.class().as_str(),
        why,
        took_us: case.tries.iter().map(|attempt| micros(attempt.took)).sum(),
        tries: case.tries.iter().map(try_view).collect(),
        undone: case.undone.iter().map(|(step, end)| UndoView { step, end }).collect(),
        waits: case.waits.iter().map(|(why, span)| WaitView { why, span_us: micros(*span) }).collect(),
    })
}

fn try_view(attempt: &TryRecord) -> TryView<'_> {
    TryView {
        outcome: attempt.outcome.as_ref(),
        took_us: micros(attempt.took),
        steps: attempt.steps.iter().map(step_view).collect(),
        not_run: &attempt.not_run,
        others: exchanges(&attempt.others),
    }
}

fn step_view(step: &StepRecord) -> StepView<'_> {
    StepView {
        step: &step.step,
        verifies: &step.verifies,
        left_out: step.left_out.as_deref(),
        exchanges: exchanges(&step.exchanges),
        findings: &step.findings,
    }
}

fn exchanges(sent: &[(Purpose, Exchange)]) -> Vec<ExchangeView<'_>> {
    sent.iter().map(|(purpose, exchange)| ExchangeView { purpose: *purpose, exchange }).collect()
}

fn micros(span: std::time::Duration) -> u64 {
    u64::try_from(span.as_micros()).unwrap_or(u64::MAX)
}
