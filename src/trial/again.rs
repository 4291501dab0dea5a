use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;

use crate::clock::Timestamp;
use crate::event::{
    CaseId, Event, Exchange, Finding, Outcome, Purpose, SnapshotMode, Stamped, StepPath, SuiteHead, TargetHead, Waiver,
    WaiverLedger,
};
use crate::plan::{Addresses, Around, Body, CaseNames, NotYetMade, fill_names, plain_names};
use crate::suite::Suite;
use crate::value::{Fact, Json, RecordedFacts};

use super::{Act, Ending, MemberAct, MemberCame, SETUP, SetMember, Trial, after_tries};

/// A record that was judged again.
#[derive(Debug)]
pub struct Retrial {
    /// The events, with findings and outcomes as they come out now.
    pub events: Vec<Stamped>,
    /// Where they come out otherwise than they were recorded.
    pub differences: Vec<String>,
}

/// Why a record cannot be judged again.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RetrialError {
    /// It does not say what was run.
    #[error("the record does not begin with the start of a run")]
    NoStart,
    /// The suite is another now.
    #[error("the suite is not the one of the record: {}", files.join(", "))]
    OtherSuite {
        /// The files that differ.
        files: Vec<String>,
    },
    /// The suite lacks a case of the record.
    #[error("the suite has no case `{0}`")]
    NoCase(String),
}

/// Judges a record again: every answer in it is put to the same checks, without a network.
///
/// # Errors
/// When the suite is not the one of the record.
pub fn retry(suite: &Arc<Suite>, record: Vec<Stamped>) -> Result<Retrial, RetrialError> {
    let Some(Event::RunStarted { seed, suite: head, target, waivers, snapshots, gate, .. }) =
        record.first().map(|event| &event.body)
    else {
        return Err(RetrialError::NoStart);
    };
    same_suite(suite, head)?;
    let (seed, target, waivers, snapshots, gate) =
        (*seed, target.clone(), Arc::from(waivers.as_slice()), *snapshots, *gate);
    let mut scripts: BTreeMap<CaseId, VecDeque<Script>> = BTreeMap::new();
    for event in &record {
        if let Some(case) = event.body.case() {
            Script::take_in(scripts.entry(case.clone()).or_default(), &event.body, target.setup.is_some());
        }
    }
    let mut judged: BTreeMap<CaseId, VecDeque<Event>> = BTreeMap::new();
    for (case, tries) in scripts {
        let mut events = VecDeque::new();
        let mut failed_before = false;
        for script in tries {
            let mut played = script.play(suite, &case, seed, &target, &waivers, snapshots)?;
            if let Some(Event::CaseFinished { outcome, tried, .. }) = played.last_mut() {
                *outcome = after_tries(outcome.clone(), *tried, failed_before, gate);
                failed_before |= *outcome == Outcome::Failed;
            }
            events.extend(played);
        }
        judged.insert(case, events);
    }
    let mut differences = Vec::new();
    let mut ledger = WaiverLedger::default();
    let events = record
        .into_iter()
        .map(|mut event| {
            let anew = event.body.case().cloned().and_then(|case| match &event.body {
                Event::StepFinished { .. } | Event::CaseFinished { .. } => judged.get_mut(&case)?.pop_front(),
                Event::RunStarted { .. }
                | Event::CaseStarted { .. }
                | Event::SetupFinished { .. }
                | Event::StepStarted { .. }
                | Event::ExchangeDone { .. }
                | Event::Waited { .. }
                | Event::UndoFinished { .. }
                | Event::CancelBegun { .. }
                | Event::RunFinished(_) => None,
            });
            if let Some(anew) = anew {
                merge(&mut event.body, anew, &mut differences);
            }
            ledger.observe(&event.body);
            if let Event::RunFinished(end) = &mut event.body {
                let now = ledger.problems();
                if end.waivers != now {
                    differences.push("the waivers that do not hold are others".to_owned());
                }
                end.waivers = now;
            }
            event
        })
        .collect();
    Ok(Retrial { events, differences })
}

