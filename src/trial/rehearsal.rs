use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use crate::clock::Timestamp;
use crate::event::{CaseId, Event, Exchange, Finding, Outcome, RequirementId, Stamped, StepPath};
use crate::plan::{Body, CaseNames};
use crate::suite::Suite;
use crate::value::{Json, RecordedFacts};

use super::again::{Script, same_suite};
use super::{Act, MemberAct, MemberCame, RetrialError, SetMember, Trial};

/// A recorded case that can be tried again and again, each time with one answer changed.
#[derive(Debug)]
pub struct Rehearsal {
    suite: Arc<Suite>,
    case: CaseId,
    body: Body,
    names: CaseNames,
    base_url: String,
    began: Timestamp,
    exchanges: Vec<(StepPath, Option<u32>, Exchange)>,
    stuck: HashMap<StepPath, String>,
    facts: RecordedFacts,
    outcome: Outcome,
}

/// What a try of a rehearsed case came to.
#[derive(Debug)]
pub struct Played {
    /// The steps that ended, in order.
    pub steps: Vec<StepEnd>,
    /// How the case ended.
    pub outcome: Outcome,
    /// The step that asked for an answer that the record does not hold, such as one more attempt of a poll: then nothing
    /// after it is known.
    pub ran_dry_at: Option<StepPath>,
}

/// A step that ended.
#[derive(Debug)]
pub struct StepEnd {
    /// The step.
    pub step: StepPath,
    /// The requirements that it is evidence for.
    pub verifies: Arc<[RequirementId]>,
    /// The names that it set.
    pub bindings: BTreeMap<String, Json>,
    /// What its checks came to.
    pub findings: Vec<Finding>,
}

impl Rehearsal {
    /// The cases of a record that ended, each by its last try.
    ///
    /// # Errors
    /// When the suite is not the one of the record.
    pub fn of_record(suite: &Arc<Suite>, record: &[Stamped]) -> Result<Vec<Self>, RetrialError> {
        let Some(Event::RunStarted { seed, suite: head, target, .. }) = record.first().map(|event| &event.body) else {
            return Err(RetrialError::NoStart);
        };
        same_suite(suite, head)?;
        let mut scripts: BTreeMap<CaseId, VecDeque<Script>> = BTreeMap::new();
        for event in record {
            if let Some(case) = event.body.case() {
                Script::take_in(scripts.entry(case.clone()).or_default(), &event.body, target.setup.is_some());
            }
        }
        let mut rehearsals = Vec::new();
        for (case, mut tries) in scripts {
            let Some(script) = tries.pop_back() else { continue };
            let Some(outcome) = script.outcome.clone() else { continue };
            let (body, names, base_url) = script.stage(suite, &case, *seed, target)?;
            rehearsals.push(Self {
                suite: Arc::clone(suite),
                case,
                body,
                names,
                base_url,
                began: script.began,
                exchanges: script.exchanges.into(),
                stuck: script.stuck,
                facts: RecordedFacts::from(script.facts.into_values().flatten().collect::<Vec<_>>()),
                outcome,
            });
        }
        Ok(rehearsals)
    }

    /// The case.
    #[must_use]
    pub fn case(&self) -> &CaseId {
        &self.case
    }

    /// Its steps.
    #[must_use]
    pub fn body(&self) -> &Body {
        &self.body
    }

    /// How it ended in the record.
    #[must_use]
    pub fn outcome(&self) -> &Outcome {
        &self.outcome
    }

    /// The recorded exchanges that steps were judged by, in order, each with its step.
    pub fn exchanges(&self) -> impl Iterator<Item = (&StepPath, &Exchange)> {
        self.exchanges.iter().map(|(step, _, exchange)| (step, exchange))
    }

    /// Tries the case with the recorded answers; each of `changed` stands in the place of the exchange of its number.
    #[must_use]
    pub fn play(&self, changed: &[(usize, Exchange)]) -> Played {
        self.play_until(changed, |_| false)
    }

