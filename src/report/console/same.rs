use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::event::{CaseId, Outcome, RunRecord};
use crate::report::{Paint, visible, words};

use super::summary::{names, title};

/// How many cases that are inconclusive for one and the same reason, as where the server is down, are told in full.
const TOLD: usize = 3;

/// What is told of each case, without those beyond the first few of a reason.
pub(super) fn without_more(record: &RunRecord, told: &BTreeMap<CaseId, String>) -> BTreeMap<CaseId, String> {
    let more: BTreeSet<&CaseId> =
        by_reason(record).into_iter().flat_map(|(_, ids)| ids.into_iter().skip(TOLD)).collect();
    told.iter().filter(|(id, _)| !more.contains(id)).map(|(id, block)| (id.clone(), block.clone())).collect()
}

/// Those beyond the first few, by their reason.
pub(super) fn draw(out: &mut String, record: &RunRecord, paint: Paint) {
    for (why, ids) in by_reason(record) {
        let more: Vec<&str> = ids.iter().skip(TOLD).map(|id| id.as_str()).collect();
        if more.is_empty() {
            continue;
        }
        title(out, paint, &format!("inconclusive for the same reason: {} more", words::count(more.len(), "case")));
        // Writing to a text cannot fail.
        let _ = writeln!(out, "  {}\n      {}", visible::short(why, 500), names(&more, 6));
    }
}

/// Inconclusive cases in order, by what came in the way; the step that it met does not count.
fn by_reason(record: &RunRecord) -> Vec<(&str, Vec<&CaseId>)> {
    let mut groups: Vec<(&str, Vec<&CaseId>)> = Vec::new();
    for case in &record.cases {
        let Some(Outcome::Inconclusive { why }) = &case.outcome else { continue };
        let why = match why.strip_prefix("step ").and_then(|rest| rest.split_once(": ")) {
            Some((_, why)) => why,
            None => why,
        };
        match groups.iter_mut().find(|(known, _)| *known == why) {
            Some((_, ids)) => ids.push(&case.head.id),
            None => groups.push((why, vec![&case.head.id])),
        }
    }
    groups
}
