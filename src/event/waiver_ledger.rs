use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{
    CaseHead, CaseId, Event, Finding, FoundAt, OutcomeClass, RequirementId, StepPath, Verdict, Waived, Waiver, WaiverId,
};

/// A waiver that does not hold: a failure of the run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaiverProblem {
    /// The waiver.
    pub waiver: WaiverId,
    /// What is wrong with it.
    pub fault: WaiverFault,
}

/// What is wrong with a waiver.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WaiverFault {
    /// Its day has passed; what it waived counts again.
    Expired,
    /// What it waives held.
    Passed,
    /// What it names failed otherwise: by these codes.
    Otherwise(Vec<String>),
    /// Nothing that ran is what it names.
    Unmatched,
}

/// Follows the events of a run, and says which of its waivers do not hold. Pure: the live run and replay ask the same.
#[derive(Clone, Debug, Default)]
pub struct WaiverLedger {
    waivers: Vec<Waiver>,
    cases: BTreeMap<CaseId, Case>,
    /// Cases of the plan that run in other shards: what a waiver of theirs is worth is not known here.
    elsewhere: Vec<CaseHead>,
}

#[derive(Clone, Debug)]
struct Case {
    head: CaseHead,
    /// How it ended; none as long as it did not.
    ended: Option<OutcomeClass>,
    /// What the last try has shown of each waiver, in their order.
    seen: Vec<Seen>,
}

/// What a try of a case has shown of a waiver.
#[derive(Clone, Debug, Default)]
struct Seen {
    /// What it names was judged; of a check, its step was done.
    reached: bool,
    /// Something failed as it says.
    matched: bool,
    /// What it names could not be decided.
    undecided: bool,
    /// By which codes what it names failed otherwise.
    others: BTreeSet<String>,
}

impl WaiverLedger {
    /// Takes in one event.
    pub fn observe(&mut self, event: &Event) {
        match event {
            Event::RunStarted { waivers, cases, shard, .. } if !waivers.is_empty() => {
                let seen = vec![Seen::default(); waivers.len()];
                let case = |head: &CaseHead| Case { head: head.clone(), ended: None, seen: seen.clone() };
                self.cases = cases.iter().map(|head| (head.id.clone(), case(head))).collect();
                self.waivers.clone_from(waivers);
                self.elsewhere = shard.iter().flat_map(|head| head.elsewhere().cloned()).collect();
            }
            Event::CaseStarted { case, .. } => {
                if let Some(case) = self.cases.get_mut(case) {
                    case.seen.fill(Seen::default());
                }
            }
            Event::StepFinished { case, step, verifies, left_out: None, findings, .. } => {
                if let Some(case) = self.cases.get_mut(case) {
                    case.take_in(&self.waivers, step, verifies, findings);
                }
            }
            Event::CaseFinished { case, outcome, again: false, .. } => {
                if let Some(case) = self.cases.get_mut(case) {
                    case.ended = Some(outcome.class());
                }
            }
            Event::RunStarted { .. }
            | Event::SetupFinished { .. }
            | Event::StepStarted { .. }
            | Event::ExchangeDone { .. }
            | Event::StepFinished { .. }
            | Event::CaseFinished { .. }
            | Event::Waited { .. }
            | Event::UndoFinished { .. }
            | Event::CancelBegun { .. }
            | Event::RunFinished(_) => {}
        }
    }

    /// The waivers that do not hold, in their order. One that is for none of the run's cases is not among them.
    #[must_use]
    pub fn problems(&self) -> Vec<WaiverProblem> {
        let fault = |(at, waiver): (usize, &Waiver)| {
            let cases: Vec<&Case> = self.cases.values().filter(|case| is_meant(&case.head, waiver)).collect();
            let fault = fault(waiver, at, &cases)?;
            let is_open = self.elsewhere.iter().any(|head| is_meant(head, waiver));
            if is_open && matches!(fault, WaiverFault::Passed | WaiverFault::Otherwise(_) | WaiverFault::Unmatched) {
                return None;
            }
            Some(WaiverProblem { waiver: waiver.id.clone(), fault })
        };
        self.waivers.iter().enumerate().filter_map(fault).collect()
    }
}

/// Whether the waiver is for this case, or for something of it.
fn is_meant(head: &CaseHead, waiver: &Waiver) -> bool {
    match &waiver.of {
        Waived::Check(id) => id.strip_prefix(head.id.base()).is_some_and(|rest| rest.starts_with('#')),
        Waived::Case(id) => id.as_str() == head.id.base(),
        Waived::Scenario(id) => *id == head.scenario,
        Waived::Requirement(id) => head.verifies.contains(id),
    }
}

fn fault(waiver: &Waiver, at: usize, cases: &[&Case]) -> Option<WaiverFault> {
    if cases.is_empty() {
        return None;
    }
    if !waiver.is_live() {
        return Some(WaiverFault::Expired);
    }
    let seen = |case: &&Case| case.seen.get(at).cloned().unwrap_or_default();
    if cases.iter().any(|case| seen(case).matched) {
        return None;
    }
    let others: BTreeSet<String> = cases.iter().flat_map(|case| seen(case).others).collect();
    if !others.is_empty() {
        return Some(WaiverFault::Otherwise(others.into_iter().collect()));
    }
    // Of a case that did not come to a verdict nobody knows what the waiver is worth; the run fails by the case.
    if cases.iter().any(|case| case.is_open() || seen(case).undecided) {
        return None;
    }
    // Nor of one that failed elsewhere, unless the check was put before that.
    let is_put = |case: &&Case| matches!(waiver.of, Waived::Check(_)) && seen(case).reached;
    if cases.iter().any(|case| case.ended == Some(OutcomeClass::Failed) && !is_put(case)) {
        return None;
    }
    Some(if cases.iter().any(|case| seen(case).reached) { WaiverFault::Passed } else { WaiverFault::Unmatched })
}

impl Case {
    fn take_in(&mut self, waivers: &[Waiver], step: &StepPath, verifies: &[RequirementId], findings: &[Finding]) {
        let at = FoundAt { case: &self.head.id, scenario: &self.head.scenario, step, verifies };
        for (waiver, seen) in waivers.iter().zip(&mut self.seen) {
            // A check of a capture or of the protocol makes a finding only where it fails.
            seen.reached |= matches!(waiver.of, Waived::Check(_)) && waiver.of.holds_step(at);
            for finding in findings.iter().filter(|finding| waiver.concerns(at, finding)) {
                seen.reached = true;
                match finding.verdict {
                    Verdict::Pass | Verdict::Note => {}
                    Verdict::Broken => seen.undecided = true,
                    Verdict::Warn | Verdict::Fail if waiver.covers(at, finding) => seen.matched = true,
                    Verdict::Warn | Verdict::Fail => {
                        seen.others.insert(finding.code.clone());
                    }
                }
            }
        }
    }

    /// Whether it ended without a verdict, or did not end.
    fn is_open(&self) -> bool {
        match self.ended {
            None
            | Some(
                OutcomeClass::Inconclusive
                | OutcomeClass::Broken
                | OutcomeClass::Blocked
                | OutcomeClass::Unfinished
                | OutcomeClass::Skipped,
            ) => true,
            Some(
                OutcomeClass::Passed
                | OutcomeClass::Warned
                | OutcomeClass::Flaky
                | OutcomeClass::Known
                | OutcomeClass::Failed,
            ) => false,
        }
    }
}