    /// Tries it so, only until the steps that have ended are enough to know: then the outcome says nothing.
    #[must_use]
    pub fn play_until(&self, changed: &[(usize, Exchange)], is_enough: impl Fn(&[StepEnd]) -> bool) -> Played {
        let mut trial = Trial::new(
            Arc::clone(&self.suite),
            self.case.clone(),
            self.body.clone(),
            self.names.clone(),
            self.base_url.clone(),
            self.began,
        );
        let mut reel = Reel { rehearsal: self, changed, at: 0 };
        let (mut ran_dry_at, mut steps) = (None, Vec::new());
        let ending = loop {
            let known = steps.len();
            steps.extend(trial.take_events().into_iter().filter_map(ended));
            if steps.len() > known && is_enough(&steps) {
                break trial.stop(self.outcome.clone());
            }
            let sent = reel.sent();
            let missing = match trial.next(&mut || sent) {
                Act::End(ending) => break ending,
                Act::Pause(_) => None,
                Act::Elapse { step, span } => {
                    trial.elapsed(self.passed(&step, span));
                    None
                }
                Act::Send(sending) => match reel.take(&sending.step, sending.attempt) {
                    Some(exchange) => {
                        trial.answered(exchange, &self.facts);
                        None
                    }
                    None => Some(sending.step),
                },
                Act::Together { step, members } => match reel.members(&members) {
                    Some(all) => {
                        trial.came_together(all, &self.facts);
                        None
                    }
                    None => Some(step),
                },
            };
            if let Some(step) = missing {
                ran_dry_at = Some(step);
                break trial.stop(self.outcome.clone());
            }
        };
        steps.extend(trial.take_events().into_iter().filter_map(ended));
        Played { steps, outcome: ending.outcome, ran_dry_at }
    }

    fn passed(&self, step: &StepPath, span: Duration) -> Result<Duration, String> {
        self.stuck.get(step).map_or(Ok(span), |why| Err(why.clone()))
    }
}

/// How far the record has been given out.
struct Reel<'r> {
    rehearsal: &'r Rehearsal,
    changed: &'r [(usize, Exchange)],
    at: usize,
}

impl Reel<'_> {
    /// When the next exchange was sent.
    fn sent(&self) -> Timestamp {
        let next = self.rehearsal.exchanges.get(self.at).or_else(|| self.rehearsal.exchanges.last());
        next.map_or(self.rehearsal.began, |(_, _, exchange)| exchange.sent)
    }

    /// The next exchange of this step and attempt; those of steps that were left out are passed over.
    fn take(&mut self, step: &StepPath, attempt: Option<u32>) -> Option<Exchange> {
        let rest = self.rehearsal.exchanges.get(self.at..)?;
        let ahead = rest.iter().position(|(of, number, _)| of == step && *number == attempt)?;
        let at = self.at + ahead;
        self.at = at + 1;
        let changed = self.changed.iter().find(|(changed, _)| *changed == at);
        Some(changed.map_or_else(|| rest[ahead].2.clone(), |(_, exchange)| exchange.clone()))
    }

    fn members(&mut self, members: &[SetMember]) -> Option<Vec<MemberCame>> {
        let came = members.iter().map(|member| {
            Some(match &member.act {
                MemberAct::Send(sending) => MemberCame::Answer(Box::new(self.take(&sending.step, sending.attempt)?)),
                MemberAct::Elapse { step, span } => MemberCame::Time(self.rehearsal.passed(step, *span)),
            })
        });
        came.collect()
    }
}

fn ended(event: Event) -> Option<StepEnd> {
    match event {
        Event::StepFinished { step, verifies, bindings, findings, .. } => {
            Some(StepEnd { step, verifies, bindings, findings })
        }
        Event::RunStarted { .. }
        | Event::CaseStarted { .. }
        | Event::SetupFinished { .. }
        | Event::StepStarted { .. }
        | Event::ExchangeDone { .. }
        | Event::CaseFinished { .. }
        | Event::Waited { .. }
        | Event::UndoFinished { .. }
        | Event::CancelBegun { .. }
        | Event::RunFinished(_) => None,
    }
}