/// Puts what was judged anew in the place of what was recorded.
fn merge(recorded: &mut Event, anew: Event, differences: &mut Vec<String>) {
    match (recorded, anew) {
        (
            Event::StepFinished { case, step, findings, left_out, bindings, facts, .. },
            Event::StepFinished {
                step: step_now,
                findings: findings_now,
                left_out: left_out_now,
                bindings: bindings_now,
                ..
            },
        ) => {
            if *step != step_now || *findings != findings_now || *left_out != left_out_now || *bindings != bindings_now
            {
                differences.push(format!("{case}#{step}: {}", describe(findings, &findings_now)));
            }
            *findings = findings_now;
            *left_out = left_out_now;
            *bindings = bindings_now;
            let _ = facts;
        }
        (Event::CaseFinished { case, outcome, .. }, Event::CaseFinished { outcome: now, .. }) => {
            if *outcome != now {
                differences.push(format!("{case}: was {}, is {}", outcome.class(), now.class()));
            }
            *outcome = now;
        }
        // Another event than was recorded at this place.
        (recorded, _) => {
            let case = recorded.case().map(ToString::to_string).unwrap_or_default();
            differences.push(format!("{case}: took another way than it was recorded"));
        }
    }
}

fn describe(recorded: &[Finding], now: &[Finding]) -> String {
    let list = |findings: &[Finding]| {
        let adverse: Vec<String> = findings
            .iter()
            .filter(|finding| finding.is_adverse())
            .map(|finding| format!("{} {}", finding.verdict, finding.check))
            .collect();
        if adverse.is_empty() { "nothing adverse".to_owned() } else { adverse.join(", ") }
    };
    format!("was {}, is {}", list(recorded), list(now))
}

pub(super) fn same_suite(suite: &Suite, recorded: &SuiteHead) -> Result<(), RetrialError> {
    if suite.sha256 == recorded.sha256 {
        return Ok(());
    }
    let now: BTreeMap<&str, &str> =
        suite.manifest.iter().map(|file| (file.path.as_str(), file.sha256.as_str())).collect();
    let then: BTreeMap<&str, &str> =
        recorded.manifest.iter().map(|file| (file.path.as_str(), file.sha256.as_str())).collect();
    let mut files: Vec<String> = now
        .iter()
        .filter(|(path, digest)| then.get(*path) != Some(digest))
        .map(|(path, _)| (*path).to_owned())
        .chain(then.keys().filter(|path| !now.contains_key(*path)).map(|path| (*path).to_owned()))
        .collect();
    files.sort();
    Err(RetrialError::OtherSuite { files })
}

/// What a try of a case was answered.
#[derive(Debug)]
pub(super) struct Script {
    tried: u32,
    pub(super) began: Timestamp,
    addresses: Option<Addresses>,
    pub(super) exchanges: VecDeque<(StepPath, Option<u32>, Exchange)>,
    /// Why time could not be made to pass, by step.
    pub(super) stuck: HashMap<StepPath, String>,
    pub(super) facts: HashMap<StepPath, Vec<Fact>>,
    /// The step that ended last.
    last: Option<StepPath>,
    /// How it ended in the record.
    pub(super) outcome: Option<Outcome>,
    /// What the target's `setup` was answered, once it had come to its end.
    setup: Option<Box<Script>>,
    /// What it gave.
    given: Option<BTreeMap<String, Json>>,
}

