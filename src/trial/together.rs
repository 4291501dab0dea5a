use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use crate::clock::Timestamp;
use crate::event::{Answer, Block, Event, Exchange, Finding, Outcome, Purpose, StepPath};
use crate::judge::{AnswerBody, Subject};
use crate::suite::{Member, Step, StepKind, parse_duration};
use crate::value::{Facts, Json, Missing, MissingKind, Name};

use super::capture::appended;
use super::recorder::Recorder;
use super::scope::{NOTHING, Names};
use super::settle::{Consequence, Settled};
use super::trial::{Doing, Trial, WaitsFor};
use super::{Act, MemberAct, MemberCame, Sending, SetMember};

/// The set at hand: steps that are done at the same moment.
#[derive(Debug)]
pub(super) struct DoingSet {
    doing: Doing,
    /// The members that are done, in the order of the list, each with its place in it.
    members: Vec<(usize, Doing)>,
    /// The time as far as exchanges had told it before the set.
    before: Timestamp,
    /// Whether time that a member lets pass did not: what is wrong with an answer may come of that.
    lacks_time: bool,
}

/// Why a member is not done.
enum NotDone {
    /// A name has no value.
    LeftOut(String),
    /// Nothing of the set can be done; the finding says why, where there is one.
    Broken(String, Option<Box<Finding>>),
}

/// Which of the set's own checks are put.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Put {
    /// All of them.
    All,
    /// Only preconditions: one of a member did not hold.
    Preconditions,
}

impl Trial {
    /// Begins a set: puts all members together, with what names mean now.
    pub(super) fn begin_set(
        &mut self,
        path: StepPath,
        step: &Step,
        members: &[Member],
        before: Timestamp,
    ) -> Option<Act> {
        let mut set = DoingSet {
            doing: self.doing(path.clone(), step, WaitsFor::Answer),
            members: Vec::new(),
            before,
            lacks_time: false,
        };
        let mut acts = Vec::new();
        for (at, member) in members.iter().enumerate() {
            let path = StepPath::new(&format!("{path}/{}", member.step.name));
            self.events.push(Event::StepStarted { case: self.case.clone(), step: path.clone() });
            self.open_lists(&member.step);
            let mut doing = self.doing(path, &member.step, WaitsFor::Answer);
            match self.member_act(&mut doing, member) {
                Ok(act) => {
                    acts.push(SetMember { after: member.after, act });
                    set.members.push((at, doing));
                }
                Err(NotDone::LeftOut(why)) => {
                    set.doing
                        .left_out
                        .get_or_insert_with(|| format!("member {} was left out: {why}", member.step.name));
                    self.tell_left_out(doing.path, &member.step, why);
                }
                Err(NotDone::Broken(why, finding)) => {
                    doing.findings.extend(finding.map(|finding| *finding));
                    set.members.push((at, doing));
                    self.finish_set(set);
                    self.end(Outcome::Broken { why });
                    return None;
                }
            }
        }
        if acts.is_empty() {
            self.conclude_set(set, step, Vec::new());
            return None;
        }
        let requests = acts.iter().filter(|member| matches!(member.act, MemberAct::Send(_))).count();
        if !self.may_send(requests) {
            self.finish_set(set);
            return None;
        }
        self.set = Some(set);
        Some(Act::Together { step: path, members: acts })
    }

    /// What a member does, names put in as they mean now.
    fn member_act(&mut self, doing: &mut Doing, member: &Member) -> Result<MemberAct, NotDone> {
        let step = &member.step;
        let is_set = |name: &&String| self.frames.last().is_some_and(|frame| frame.names.contains_key(*name));
        if let Some(unset) = step.needs.iter().find(|name| !is_set(name)) {
            return Err(NotDone::LeftOut(format!("`$({unset})` has no value")));
        }
        let not_done = |missing: Missing, finding: Finding| match missing.kind {
            MissingKind::NoValue => NotDone::LeftOut(missing.to_string()),
            MissingKind::Unknown | MissingKind::NoSuchMember | MissingKind::NotANumber => {
                NotDone::Broken(missing.to_string(), Some(Box::new(finding)))
            }
        };
        let start = self.now.plus(member.after);
        let StepKind::Elapse(elapse) = &step.kind else {
            return match self.sending(doing, step, start) {
                Ok(sending) => Ok(MemberAct::Send(Box::new(Sending { purpose: Purpose::Member, ..sending }))),
                Err(missing) => Err(not_done(missing.clone(), self.missing_name(step, &missing))),
            };
        };
        let Some(names) = self.names(&NOTHING) else { return Err(NotDone::LeftOut("nothing is done".to_owned())) };
        let text = match elapse.span.render(&Names { now: start, ..names }) {
            Ok(text) => text,
            Err(missing) => return Err(not_done(missing.clone(), self.missing_name(step, &missing))),
        };
        let span = elapse.literal.or_else(|| parse_duration(&text));
        let span = span.ok_or_else(|| NotDone::Broken(format!("`{text}` is no duration"), None))?;
        Ok(MemberAct::Elapse { step: doing.path.clone(), span })
    }

