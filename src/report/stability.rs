//! Cases that were repeated, and did not come out the same each time.

use std::collections::BTreeMap;

use crate::event::{RunRecord, Totals};

use super::words;

/// The repetitions of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Repeated<'r> {
    /// Its id, without the number of a repetition.
    pub(super) case: &'r str,
    /// How its repetitions ended.
    pub(super) totals: Totals,
}

impl Repeated<'_> {
    /// Whether they did not all end the same.
    pub(super) fn is_unstable(&self) -> bool {
        crate::event::OutcomeClass::ALL.into_iter().filter(|class| self.totals.of(*class) > 0).count() > 1
    }
}

/// The cases that were repeated, in the order of the plan.
pub(super) fn repeated(record: &RunRecord) -> Vec<Repeated<'_>> {
    let mut found: Vec<Repeated<'_>> = Vec::new();
    let mut known: BTreeMap<&str, usize> = BTreeMap::new();
    for case in record.cases.iter().filter(|case| case.head.id.repeated().is_some()) {
        let id = case.head.id.base();
        let at = *known.entry(id).or_insert_with(|| {
            found.push(Repeated { case: id, totals: Totals::default() });
            found.len() - 1
        });
        found[at].totals.add(case.outcome_or_unfinished().class());
    }
    found
}

/// `2 of 9 cases did not come out the same each time`, where cases were repeated.
pub(super) fn told(record: &RunRecord) -> Option<String> {
    let all = repeated(record);
    let unstable = all.iter().filter(|case| case.is_unstable()).count();
    (!all.is_empty()).then(|| match unstable {
        0 => format!("{}, each of which came out the same every time", words::count(all.len(), "case")),
        _ => format!("{unstable} of {} did not come out the same every time", words::count(all.len(), "case")),
    })
}
