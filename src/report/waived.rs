//! Waivers in words, the same in every report.

use crate::event::{RunRecord, Waiver, WaiverFault, WaiverId, WaiverProblem};

use super::{visible, words};

/// `41 days left`, `its last day`, `expired 3 days ago`.
pub(super) fn days(waiver: &Waiver) -> String {
    match waiver.days_left {
        0 => "its last day".to_owned(),
        left @ 1.. => format!("{} left", words::count(left.unsigned_abs(), "day")),
        past => format!("expired {} ago", words::count(past.unsigned_abs(), "day")),
    }
}

/// `W-12 (api-team, 41 days left: the tenant follows the reference)`; of an id that nobody knows, the id.
pub(super) fn told(record: &RunRecord, id: &WaiverId) -> String {
    let shown = visible::short(id.as_str(), 80);
    match record.waiver(id) {
        Some(waiver) => {
            let owner = visible::short(waiver.owner.trim(), 80);
            format!("{shown} ({owner}, {}: {})", days(waiver), visible::short(waiver.reason.trim(), 300))
        }
        None => shown,
    }
}

/// The same of several.
pub(super) fn told_all(record: &RunRecord, ids: &[WaiverId]) -> String {
    ids.iter().map(|id| told(record, id)).collect::<Vec<_>>().join(" and ")
}

/// `check session.end#again.should.status (status-mismatch)`: what it is for.
pub(super) fn subject(waiver: &Waiver) -> String {
    let code = waiver.finding.as_ref().map(|code| format!(" ({})", visible::short(code, 80))).unwrap_or_default();
    format!("{} {}{code}", waiver.of.kind(), visible::short(waiver.subject(), 300))
}

/// Why a waiver does not hold, in a sentence.
pub(super) fn fault(record: &RunRecord, problem: &WaiverProblem) -> String {
    let waiver = record.waiver(&problem.waiver);
    match &problem.fault {
        WaiverFault::Expired => {
            let day = waiver.map(|waiver| waiver.expires.to_string()).unwrap_or_default();
            let days = waiver.map(days).unwrap_or_default();
            format!("its last day was {day} ({days}): mend what it waived, or let its owner look again")
        }
        WaiverFault::Passed => "what it waives does not fail any more: remove it".to_owned(),
        WaiverFault::Otherwise(codes) => {
            let codes = codes.iter().map(|code| format!("`{}`", visible::short(code, 80))).collect::<Vec<_>>();
            let meant = waiver.and_then(|waiver| waiver.finding.as_ref()).map(|code| visible::short(code, 80));
            let meant = meant.map(|code| format!(", not with `{code}`")).unwrap_or_default();
            format!("what it waives fails with {}{meant}", codes.join(", "))
        }
        WaiverFault::Unmatched => "nothing that ran is what it names".to_owned(),
    }
}

/// The code of a fault, in kebab-case.
pub(super) fn fault_code(fault: &WaiverFault) -> &'static str {
    match fault {
        WaiverFault::Expired => "waiver-expired",
        WaiverFault::Passed => "waiver-passed",
        WaiverFault::Otherwise(_) => "waiver-otherwise",
        WaiverFault::Unmatched => "waiver-unmatched",
    }
}

/// The waivers that a case is known by, in the order of the record, each with its cases.
pub(super) fn in_use(record: &RunRecord) -> Vec<(&Waiver, Vec<&str>)> {
    let mut used: Vec<(&Waiver, Vec<&str>)> = record.waivers.iter().map(|waiver| (waiver, Vec::new())).collect();
    for case in &record.cases {
        let Some(last) = case.last_try() else { continue };
        for (waiver, cases) in &mut used {
            let is_marked = |finding: &crate::event::Finding| finding.waived.as_ref() == Some(&waiver.id);
            if last.steps.iter().any(|step| step.findings.iter().any(is_marked)) {
                cases.push(case.head.id.as_str());
            }
        }
    }
    used.retain(|(_, cases)| !cases.is_empty());
    used
}
