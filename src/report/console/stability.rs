use std::fmt::Write as _;

use crate::event::{OutcomeClass, RunRecord};
use crate::report::paint::Role;
use crate::report::stability::{repeated, told};
use crate::report::{Paint, visible};

use super::summary::title;

/// How many cases are named.
const MOST_NAMED: usize = 200;

/// A line for each case whose repetitions did not end the same.
pub(super) fn draw(out: &mut String, record: &RunRecord, paint: Paint) {
    let Some(text) = told(record) else { return };
    title(out, paint, &format!("repeated: {text}"));
    let all = repeated(record);
    for case in all.iter().filter(|case| case.is_unstable()).take(MOST_NAMED) {
        let classes = OutcomeClass::ALL.into_iter().filter(|class| case.totals.of(*class) > 0);
        let counts: Vec<String> = classes.map(|class| format!("{} {class}", case.totals.of(class))).collect();
        let mark = paint.dress(Role::Odd, "~");
        // Writing to a text cannot fail.
        let _ = writeln!(
            out,
            "  {mark} {}: {} of {}",
            visible::short(case.case, 300),
            counts.join(", "),
            case.totals.all()
        );
    }
}