impl Script {
    pub(super) fn take_in(tries: &mut VecDeque<Self>, event: &Event, has_setup: bool) {
        if let Event::CaseStarted { tried, tenant, now, .. } = event {
            let addresses = tenant.get("embedded").map(|address| Addresses {
                tenant: address.clone(),
                control: tenant.get("control").cloned().unwrap_or_default(),
            });
            tries.push_back(Self {
                tried: *tried,
                began: *now,
                addresses,
                exchanges: VecDeque::new(),
                stuck: HashMap::new(),
                facts: HashMap::new(),
                last: None,
                outcome: None,
                setup: None,
                given: None,
            });
            return;
        }
        let Some(script) = tries.back_mut() else { return };
        match event {
            Event::ExchangeDone { step: Some(step), attempt, purpose, exchange, .. } => match purpose {
                Purpose::Step | Purpose::Attempt | Purpose::Member => {
                    script.exchanges.push_back((step.clone(), *attempt, (**exchange).clone()));
                }
                Purpose::Setup if has_setup && script.given.is_none() => {
                    script.exchanges.push_back((step.clone(), *attempt, (**exchange).clone()));
                }
                Purpose::Setup => {
                    if let Some(why) = setup_failure(exchange) {
                        script.stuck.insert(step.clone(), why);
                    }
                }
                Purpose::Token | Purpose::Teardown | Purpose::Undo | Purpose::Probe => {}
            },
            Event::StepFinished { step, facts, .. } => {
                script.facts.insert(step.clone(), facts.clone());
                script.last = Some(step.clone());
            }
            Event::SetupFinished { names, now, .. } => script.set_up(names, *now),
            Event::CaseFinished { outcome, .. } => script.outcome = Some(outcome.clone()),
            Event::RunStarted { .. }
            | Event::CaseStarted { .. }
            | Event::StepStarted { .. }
            | Event::ExchangeDone { step: None, .. }
            | Event::Waited { .. }
            | Event::UndoFinished { .. }
            | Event::CancelBegun { .. }
            | Event::RunFinished(_) => {}
        }
    }

    /// What came so far was `setup`; what comes now is the case.
    fn set_up(&mut self, names: &BTreeMap<String, Json>, now: Timestamp) {
        self.setup = Some(Box::new(Self {
            tried: self.tried,
            began: self.began,
            addresses: None,
            exchanges: std::mem::take(&mut self.exchanges),
            stuck: std::mem::take(&mut self.stuck),
            facts: std::mem::take(&mut self.facts),
            last: self.last.take(),
            outcome: None,
            setup: None,
            given: None,
        }));
        self.given = Some(names.clone());
        self.began = now;
    }

    /// Tries the case again with the recorded answers: every step that ended, then how the case ended.
    fn play(
        mut self,
        suite: &Arc<Suite>,
        case: &CaseId,
        seed: u64,
        target: &TargetHead,
        waivers: &Arc<[Waiver]>,
        snapshots: SnapshotMode,
    ) -> Result<Vec<Event>, RetrialError> {
        let mut events = Vec::new();
        let ending = if let Some(ending) = self.play_setup(suite, case, seed, target, &mut events)? {
            ending
        } else {
            let mut trial =
                self.trial(suite, case, seed, target)?.waived_by(Arc::clone(waivers)).with_snapshots(snapshots);
            let ending = self.answer(&mut trial);
            events.extend(judged(&mut trial));
            ending
        };
        if self.outcome.is_some() {
            events.push(Event::CaseFinished {
                case: case.clone(),
                tried: self.tried,
                outcome: ending.outcome,
                again: false,
                took: std::time::Duration::ZERO,
                not_run: ending.not_run,
            });
        }
        Ok(events)
    }

