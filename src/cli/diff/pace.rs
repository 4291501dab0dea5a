use std::collections::BTreeMap;

use serde::Serialize;

use super::recorded::StepKey;

/// When a step counts as slower.
///
/// Two runs are two samples, so that a rule must not take noise for news. A machine that was busy makes all steps slower:
/// the median over all steps says by how much, and each step is compared with what that leads to expect. What is left must
/// be more by a factor, so that a slow step may vary, and by a span, so that a fast one may.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub(super) struct Rule {
    /// So many times what is expected.
    pub(super) factor: f64,
    /// And so many microseconds more.
    pub(super) by_us: u64,
}

/// How the steps of two runs compare in time.
#[derive(Debug, Default, PartialEq, Serialize)]
pub(super) struct Paces {
    /// How many times as long the steps took in the middle; absent with fewer than [`FEWEST`] steps in both.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) median: Option<f64>,
    /// Those that are slower than that explains, the worst first.
    pub(super) slower: Vec<Slower>,
}

/// A step that is slower.
#[derive(Debug, PartialEq, Serialize)]
pub(super) struct Slower {
    pub(super) case: String,
    pub(super) step: String,
    pub(super) before_us: u64,
    pub(super) after_us: u64,
}

/// With fewer steps a median says nothing of the machine.
const FEWEST: usize = 8;

impl Paces {
    /// Compares the steps that both have.
    pub(super) fn of(before: &BTreeMap<StepKey, u64>, after: &BTreeMap<StepKey, u64>, rule: Rule) -> Self {
        let both: Vec<(&StepKey, u64, u64)> =
            before.iter().filter_map(|(key, was)| Some((key, *was, *after.get(key)?))).collect();
        let mut ratios: Vec<f64> = both.iter().map(|(_, was, is)| ratio(*is, *was)).collect();
        ratios.sort_by(f64::total_cmp);
        let median = (ratios.len() >= FEWEST).then(|| ratios[ratios.len() / 2]);
        // A run that was faster as a whole makes no step slower that is not.
        let drift = median.unwrap_or(1.0).max(1.0);
        let mut slower: Vec<Slower> = both
            .into_iter()
            .filter(|(_, was, is)| {
                let expected = micros(*was) * drift;
                micros(*is) >= expected * rule.factor && micros(*is) - expected >= micros(rule.by_us)
            })
            .map(|((case, step), was, is)| Slower {
                case: case.to_string(),
                step: step.to_string(),
                before_us: was,
                after_us: is,
            })
            .collect();
        slower.sort_by_key(|step| std::cmp::Reverse(step.after_us - step.before_us));
        Self { median: median.map(|median| (median * 100.0).round() / 100.0), slower }
    }
}

fn ratio(is: u64, was: u64) -> f64 {
    micros(is) / micros(was.max(1))
}

#[expect(clippy::cast_precision_loss, reason = "no step takes 285 years")]
fn micros(span: u64) -> f64 {
    span as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{CaseId, StepPath};

    const RULE: Rule = Rule { factor: 2.0, by_us: 100_000 };

    fn run(steps: &[u64]) -> BTreeMap<StepKey, u64> {
        let key = |at: usize| (CaseId::new("case"), StepPath::new(&format!("step-{at}")));
        steps.iter().enumerate().map(|(at, took)| (key(at), *took)).collect()
    }

    fn slower(before: &[u64], after: &[u64]) -> Vec<String> {
        Paces::of(&run(before), &run(after), RULE).slower.into_iter().map(|step| step.step).collect()
    }

    #[test]
    fn a_step_is_slower_by_a_factor_and_a_span() {
        assert_eq!(slower(&[100_000], &[250_000]), ["step-0"]);
        // Three times as long, but what is a few milliseconds?
        assert_eq!(slower(&[10_000], &[30_000]), Vec::<String>::new());
        // A long way more, but of much.
        assert_eq!(slower(&[1_000_000], &[1_500_000]), Vec::<String>::new());
    }

    #[test]
    fn a_machine_that_was_busy_makes_no_step_slower() {
        let before = [100_000; 9];
        assert_eq!(slower(&before, &[300_000; 9]), Vec::<String>::new());
        let mut after = [300_000; 9];
        after[4] = 900_000;
        assert_eq!(slower(&before, &after), ["step-4"]);
    }

    #[test]
    fn a_step_that_is_not_in_both_runs_is_not_compared() {
        assert_eq!(slower(&[1], &[1, 9_000_000]), Vec::<String>::new());
    }
}
