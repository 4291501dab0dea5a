use crate::event::{OutcomeClass, RunRecord};

use super::visible;

/// Cases of a class that have no verdict of their own, by their reason, in the order of the plan.
pub(super) fn by_reason(record: &RunRecord, class: OutcomeClass) -> Vec<(String, Vec<&str>)> {
    let mut by_reason: Vec<(String, Vec<&str>)> = Vec::new();
    for case in &record.cases {
        let outcome = case.outcome_or_unfinished();
        if outcome.class() != class {
            continue;
        }
        let why = visible::short(&outcome.why().unwrap_or_default(), 500);
        match by_reason.iter_mut().find(|(known, _)| *known == why) {
            Some((_, ids)) => ids.push(case.head.id.as_str()),
            None => by_reason.push((why, vec![case.head.id.as_str()])),
        }
    }
    by_reason
}