    /// Tells what came of the members of the set that was asked for last, in the order in which they were.
    ///
    /// Each is captured and judged against what names meant before the set; then what they captured is set in the order
    /// of the list, and the checks of the set are put to all answers.
    pub fn came_together(&mut self, came: Vec<MemberCame>, facts: &dyn Facts) {
        let (Some(mut set), Some(frame)) = (self.set.take(), self.frames.last()) else { return };
        let owner = frame.owner.clone();
        let Some(step) = owner.steps().get(frame.at) else { return };
        let StepKind::Together(members) = &step.kind else { return };
        let mut ends: Vec<Outcome> = Vec::new();
        let mut exchanges: Vec<(&str, Arc<Exchange>)> = Vec::new();
        let mut passed: Vec<Duration> = Vec::new();
        let mut came = came.into_iter();
        for (at, doing) in &mut set.members {
            let Some(member) = members.get(*at) else { continue };
            match came.next() {
                Some(MemberCame::Answer(exchange)) => {
                    let exchange = Arc::from(exchange);
                    // Its own `values` may ask for it.
                    self.remember(&member.step.name, &exchange);
                    if let Settled::Undecided(outcome) =
                        self.take_in(doing, (&member.step, Some(step)), &exchange, facts)
                    {
                        ends.push(outcome);
                    }
                    exchanges.push((&member.step.name, exchange));
                }
                Some(MemberCame::Time(Ok(span))) => passed.push(member.after + span),
                Some(MemberCame::Time(Err(why))) => {
                    set.lacks_time = true;
                    ends.push(Outcome::Inconclusive { why });
                }
                None => {
                    let why = format!("step {}: nobody told what came of it", doing.path);
                    ends.push(Outcome::Broken { why });
                }
            }
        }
        // Only what is recorded counts, so that it is the same time when this is judged again.
        let began = exchanges.iter().map(|(_, exchange)| exchange.sent).min().unwrap_or(set.before);
        let ended = exchanges.iter().map(|(_, exchange)| exchange.ended());
        let passed = passed.into_iter().map(|span| began.plus(span));
        self.now = ended.chain(passed).fold(set.before, Timestamp::max);
        let merged = self.merge(&mut set);
        if ends.is_empty() && set.doing.left_out.is_none() {
            let mut of_members = set.members.iter().flat_map(|(_, doing)| &doing.findings);
            let is_in_doubt = of_members.any(|finding| finding.block == Block::Given && finding.is_adverse());
            let put = if is_in_doubt { Put::Preconditions } else { Put::All };
            self.judge_set((&mut set.doing, step), &exchanges, &merged, put, facts);
        }
        if let Some(frame) = self.frames.last_mut() {
            frame.names.extend(merged);
        }
        self.conclude_set(set, step, ends);
    }

    /// What `steps.ID` shows from now on.
    fn remember(&mut self, name: &str, exchange: &Arc<Exchange>) {
        // A number is no name: several sets have a first member.
        if let (Some(frame), Ok(_)) = (self.frames.last_mut(), Name::parse(name)) {
            frame.answers.insert(name.to_owned(), Arc::clone(exchange));
        }
    }

