use std::collections::BTreeMap;

use crate::event::{
    Block, CaseId, Event, FaultKind, Finding, Outcome, OutcomeClass, Purpose, RequirementId, Stamped, StepPath, Verdict,
};
use crate::suite::{Catalogue, DefectEntry};

use super::matrix::{Astray, Notice};

/// A check of a step that did not hold.
struct Adverse {
    step: StepPath,
    verifies: Vec<RequirementId>,
    check: String,
    verdict: Verdict,
}

/// What the last try of a case came to.
#[derive(Default)]
struct Tried {
    /// The control address of its tenant, if it had one of its own.
    control: Option<String>,
    adverse: Vec<Adverse>,
    /// How the answer under way was broken, where it came to none that could be judged.
    fault: Option<FaultKind>,
    /// Steps whose answer was broken so.
    unread: Vec<Unread>,
    outcome: Option<Outcome>,
}

impl Tried {
    /// How it ended, as that of a case that may not end so.
    fn astray(&self, case: &CaseId) -> Astray {
        let outcome = self.outcome.as_ref();
        let check = self.adverse.first().map(|it| format!("{} {}: {}", it.step, it.check, it.verdict));
        Astray {
            case: case.to_string(),
            outcome: outcome.map_or("unfinished", |outcome| outcome.class().as_str()),
            why: match outcome {
                Some(outcome) => outcome.why().or(check).unwrap_or_default(),
                None => "it did not end".to_owned(),
            },
        }
    }
}

/// A step whose answer was broken on the wire: nothing could be put to it.
struct Unread {
    step: StepPath,
    verifies: Vec<RequirementId>,
    fault: FaultKind,
}

/// What a run against a defect has shown: the checks that did not hold, and how each case ended.
#[derive(Default)]
pub(super) struct Observed {
    cases: BTreeMap<CaseId, Tried>,
}

impl Observed {
    /// Takes in one event.
    pub(super) fn take(&mut self, event: &Stamped) {
        match &event.body {
            Event::CaseStarted { case, tenant, .. } => {
                let control = tenant.get("control").cloned();
                self.cases.insert(case.clone(), Tried { control, ..Tried::default() });
            }
            Event::ExchangeDone { case, exchange, purpose, .. } => {
                if let Some(tried) = self.cases.get_mut(case).filter(|_| is_of_step(*purpose)) {
                    tried.fault = exchange.fault.as_ref().map(|fault| fault.kind).filter(|kind| is_of_wire(*kind));
                }
            }
            Event::StepFinished { case, step, verifies, findings, .. } => {
                if let Some(tried) = self.cases.get_mut(case) {
                    let unread = tried.fault.take().filter(|_| findings.is_empty());
                    let unread = unread.map(|fault| Unread { step: step.clone(), verifies: verifies.to_vec(), fault });
                    tried.unread.extend(unread);
                    // A precondition judges no requirement.
                    let counts = |finding: &&Finding| finding.is_adverse() && finding.block != Block::Given;
                    tried.adverse.extend(findings.iter().filter(counts).map(|finding| Adverse {
                        step: step.clone(),
                        verifies: verifies.to_vec(),
                        check: finding.check.to_string(),
                        verdict: finding.verdict,
                    }));
                }
            }
            Event::CaseFinished { case, outcome, .. } => {
                if let Some(tried) = self.cases.get_mut(case) {
                    tried.outcome = Some(outcome.clone());
                }
            }
            Event::RunStarted { .. }
            | Event::SetupFinished { .. }
            | Event::StepStarted { .. }
            | Event::Waited { .. }
            | Event::UndoFinished { .. }
            | Event::CancelBegun { .. }
            | Event::RunFinished(_) => {}
        }
    }