    /// Does the target's `setup` again, where it has one. How the case ended, where it came to no more than that.
    fn play_setup(
        &mut self,
        suite: &Arc<Suite>,
        case: &CaseId,
        seed: u64,
        target: &TargetHead,
        events: &mut Vec<Event>,
    ) -> Result<Option<Ending>, RetrialError> {
        let Some(flow) = target.setup.as_ref().and_then(|flow| suite.flows.get(flow)) else { return Ok(None) };
        let around = Around::new(flow, None);
        let recorded = target.names.get(variant_of(case)).cloned().unwrap_or_default();
        let no_case = || RetrialError::NoCase(case.to_string());
        let planned = fill_names(&recorded, &NotYetMade(&around.outputs)).map_err(|_| no_case())?;
        let body = compiled(suite, case, seed, self.tried, planned)?.0;
        let plain = plain_names(&recorded);
        let base_url = plain.get("base_url").and_then(Json::as_str).unwrap_or_default().to_owned();
        let names = CaseNames::new(Arc::new(plain), seed, case, self.tried, &[]).map_err(|_| no_case())?;
        let trial = Trial::new(Arc::clone(suite), case.clone(), body, names, base_url, self.began);
        let mut trial = trial.around(&around, SETUP, BTreeMap::new());
        let ending = match &mut self.setup {
            Some(setup) => setup.answer(&mut trial),
            None => self.answer(&mut trial),
        };
        events.extend(judged(&mut trial));
        Ok(match trial.setup_ended(&around, ending) {
            Err(ending) => Some(ending),
            Ok(_) if self.given.is_some() => None,
            // It came to its end, and the case could not be begun nevertheless.
            Ok(_) => Some(Ending { outcome: self.recorded_end(), not_run: Vec::new() }),
        })
    }

    /// Gives the trial the recorded answers, until it has ended.
    fn answer(&mut self, trial: &mut Trial) -> Ending {
        loop {
            let sent = self.exchanges.front().map_or(self.began, |(_, _, exchange)| exchange.sent);
            match trial.next(&mut || sent) {
                Act::Send(sending) => match self.exchanges.pop_front() {
                    Some((step, attempt, exchange)) if step == sending.step && attempt == sending.attempt => {
                        let facts = self.facts.get(&step).cloned().unwrap_or_default();
                        trial.answered(exchange, &RecordedFacts::from(facts));
                    }
                    // The record ends here: the run was stopped, or the case ran out of time.
                    Some(_) | None => break trial.stop(self.recorded_end()),
                },
                Act::Pause(_) => {
                    if self.exchanges.is_empty() && self.was_stopped() {
                        break trial.stop(self.recorded_end());
                    }
                }
                Act::Elapse { step, span } => match self.stuck(&step) {
                    Some(why) => trial.elapsed(Err(why)),
                    None if self.was_stopped_at(&step) => break trial.stop(self.recorded_end()),
                    None => trial.elapsed(Ok(span)),
                },
                Act::Together { step, members } => match self.members(&members) {
                    Some((all, mut facts)) => {
                        facts.extend(self.facts.get(&step).cloned().unwrap_or_default());
                        trial.came_together(all, &RecordedFacts::from(facts));
                        if self.was_stopped_at(&step) {
                            break trial.stop(self.recorded_end());
                        }
                    }
                    None => break trial.stop(self.recorded_end()),
                },
                Act::End(ending) => break ending,
            }
        }
    }

    /// What came of the members of a set, with the facts that were asked of it; none where the record ends before.
    fn members(&mut self, members: &[SetMember]) -> Option<(Vec<MemberCame>, Vec<Fact>)> {
        let (mut all, mut facts) = (Vec::new(), Vec::new());
        for member in members {
            let of_member = match &member.act {
                MemberAct::Send(sending) => {
                    let (step, _, exchange) = self.exchanges.pop_front().filter(|(step, ..)| *step == sending.step)?;
                    facts.extend(self.facts.get(&step).cloned().unwrap_or_default());
                    MemberCame::Answer(Box::new(exchange))
                }
                MemberAct::Elapse { step, span } => MemberCame::Time(match self.stuck(step) {
                    Some(why) => Err(why),
                    None => Ok(*span),
                }),
            };
            all.push(of_member);
        }
        Some((all, facts))
    }

    /// Why time could not be made to pass at this step. What `setup` sent stands in one line with everything else of it.
    fn stuck(&mut self, step: &StepPath) -> Option<String> {
        let known = self.stuck.remove(step);
        let next = self.exchanges.pop_front_if(|(of, _, exchange)| of == step && setup_failure(exchange).is_some());
        known.or_else(|| setup_failure(&next?.2))
    }

    /// Whether the run was stopped, or the case out of time, when this step had been done or was about to be: the last
    /// one of the record.
    fn was_stopped_at(&self, step: &StepPath) -> bool {
        self.was_stopped() && self.last.as_ref() == Some(step)
    }

