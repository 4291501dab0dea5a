use std::fmt::Write as _;

use crate::event::RunRecord;
use crate::report::paint::Role;
use crate::report::{Paint, visible, waived, words};

/// How many cases of a waiver are named.
const MOST_NAMED: usize = 12;

/// The waivers that something was forgiven by, then those that do not hold.
pub(super) fn draw(out: &mut String, record: &RunRecord, paint: Paint) {
    let used = waived::in_use(record);
    if !used.is_empty() {
        // Writing to a text cannot fail, here and below.
        let _ = writeln!(out, "\n{}", paint.dress(Role::Strong, "waived"));
    }
    for (waiver, cases) in &used {
        let id = paint.dress(Role::Odd, &format!("≈ {}", visible::short(waiver.id.as_str(), 80)));
        let owner = visible::short(waiver.owner.trim(), 80);
        let _ = writeln!(out, "  {id}  {owner}, {} ({})", waived::days(waiver), waiver.expires);
        let _ = writeln!(out, "      {}", waived::subject(waiver));
        let _ = writeln!(out, "      {}", visible::short(waiver.reason.trim(), 500));
        if let Some(issue) = &waiver.issue {
            let _ = writeln!(out, "      {}", visible::short(issue, 300));
        }
        let named = cases.iter().take(MOST_NAMED).map(|id| visible::short(id, 300));
        let more = cases.len().saturating_sub(MOST_NAMED);
        let more = (more > 0).then(|| format!("… and {more} more"));
        let list = words::wrapped(named.chain(more), 8, 110);
        let _ = writeln!(out, "      {}: {list}", words::count(cases.len(), "case"));
    }
    let problems = record.end.as_ref().map_or(&[][..], |end| &end.waivers);
    if !problems.is_empty() {
        let _ = writeln!(out, "\n{}", paint.dress(Role::Strong, "waivers that do not hold: each fails the run"));
    }
    for problem in problems {
        let id = paint.dress(Role::Bad, &format!("✗ {}", visible::short(problem.waiver.as_str(), 80)));
        let _ = writeln!(out, "  {id}  {}", waived::fault(record, problem));
        if let Some(waiver) = record.waiver(&problem.waiver) {
            let _ = writeln!(out, "      {}", waived::subject(waiver));
            let owner = visible::short(waiver.owner.trim(), 80);
            let _ = writeln!(out, "      {owner}: {}", visible::short(waiver.reason.trim(), 500));
        }
    }
}