    /// Which checks noticed the defect, and which cases ended otherwise than they may.
    pub(super) fn judged(&self, entry: &DefectEntry, catalogue: &Catalogue) -> (Vec<Notice>, Vec<Astray>) {
        let (mut notices, mut astray) = (Vec::new(), Vec::new());
        for (case, tried) in &self.cases {
            let before = (notices.len(), astray.len());
            for adverse in &tried.adverse {
                match noticed(adverse, entry, catalogue) {
                    Seen::Notice(requirement) => notices.push(Notice {
                        case: case.to_string(),
                        scenario: scenario_of(case),
                        step: adverse.step.to_string(),
                        check: adverse.check.clone(),
                        finding: adverse.verdict.as_str(),
                        requirement: requirement.to_string(),
                    }),
                    Seen::Less => {}
                    Seen::Astray if adverse.verdict == Verdict::Note => {}
                    Seen::Astray => astray.push(Astray {
                        case: case.to_string(),
                        outcome: tried.outcome.as_ref().map_or("unfinished", |outcome| outcome.class().as_str()),
                        why: format!("{} {}: {}", adverse.step, adverse.check, adverse.verdict),
                    }),
                }
            }
            let unread = tried.unread.iter().filter(|_| entry.seen_as == Some(Verdict::Broken));
            let told = |unread: &Unread| {
                let requirement = entry.breaks.iter().find(|id| unread.verifies.contains(id))?;
                Some(Notice {
                    case: case.to_string(),
                    scenario: scenario_of(case),
                    step: unread.step.to_string(),
                    check: format!("fault[{}]", unread.fault),
                    finding: OutcomeClass::Inconclusive.as_str(),
                    requirement: requirement.to_string(),
                })
            };
            // Whoever meets it elsewhere lacks what it builds on, as after a precondition that did not hold.
            let is_unread = unread.clone().next().is_some();
            notices.extend(unread.filter_map(told));
            if (notices.len(), astray.len()) == before
                && !is_unread
                && !may_end_so(tried.outcome.as_ref(), &tried.adverse)
            {
                astray.push(tried.astray(case));
            }
        }
        (notices, astray)
    }

    /// The control address of the tenant of each case.
    pub(super) fn controls(&self) -> impl Iterator<Item = (&CaseId, &str)> {
        self.cases.iter().filter_map(|(case, tried)| Some((case, tried.control.as_deref()?)))
    }

    /// The cases that cannot show anything: they do not pass where nothing is broken.
    pub(super) fn unsound(&self) -> BTreeMap<CaseId, Astray> {
        let is_sound = |outcome: &Outcome| {
            matches!(outcome.class(), OutcomeClass::Passed | OutcomeClass::Known | OutcomeClass::Skipped)
        };
        let unsound = self.cases.iter().filter(|(_, tried)| !tried.outcome.as_ref().is_some_and(is_sound));
        unsound.map(|(case, tried)| (case.clone(), tried.astray(case))).collect()
    }

    /// How many cases were run.
    pub(super) fn len(&self) -> usize {
        self.cases.len()
    }
}

/// What a check that did not hold says of the defect.
enum Seen<'e> {
    /// It notices it, for this requirement.
    Notice(&'e RequirementId),
    /// It is about the right requirement, and says less than it must.
    Less,
    /// It is about something else, or says more than it may.
    Astray,
}

fn noticed<'e>(adverse: &Adverse, entry: &'e DefectEntry, catalogue: &Catalogue) -> Seen<'e> {
    let mut seen = Seen::Astray;
    for requirement in entry.breaks.iter().filter(|id| adverse.verifies.contains(id)) {
        let expected = entry.expected(requirement, catalogue);
        if adverse.verdict == Verdict::Broken || (entry.seen_as.is_some() && adverse.verdict > expected) {
            return Seen::Astray;
        }
        if adverse.verdict >= expected {
            return Seen::Notice(requirement);
        }
        seen = Seen::Less;
    }
    seen
}

/// Whether a case may end so that has noticed nothing: as against a sound tenant, or for want of a precondition.
fn may_end_so(outcome: Option<&Outcome>, adverse: &[Adverse]) -> bool {
    outcome.is_some_and(|outcome| match outcome.class() {
        OutcomeClass::Passed | OutcomeClass::Known | OutcomeClass::Blocked | OutcomeClass::Skipped => true,
        // Only by checks that are about the right requirement and say less: the others have been told of.
        OutcomeClass::Warned => !adverse.is_empty(),
        OutcomeClass::Flaky
        | OutcomeClass::Failed
        | OutcomeClass::Inconclusive
        | OutcomeClass::Broken
        | OutcomeClass::Unfinished => false,
    })
}

/// Whether an exchange is one that a step is judged by.
fn is_of_step(purpose: Purpose) -> bool {
    matches!(purpose, Purpose::Step | Purpose::Attempt | Purpose::Member)
}

/// Whether the bytes of the answer are to blame.
fn is_of_wire(fault: FaultKind) -> bool {
    matches!(fault, FaultKind::Protocol | FaultKind::NoAnswer | FaultKind::Incomplete)
}

fn scenario_of(case: &CaseId) -> String {
    let text = case.as_str();
    text.split(['/', '@']).next().unwrap_or(text).to_owned()
}
