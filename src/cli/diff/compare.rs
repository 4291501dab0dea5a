use std::collections::BTreeSet;

use serde::Serialize;

use crate::event::{CaseRecord, OutcomeClass, RunRecord, Verdict};

use super::pace::{Paces, Rule};
use super::recorded::Recorded;

/// The version of the JSON of `assize diff`: a member may be added, none changes its meaning.
/// Its schema is `docs/schema/output/diff.json`.
const FORMAT: u32 = 1;

/// What two runs differ in.
#[derive(Debug, Serialize)]
pub(super) struct Diff {
    format: u32,
    pub(super) before: Side,
    pub(super) after: Side,
    /// What differs between the runs themselves: a digest, a target. Then their cases may differ for that reason.
    pub(super) changed: Vec<Changed>,
    /// Cases that failed or could not be judged, and had not before.
    pub(super) regressions: Vec<Case>,
    /// Cases that passed, and had not before.
    pub(super) fixed: Vec<Case>,
    /// Cases that passed at a later try only, and had not needed one.
    pub(super) newly_flaky: Vec<Case>,
    /// Other changes: a warning that is new or gone, a failure of another kind, a case that was skipped.
    pub(super) otherwise: Vec<Case>,
    /// Cases that only the later run has.
    pub(super) new: Vec<Case>,
    /// Cases that only the earlier run has.
    pub(super) removed: Vec<Case>,
    /// How many ended as before.
    pub(super) same: usize,
    /// By which rule a step is slower.
    pub(super) rule: Rule,
    /// How the steps compare in time.
    #[serde(flatten)]
    pub(super) paces: Paces,
}

/// One of the two runs.
#[derive(Debug, Serialize)]
pub(super) struct Side {
    pub(super) suite: String,
    pub(super) suite_sha256: String,
    pub(super) target: String,
    pub(super) base_url: String,
    pub(super) tool: String,
    pub(super) seed: u64,
    pub(super) cases: usize,
    /// Whether its log has its end.
    pub(super) complete: bool,
}

/// Something in which the runs themselves differ.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Changed {
    /// `suite`, `suite digest`, `target`, `base url` or `program`.
    pub(super) what: &'static str,
    pub(super) before: String,
    pub(super) after: String,
}

/// A case, and how it ended in each run that has it.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Case {
    pub(super) id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) before: Option<OutcomeClass>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) after: Option<OutcomeClass>,
    /// What did not hold: in the later run, or where it passed there, in the earlier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) why: Option<String>,
}

/// How a change of outcome is to be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Change {
    Regression,
    Fixed,
    NewlyFlaky,
    Otherwise,
    Same,
}

/// What an outcome says of the promise.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Word {
    Good,
    Known,
    Bad,
    Undecided,
    Silent,
}

fn word(class: OutcomeClass) -> Word {
    match class {
        OutcomeClass::Passed | OutcomeClass::Warned | OutcomeClass::Flaky => Word::Good,
        OutcomeClass::Known => Word::Known,
        OutcomeClass::Failed => Word::Bad,
        OutcomeClass::Inconclusive | OutcomeClass::Broken | OutcomeClass::Blocked | OutcomeClass::Unfinished => {
            Word::Undecided
        }
        OutcomeClass::Skipped => Word::Silent,
    }
}

fn change(before: OutcomeClass, after: OutcomeClass) -> Change {
    match (word(before), word(after)) {
        // What an answer proves is news, also where nothing was known before.
        (Word::Good | Word::Known | Word::Undecided | Word::Silent, Word::Bad)
        | (Word::Good | Word::Known, Word::Undecided) => Change::Regression,
        (Word::Bad | Word::Known | Word::Undecided, Word::Good) => Change::Fixed,
        (_, Word::Good) if after == OutcomeClass::Flaky && before != OutcomeClass::Flaky => Change::NewlyFlaky,
        _ if before == after => Change::Same,
        _ => Change::Otherwise,
    }
}

impl Diff {
    /// Compares two runs.
    pub(super) fn of(before: &Recorded, after: &Recorded, rule: Rule) -> Self {
        let mut diff = Self {
            format: FORMAT,
            before: Side::of(&before.record),
            after: Side::of(&after.record),
            changed: Vec::new(),
            regressions: Vec::new(),
            fixed: Vec::new(),
            newly_flaky: Vec::new(),
            otherwise: Vec::new(),
            new: Vec::new(),
            removed: Vec::new(),
            same: 0,
            rule,
            paces: Paces::of(&before.took, &after.took, rule),
        };
        diff.changed = diff.before.changed(&diff.after);
        for case in &after.record.cases {
            match before.record.case(&case.head.id) {
                Some(was) => diff.compare(was, case),
                None => diff.new.push(Case::of(None, Some(case))),
            }
        }
        let gone = before.record.cases.iter().filter(|case| after.record.case(&case.head.id).is_none());
        diff.removed = gone.map(|case| Case::of(Some(case), None)).collect();
        diff
    }

