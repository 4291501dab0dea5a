use std::collections::BTreeSet;
use std::sync::Arc;

use crate::event::{Finding, FoundAt, Outcome, Verdict, Waiver, WaiverId};

/// Marks what waivers forgive while a case is tried, and says how the case ends with that.
#[derive(Debug, Default)]
pub(super) struct Waiving {
    /// The narrowest first.
    waivers: Arc<[Waiver]>,
    /// Those that something was forgiven by.
    used: BTreeSet<WaiverId>,
    /// Whether something failed that none of them forgives, or could not be decided.
    has_more: bool,
}

impl Waiving {
    pub(super) fn by(waivers: Arc<[Waiver]>) -> Self {
        Self { waivers, ..Self::default() }
    }

    /// Marks the findings that are forgiven, each by the narrowest waiver for it.
    pub(super) fn mark(&mut self, at: FoundAt<'_>, findings: &mut [Finding]) {
        for finding in findings {
            match self.waivers.iter().find(|waiver| waiver.covers(at, finding)) {
                Some(waiver) => {
                    finding.waived = Some(waiver.id.clone());
                    self.used.insert(waiver.id.clone());
                }
                None => {
                    self.has_more |= matches!(finding.verdict, Verdict::Fail | Verdict::Warn | Verdict::Broken);
                }
            }
        }
    }

    /// Whether all that failed is forgiven.
    pub(super) fn forgives_all(&self) -> bool {
        !self.used.is_empty() && !self.has_more
    }

    /// The outcome: known where the case failed, or warned, by nothing but what is forgiven.
    pub(super) fn outcome(&self, outcome: Outcome) -> Outcome {
        match outcome {
            Outcome::Failed | Outcome::Warned if self.forgives_all() => {
                Outcome::Known { waivers: self.used.iter().cloned().collect() }
            }
            Outcome::Passed
            | Outcome::Warned
            | Outcome::Flaky { .. }
            | Outcome::Known { .. }
            | Outcome::Failed
            | Outcome::Inconclusive { .. }
            | Outcome::Broken { .. }
            | Outcome::Blocked { .. }
            | Outcome::Unfinished { .. }
            | Outcome::Skipped { .. } => outcome,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Day;
    use crate::event::{Block, CaseId, StepPath, Waived};

    fn waiver(id: &str, of: Waived) -> Waiver {
        Waiver {
            id: WaiverId::new(id),
            of,
            finding: Some("status-mismatch".to_owned()),
            reason: "known".to_owned(),
            owner: "api-team".to_owned(),
            issue: None,
            expires: Day::parse("2027-02-01").unwrap(),
            days_left: 3,
        }
    }

    fn finding(verdict: Verdict, code: &str) -> Finding {
        Finding { verdict, code: code.to_owned(), ..Finding::pass("expect.status".into(), Block::Expect) }
    }

    /// The outcome of a case that would have ended with `outcome`, and who forgives each finding.
    fn tried(mut findings: Vec<Finding>, outcome: Outcome) -> (Outcome, Vec<Option<String>>) {
        let waivers = [
            waiver("W-1", Waived::Check("case#step.expect.status".to_owned())),
            waiver("W-2", Waived::Scenario("case".to_owned())),
        ];
        let mut waiving = Waiving::by(Arc::from(waivers));
        let (case, step) = (CaseId::new("case"), StepPath::new("step"));
        waiving.mark(FoundAt { case: &case, scenario: "case", step: &step, verifies: &[] }, &mut findings);
        let by = findings.into_iter().map(|finding| finding.waived.map(|id| id.to_string())).collect();
        (waiving.outcome(outcome), by)
    }

    #[test]
    fn the_narrowest_waiver_forgives_and_the_case_is_known() {
        let known = Outcome::Known { waivers: vec![WaiverId::new("W-1")] };
        let by = vec![Some("W-1".to_owned())];
        assert_eq!(
            tried(vec![finding(Verdict::Fail, "status-mismatch")], Outcome::Failed),
            (known.clone(), by.clone())
        );
        assert_eq!(tried(vec![finding(Verdict::Warn, "status-mismatch")], Outcome::Warned), (known, by));
    }

    #[test]
    fn whatever_else_does_not_hold_leaves_the_outcome_as_it_is() {
        for (verdict, code) in
            [(Verdict::Fail, "json-mismatch"), (Verdict::Warn, "json-mismatch"), (Verdict::Broken, "status-mismatch")]
        {
            let findings = vec![finding(Verdict::Fail, "status-mismatch"), finding(verdict, code)];
            let by = vec![Some("W-1".to_owned()), None];
            assert_eq!(tried(findings, Outcome::Failed), (Outcome::Failed, by), "{verdict} {code}");
        }
        for outcome in [
            Outcome::Passed,
            Outcome::Blocked { step: StepPath::new("step") },
            Outcome::Inconclusive { why: "no answer".to_owned() },
            Outcome::Broken { why: "undecided".to_owned() },
            Outcome::Unfinished { why: "stopped".to_owned() },
        ] {
            let (found, _) = tried(vec![finding(Verdict::Warn, "status-mismatch")], outcome.clone());
            assert_eq!(found, outcome);
        }
    }
}
