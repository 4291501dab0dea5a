//! What fails a run besides a broken MUST, in words, the same in every report.

use crate::event::{FailOn, FlakyRule, Gate, OutcomeClass, RunRecord};

/// `--fail-on should, --flaky fail`, where it is not the usual gate.
pub(super) fn rules(gate: Gate) -> Option<String> {
    let rules = [(gate.fail_on == FailOn::Should, "--fail-on should"), (gate.flaky == FlakyRule::Fail, "--flaky fail")];
    let told: Vec<&str> = rules.into_iter().filter_map(|(holds, rule)| holds.then_some(rule)).collect();
    (!told.is_empty()).then(|| told.join(", "))
}

/// `2 warned (--fail-on should)`: what fails the run by its gate alone.
pub(super) fn told(record: &RunRecord) -> Option<String> {
    let totals = record.totals();
    let counted = |class: OutcomeClass, rule: &str| {
        let count = totals.of(class);
        (record.gate.fails(class) && count > 0).then(|| format!("{count} {class} ({rule})"))
    };
    let told: Vec<String> =
        [counted(OutcomeClass::Warned, "--fail-on should"), counted(OutcomeClass::Flaky, "--flaky fail")]
            .into_iter()
            .flatten()
            .collect();
    (!told.is_empty()).then(|| told.join(", "))
}