    /// What all members have set, in the order of the list: of two that set the same name the later counts, lists grow.
    fn merge(&self, set: &mut DoingSet) -> BTreeMap<String, Json> {
        let before = self.frames.last().map(|frame| &frame.names);
        let mut merged = BTreeMap::new();
        for (_, doing) in &mut set.members {
            for (name, values) in std::mem::take(&mut doing.collected) {
                doing.own.remove(&name);
                let list = merged.get(&name).or_else(|| before?.get(&name));
                let list = appended(list, &values);
                doing.bindings.insert(name.clone(), list.clone());
                merged.insert(name, list);
            }
            for (name, value) in std::mem::take(&mut doing.own) {
                doing.bindings.insert(name.clone(), value.clone());
                merged.insert(name, value);
            }
        }
        merged
    }

    /// Puts the set's own checks; where a precondition of a member does not hold, no promise is judged by it.
    fn judge_set(
        &mut self,
        (doing, step): (&mut Doing, &Step),
        exchanges: &[(&str, Arc<Exchange>)],
        merged: &BTreeMap<String, Json>,
        put: Put,
        facts: &dyn Facts,
    ) {
        let now = exchanges.iter().map(|(_, exchange)| exchange.sent).min().unwrap_or(self.now);
        let (Some(sent), Some(settled)) = (self.names(&NOTHING), self.names(merged)) else { return };
        let (sent, settled) = (Names { now, ..sent }, Names { now, ..settled });
        let answers: Vec<&Answer> = exchanges.iter().filter_map(|(_, exchange)| exchange.complete()).collect();
        let (body, recorder) = (AnswerBody::new(None), Recorder::new(facts));
        let subject = Subject {
            body: &body,
            url: None,
            request: None,
            members: &answers,
            elapsed: span_of(exchanges, now),
            sent: &sent,
            settled: &settled,
            facts: &recorder,
            snapshots: None,
        };
        doing.findings = match (put, &step.given) {
            (Put::All, _) => self.judge_blocks(step, &subject, None),
            (Put::Preconditions, Some(given)) => self.judge_block(step, (Block::Given, given), "", &subject, None),
            (Put::Preconditions, None) => Vec::new(),
        };
        doing.facts.extend(recorder.into_facts());
        self.progress.judged += u32::from(!doing.findings.is_empty() && !answers.is_empty());
    }

    /// Tells what the members and the set came to, and ends the case where one of them says so.
    fn conclude_set(&mut self, set: DoingSet, step: &Step, ends: Vec<Outcome>) {
        for (_, doing) in &set.members {
            self.count(&doing.findings);
        }
        self.count(&set.doing.findings);
        let is_judged = step.expect.is_some() || step.should.is_some();
        if let (Some(why), true, None) = (&set.doing.left_out, is_judged, &self.progress.left_out) {
            self.progress.left_out = Some(format!("step {}: {why}", set.doing.path));
        }
        let stopped = ends.iter().position(|outcome| matches!(outcome, Outcome::Unfinished { .. })).unwrap_or(0);
        let is_proof = !set.lacks_time && ends.iter().all(|outcome| matches!(outcome, Outcome::Inconclusive { .. }));
        let mut undecided = ends.into_iter().nth(stopped);
        let mut worst: (Consequence, Option<Outcome>) = (Consequence::None, None);
        for doing in set.members.iter().map(|(_, doing)| doing).chain([&set.doing]) {
            let consequence = Consequence::of(&doing.findings);
            if consequence.rank() > worst.0.rank() {
                worst = (consequence.clone(), consequence.outcome(doing));
            }
        }
        self.finish_set(set);
        // What an answer has proven stays so though another did not come; what is forgiven proves nothing.
        if is_proof && worst.0 == Consequence::Failed && !self.waiving.forgives_all() {
            undecided = None;
        }
        match undecided.or(worst.1) {
            Some(outcome) => self.end(outcome),
            None => self.advance(),
        }
    }

    /// Tells that the members have ended, then the set.
    pub(super) fn finish_set(&mut self, set: DoingSet) {
        for (_, doing) in set.members {
            self.finish(doing);
        }
        self.finish(set.doing);
    }
}

/// How long the set took from its first request to its last answer, by the target's clock.
fn span_of(exchanges: &[(&str, Arc<Exchange>)], from: Timestamp) -> Duration {
    exchanges.iter().map(|(_, exchange)| exchange.ended()).max().map_or(Duration::ZERO, |end| end.since(from))
}
