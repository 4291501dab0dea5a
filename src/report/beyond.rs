use crate::event::{OutcomeClass, RunRecord, WaiverId};

use super::{visible, waived, words};

/// What a run is not green for although no case says so: a report that left it out would be greener than the run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Beyond {
    /// A name, like that of a case.
    pub(super) name: String,
    /// The last part of the name of its class.
    pub(super) group: &'static str,
    /// Kebab-case.
    pub(super) code: &'static str,
    /// What it is, in a line; visible already.
    pub(super) message: String,
    /// How bad it is.
    pub(super) weight: Weight,
    /// The waiver that it speaks of.
    pub(super) waiver: Option<WaiverId>,
}

/// How bad something is that no case says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Weight {
    /// A promise is broken: a waiver does not hold.
    Failure,
    /// Something went wrong besides.
    Error,
}

/// How many things are named in a line.
const MOST_NAMED: usize = 20;

/// All that a run is not green for beyond its cases, in the order in which it is told.
pub(super) fn beyond(record: &RunRecord) -> Vec<Beyond> {
    let Some(end) = &record.end else {
        // Where a case did not end, that case says so.
        let is_told = record.totals().of(OutcomeClass::Unfinished) > 0;
        let message = "the events end before the run does".to_owned();
        return if is_told { Vec::new() } else { vec![error("the run", "run-not-ended", message)] };
    };
    let waivers = end.waivers.iter().map(|problem| Beyond {
        name: format!("waiver {}", problem.waiver),
        group: "waivers",
        code: waived::fault_code(&problem.fault),
        message: waived::fault(record, problem),
        weight: Weight::Failure,
        waiver: Some(problem.waiver.clone()),
    });
    let left = (!end.left.is_empty()).then(|| {
        let told = end.left.iter().take(MOST_NAMED).map(|left| visible::short(&left.request, 300));
        let told = told.collect::<Vec<_>>().join("; ");
        let things = words::count(end.left.len(), "thing");
        error("left on the target", "left-on-target", format!("{things} may still be there: {told}"))
    });
    let internal = (!end.internal.is_empty()).then(|| {
        let told = end.internal.iter().take(MOST_NAMED).map(|defect| visible::short(defect, 300));
        error("the program", "internal", told.collect::<Vec<_>>().join("; "))
    });
    waivers.chain(left).chain(internal).collect()
}

fn error(name: &str, code: &'static str, message: String) -> Beyond {
    Beyond { name: name.to_owned(), group: "run", code, message, weight: Weight::Error, waiver: None }
}
