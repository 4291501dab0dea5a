use std::sync::Arc;
use std::time::Duration;

use crate::diag::Place;
use crate::event::{Block, Event, Exchange, FaultKind, Finding, FoundAt, Level, Outcome, RequirementId, Verdict};
use crate::judge::AnswerBody;
use crate::suite::Step;
use crate::value::Facts;

use super::recorder::Recorder;
use super::trial::{Doing, Trial, WaitsFor};
use super::weigh::Judgement;

/// What the answer to a step comes to.
pub(super) enum Settled {
    /// There is nothing to judge: the case ends so.
    Undecided(Outcome),
    /// The poll goes on after a pause.
    Again(Duration),
    /// Its findings stand in what was done.
    Judged,
}

/// What findings make of a case; of two, the greater counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Consequence {
    /// It goes on.
    None,
    /// Something could not be decided.
    Broken(String),
    /// A promise was broken.
    Failed,
    /// A precondition did not hold.
    Blocked,
}

impl Consequence {
    /// What these findings come to.
    pub(super) fn of(findings: &[Finding]) -> Self {
        let has =
            |block: Block| findings.iter().any(|finding| finding.block == block && finding.verdict == Verdict::Fail);
        if has(Block::Given) {
            return Self::Blocked;
        }
        if has(Block::Expect) {
            return Self::Failed;
        }
        let undecided = findings.iter().find(|finding| finding.verdict == Verdict::Broken);
        undecided.map_or(Self::None, |finding| Self::Broken(finding.message.clone()))
    }

    /// How the case ends by what the step `doing` came to, if it does.
    pub(super) fn outcome(self, doing: &Doing) -> Option<Outcome> {
        match self {
            Self::None => None,
            Self::Broken(why) => Some(Outcome::Broken { why: format!("step {}: {why}", doing.path) }),
            Self::Failed => Some(Outcome::Failed),
            Self::Blocked => Some(Outcome::Blocked { step: doing.path.clone() }),
        }
    }

    /// How much it weighs.
    pub(super) fn rank(&self) -> u8 {
        match self {
            Self::None => 0,
            Self::Broken(_) => 1,
            Self::Failed => 2,
            Self::Blocked => 3,
        }
    }
}

impl Trial {
    /// Takes in what came of the request of the step at hand; then the next step, or the end.
    pub(super) fn settle(&mut self, exchange: &Arc<Exchange>, facts: &dyn Facts) {
        let (Some(mut doing), Some(frame)) = (self.doing.take(), self.frames.last()) else { return };
        let owner = frame.owner.clone();
        let Some(step) = owner.steps().get(frame.at) else { return };
        if let Some(frame) = self.frames.last_mut() {
            frame.answers.insert(step.name.clone(), Arc::clone(exchange));
        }
        match self.take_in(&mut doing, (step, None), exchange, facts) {
            Settled::Undecided(outcome) => {
                self.keep(&mut doing);
                self.finish(doing);
                self.end(outcome);
            }
            Settled::Again(pause) => {
                self.keep(&mut doing);
                doing.waits_for = WaitsFor::Pause(pause);
                self.doing = Some(doing);
            }
            Settled::Judged => {
                self.keep(&mut doing);
                self.conclude(doing);
            }
        }
    }

    /// Takes in an answer: captures, what its undo needs, conditions of a poll, checks. `whole` is the set that the step is
    /// a member of. What the step has set is not kept yet.
    pub(super) fn take_in(
        &mut self,
        doing: &mut Doing,
        (step, whole): (&Step, Option<&Step>),
        exchange: &Exchange,
        facts: &dyn Facts,
    ) -> Settled {
        if let Some(fault) = &exchange.fault {
            self.settle_undo(doing, step, exchange);
            return Settled::Undecided(match fault.kind {
                FaultKind::Cancelled => Outcome::Unfinished { why: fault.to_string() },
                FaultKind::HostNotAllowed | FaultKind::SecretNotBound | FaultKind::BadRequest => {
                    Outcome::Broken { why: format!("step {}: {fault}", doing.path) }
                }
                FaultKind::Unreachable
                | FaultKind::Tls
                | FaultKind::Deadline
                | FaultKind::Protocol
                | FaultKind::NoAnswer
                | FaultKind::Incomplete
                | FaultKind::TooLarge
                | FaultKind::Decoding
                | FaultKind::SignIn => Outcome::Inconclusive { why: format!("step {}: {fault}", doing.path) },
            });
        }
        let Some(answer) = exchange.complete() else {
            let why = "an exchange has neither an answer nor a fault".to_owned();
            return Settled::Undecided(Outcome::Broken { why });
        };
        let recorder = Recorder::new(facts);
        let body = AnswerBody::new(Some(answer));
        let missing = self.capture(doing, step, exchange, &body, &recorder);
        self.settle_undo(doing, step, exchange);
        let judgement = self.judge_answer(doing, (step, whole), exchange, &body, &recorder, missing);
        doing.facts.extend(recorder.into_facts());
        match judgement {
            Judgement::Again(pause) => Settled::Again(pause),
            Judgement::Surroundings => {
                let reason = answer.reason.as_deref().map(|reason| format!(" {reason}")).unwrap_or_default();
                let by = if whole.is_some() { "the step or of its set" } else { "the step" };
                let why = format!(
                    "step {}: {}{reason} speaks of the endpoint's surroundings, and no check of {by} names it",
                    doing.path, answer.status
                );
                Settled::Undecided(Outcome::Inconclusive { why })
            }
            Judgement::Findings(findings) => {
                doing.findings = findings;
                self.progress.judged += u32::from(!doing.findings.is_empty());
                Settled::Judged
            }
        }
    }

    /// Ends the step, and the case where its findings say so.
    pub(super) fn conclude(&mut self, doing: Doing) {
        let ending = Consequence::of(&doing.findings).outcome(&doing);
        self.count(&doing.findings);
        self.finish(doing);
        match ending {
            Some(outcome) => self.end(outcome),
            None => self.advance(),
        }
    }

    /// Counts what a step has judged.
    pub(super) fn count(&mut self, findings: &[Finding]) {
        self.progress.promises += u32::from(findings.iter().any(|finding| finding.block != Block::Given));
        self.progress.warned |= findings.iter().any(|finding| finding.verdict == Verdict::Warn);
    }

    /// Tells that the step has ended.
    pub(super) fn finish(&mut self, doing: Doing) {
        let Doing { path, verifies, left_out, bindings, mut findings, facts, .. } = doing;
        let case = self.case.clone();
        let at = FoundAt { case: &case, scenario: &self.body.scenario.id, step: &path, verifies: &verifies };
        self.waiving.mark(at, &mut findings);
        self.events.push(Event::StepFinished { case, step: path, verifies, left_out, bindings, findings, facts });
    }

    /// The requirements that a step at hand is evidence for.
    pub(super) fn verifies_of(&self, step: &Step) -> Arc<[RequirementId]> {
        let of_frame = || self.frames.last().map_or_else(|| Arc::from([]), |frame| Arc::clone(&frame.verifies));
        step.verifies.clone().unwrap_or_else(of_frame)
    }

    /// The strictest level of those.
    pub(super) fn level_of(&self, step: &Step) -> Option<Level> {
        if step.verifies.is_some() { step.level } else { self.frames.last()?.level }
    }

    /// Where the flows around the step at hand are used.
    pub(super) fn used_places(&self) -> Vec<Place> {
        let Some(frame) = self.frames.last() else { return Vec::new() };
        frame.used_at.iter().map(|span| self.suite.sources.place(*span)).collect()
    }
}