    fn was_stopped(&self) -> bool {
        matches!(self.outcome, Some(Outcome::Unfinished { .. } | Outcome::Inconclusive { .. }))
    }

    fn recorded_end(&self) -> Outcome {
        self.outcome.clone().unwrap_or_else(|| Outcome::Unfinished { why: "the record ends here".to_owned() })
    }

    fn trial(&self, suite: &Arc<Suite>, case: &CaseId, seed: u64, target: &TargetHead) -> Result<Trial, RetrialError> {
        let (body, names, base_url) = self.stage(suite, case, seed, target)?;
        Ok(Trial::new(Arc::clone(suite), case.clone(), body, names, base_url, self.began))
    }

    /// What the case was tried with: its steps, its names, and where its paths went.
    pub(super) fn stage(
        &self,
        suite: &Suite,
        case: &CaseId,
        seed: u64,
        target: &TargetHead,
    ) -> Result<(Body, CaseNames, String), RetrialError> {
        let mut shared = target.names.get(variant_of(case)).cloned().unwrap_or_default();
        if let Some(addresses) = &self.addresses {
            for value in shared.values_mut() {
                put_in(value, addresses);
            }
        }
        if let Some(given) = &self.given {
            shared = fill_names(&shared, given).map_err(|_| RetrialError::NoCase(case.to_string()))?;
        }
        let base_url = shared.get("base_url").and_then(Json::as_str).unwrap_or_default().to_owned();
        let (body, names) = compiled(suite, case, seed, self.tried, shared)?;
        Ok((body, names, base_url))
    }
}

/// The variant that a case is in; empty where the suite has none.
fn variant_of(case: &CaseId) -> &str {
    case.base().rsplit_once('@').map_or("", |(_, variant)| variant)
}

/// The steps of a case, compiled with these names of its target, and all names that it has.
fn compiled(
    suite: &Suite,
    case: &CaseId,
    seed: u64,
    tried: u32,
    shared: BTreeMap<String, Json>,
) -> Result<(Body, CaseNames), RetrialError> {
    let stem = case.base().rsplit_once('@').map_or(case.base(), |(stem, _)| stem);
    let no_case = || RetrialError::NoCase(case.to_string());
    let scenario = suite.scenarios.iter().find(|scenario| scenario.case_stem() == stem).ok_or_else(no_case)?;
    let names = CaseNames::new(Arc::new(shared), seed, case, tried, &scenario.vars).map_err(|_| no_case())?;
    let body = Body { scenario: Arc::clone(scenario), flows: Arc::new(suite.flows.clone()) };
    let body = match body.again(suite, &names) {
        Ok(again) => again.unwrap_or(body),
        Err(_) => return Err(no_case()),
    };
    Ok((body, names))
}

/// What the trial has told of steps that ended.
fn judged(trial: &mut Trial) -> impl Iterator<Item = Event> + use<> {
    trial.take_events().into_iter().filter(|event| matches!(event, Event::StepFinished { .. }))
}

/// Why a request that moves a clock did not do it.
pub fn setup_failure(exchange: &Exchange) -> Option<String> {
    match exchange.complete() {
        Some(answer) if (200..300).contains(&answer.status) => None,
        Some(answer) => Some(format!("the target's clock could not be moved: the answer was {}", answer.status)),
        None => Some(format!(
            "the target's clock could not be moved: {}",
            exchange.fault.as_ref().map(ToString::to_string).unwrap_or_default()
        )),
    }
}

/// Puts a tenant's addresses in the place of what stands for them.
fn put_in(value: &mut Json, addresses: &Addresses) {
    match value {
        Json::String(text) => *text = addresses.put_in(text),
        Json::Array(items) => items.iter_mut().for_each(|item| put_in(item, addresses)),
        Json::Object(members) => members.iter_mut().for_each(|(_, item)| put_in(item, addresses)),
        Json::Null | Json::Bool(_) | Json::Number(_) => {}
    }
}