    fn compare(&mut self, was: &CaseRecord, is: &CaseRecord) {
        let (before, after) = (was.outcome_or_unfinished().class(), is.outcome_or_unfinished().class());
        let list = match change(before, after) {
            Change::Regression => &mut self.regressions,
            Change::Fixed => &mut self.fixed,
            Change::NewlyFlaky => &mut self.newly_flaky,
            Change::Otherwise => &mut self.otherwise,
            // It fails as before, or it fails of something else.
            Change::Same if faults(was) != faults(is) => &mut self.otherwise,
            Change::Same => {
                self.same += 1;
                return;
            }
        };
        list.push(Case::of(Some(was), Some(is)));
    }
}

impl Side {
    fn of(record: &RunRecord) -> Self {
        let suite = record.suite.as_ref();
        let target = record.target.as_ref();
        Self {
            suite: suite.map(|suite| format!("{} {}", suite.name, suite.version)).unwrap_or_default(),
            suite_sha256: suite.map(|suite| suite.sha256.clone()).unwrap_or_default(),
            target: target.map(|target| target.name.clone()).unwrap_or_default(),
            base_url: target.map(|target| target.base_url.clone()).unwrap_or_default(),
            tool: record.tool.as_ref().map(|tool| format!("{} {}", tool.name, tool.version)).unwrap_or_default(),
            seed: record.seed,
            cases: record.cases.len(),
            complete: record.end.is_some(),
        }
    }

    fn changed(&self, after: &Self) -> Vec<Changed> {
        let pairs = [
            ("suite", &self.suite, &after.suite),
            ("suite digest", &self.suite_sha256, &after.suite_sha256),
            ("target", &self.target, &after.target),
            ("base url", &self.base_url, &after.base_url),
            ("program", &self.tool, &after.tool),
        ];
        let differs = pairs.into_iter().filter(|(_, before, after)| before != after);
        differs.map(|(what, before, after)| Changed { what, before: before.clone(), after: after.clone() }).collect()
    }
}

impl Case {
    fn of(before: Option<&CaseRecord>, after: Option<&CaseRecord>) -> Self {
        let class = |case: &CaseRecord| case.outcome_or_unfinished().class();
        let id = after.or(before).map(|case| case.head.id.to_string()).unwrap_or_default();
        let why = after.and_then(why).or_else(|| before.filter(|_| after.is_some()).and_then(why));
        Self { id, before: before.map(class), after: after.map(class), why }
    }
}

/// What did not hold, in a line: the gravest finding of the last try, else the reason of the outcome.
fn why(case: &CaseRecord) -> Option<String> {
    let steps = case.last_try().into_iter().flat_map(|attempt| &attempt.steps);
    let findings = steps.flat_map(|step| step.findings.iter().map(move |finding| (step, finding)));
    let adverse: Vec<_> = findings.filter(|(_, finding)| finding.verdict >= Verdict::Warn).collect();
    // Of several that are as grave the last is found first, so that the first is wanted from behind.
    let first = adverse.into_iter().rev().max_by_key(|(_, finding)| finding.verdict);
    first
        .map(|(step, finding)| {
            let message = finding.message.lines().next().unwrap_or_default();
            format!("{}.{}: {message}", step.step, finding.check)
        })
        .or_else(|| case.outcome_or_unfinished().why())
}

/// The checks that did not hold, with their codes.
fn faults(case: &CaseRecord) -> BTreeSet<(String, String)> {
    let steps = case.last_try().into_iter().flat_map(|attempt| &attempt.steps);
    steps
        .flat_map(|step| {
            let adverse = step.findings.iter().filter(|finding| finding.verdict >= Verdict::Warn);
            adverse.map(|finding| (format!("{}.{}", step.step, finding.check), finding.code.clone()))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;

    #[test]
    fn every_pair_of_outcomes_is_taken_as_the_table_says() {
        let mut table = String::new();
        for before in OutcomeClass::ALL {
            for after in OutcomeClass::ALL {
                // Writing to a text cannot fail.
                let _ = writeln!(table, "{before} → {after}: {:?}", change(before, after));
            }
        }
        insta::assert_snapshot!("changes", table);
    }

    #[test]
    fn nothing_that_ends_as_before_is_a_change() {
        for class in OutcomeClass::ALL {
            assert_eq!(change(class, class), Change::Same, "{class}");
        }
    }
}
