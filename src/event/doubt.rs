use std::collections::BTreeSet;

use super::{CaseRecord, Event, OutcomeClass, RunRecord, Stamped};

/// Where a record contradicts itself: what it says of a case, or of all, is not what its events show. Nobody can rely on
/// such a record, whoever has written it.
#[must_use]
pub fn contradictions(events: &[Stamped]) -> Vec<String> {
    let mut record = RunRecord::default();
    let mut found = Vec::new();
    let mut ended = BTreeSet::new();
    for event in events {
        let case = event.body.case();
        if record.end.is_some() {
            let of = case.map(|case| format!(" of `{case}`")).unwrap_or_default();
            found.push(format!("an event{of} comes after its end"));
        }
        if record.suite.is_some() && matches!(event.body, Event::RunStarted { .. }) {
            found.push("it begins twice".to_owned());
        }
        if let Some(case) = case.filter(|case| record.case(case).is_none()) {
            found.push(format!("`{case}` is not a case of its plan"));
        }
        if let Event::CaseFinished { case, again: false, .. } = &event.body
            && !ended.insert(case.clone())
        {
            found.push(format!("`{case}` ends twice"));
        }
        record.fold(event);
        if let Some(case) = event.body.case() {
            record.forget_exchanges(case);
        }
    }
    found.extend(record.cases.iter().filter_map(doubt));
    if let Some(end) = &record.end {
        let totals = record.totals();
        if end.totals() != totals {
            found.push(format!("its end counts {}, and its cases are {totals}", end.totals()));
        }
    }
    found.dedup();
    found
}

/// Why nobody can believe how a case is said to have ended.
fn doubt(case: &CaseRecord) -> Option<String> {
    let class = case.outcome.as_ref()?.class();
    let id = &case.head.id;
    let is_good = match class {
        OutcomeClass::Passed | OutcomeClass::Warned | OutcomeClass::Flaky | OutcomeClass::Known => true,
        OutcomeClass::Skipped => case.tries.iter().any(super::TryRecord::breaks_a_promise),
        OutcomeClass::Failed
        | OutcomeClass::Inconclusive
        | OutcomeClass::Broken
        | OutcomeClass::Blocked
        | OutcomeClass::Unfinished => false,
    };
    if !is_good {
        return None;
    }
    let Some(last) = case.last_try() else {
        return Some(format!("`{id}` is said to have ended {class}, and was never started"));
    };
    if last.breaks_a_promise() {
        return Some(format!("`{id}` is said to have ended {class}, and a check of it failed"));
    }
    let is_judged = last.steps.iter().any(|step| !step.findings.is_empty());
    (!is_judged).then(|| format!("`{id}` is said to have ended {class}, and no check of it was judged"))
}
