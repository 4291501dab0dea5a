use std::collections::BTreeMap;
use std::sync::Arc;

use crate::clock::Timestamp;
use crate::event::{Block, Event, Finding, Outcome, Purpose, StepPath, Verdict};
use crate::judge::{AnswerBody, Subject, holds};
use crate::suite::{Acting, CaptureFrom, Step, StepKind, parse_duration};
use crate::value::{Json, Missing, MissingKind, NoFacts, Operand};

use super::frame::{Frame, Owner};
use super::scope::{NOTHING, Names};
use super::trial::{Doing, Trial, WaitsFor};
use super::undo::Doer;
use super::{Act, Draft, Order, Sending};

/// Most requests that one case may send.
const MOST_REQUESTS: u32 = 1000;
/// Most flows within flows.
const MOST_DEPTH: usize = 16;

impl Trial {
    /// Begins the next step. None when there is more to be looked at first: a step that was left out, the end of a flow.
    pub(super) fn begin(&mut self, clock: &mut dyn FnMut() -> Timestamp) -> Option<Act> {
        let frame = self.frames.last()?;
        let owner = frame.owner.clone();
        let Some(step) = owner.steps().get(frame.at) else {
            self.leave_flow();
            return None;
        };
        let path = StepPath::new(&format!("{}{}", frame.prefix, step.name));
        self.has_begun = true;
        self.events.push(Event::StepStarted { case: self.case.clone(), step: path.clone() });
        if let Some(when) = &step.when {
            let body = AnswerBody::new(None);
            let names = self.names(&NOTHING)?;
            let subject = Subject {
                body: &body,
                url: None,
                request: None,
                members: &[],
                elapsed: std::time::Duration::ZERO,
                sent: &names,
                settled: &names,
                facts: &NoFacts,
                snapshots: None,
            };
            if !holds(when, &subject) {
                self.leave_out(&path, step, "its condition does not hold".to_owned());
                return None;
            }
        }
        let unset = step.needs.iter().find(|name| !self.frames.last().is_some_and(|it| it.names.contains_key(*name)));
        if let Some(name) = unset {
            self.leave_out(&path, step, format!("`$({name})` has no value"));
            return None;
        }
        self.open_lists(step);
        match &step.kind {
            StepKind::Request(_) | StepKind::Token { .. } | StepKind::Authorize { .. } => {
                let before = std::mem::replace(&mut self.now, clock());
                self.doing = Some(self.doing(path, step, WaitsFor::NextAttempt));
                let sending = self.send();
                if sending.is_none() {
                    // The clock was asked for nothing that is recorded.
                    self.now = before;
                }
                sending.map(Act::Send)
            }
            StepKind::Elapse(elapse) => match elapse.span.render(&self.names(&NOTHING)?) {
                Err(missing) => {
                    self.cannot_be_put_together(path, step, &missing);
                    None
                }
                Ok(text) => {
                    let doing = self.doing(path.clone(), step, WaitsFor::Time);
                    if let Some(span) = elapse.literal.or_else(|| parse_duration(&text)) {
                        self.doing = Some(doing);
                        return Some(Act::Elapse { step: path, span });
                    }
                    self.finish(doing);
                    self.end(Outcome::Broken { why: format!("`{text}` is no duration") });
                    None
                }
            },
            StepKind::Use { flow, with } => {
                self.enter_flow(path, step, flow, with);
                None
            }
            StepKind::Together(members) => {
                let before = std::mem::replace(&mut self.now, clock());
                let act = self.begin_set(path, step, members, before);
                if act.is_none() {
                    self.now = before;
                }
                act
            }
            StepKind::Judge => {
                let doing = self.doing(path, step, WaitsFor::Answer);
                self.judge_names(doing, step);
                None
            }
        }
    }

    /// Puts the next attempt of the step at hand together.
    pub(super) fn send(&mut self) -> Option<Box<Sending>> {
        let frame = self.frames.last()?;
        let owner = frame.owner.clone();
        let step = owner.steps().get(frame.at)?;
        let path = self.doing.as_ref()?.path.clone();
        if !self.may_send(1) {
            if let Some(doing) = self.doing.take() {
                self.finish(doing);
            }
            return None;
        }
        let mut doing = self.doing.take()?;
        doing.attempt += 1;
        if doing.attempt == 1 {
            doing.first_sent = self.now;
        }
        let polled = step.poll.is_some().then_some(doing.attempt);
        let purpose = if polled.is_some() { Purpose::Attempt } else { Purpose::Step };
        match self.sending(&mut doing, step, self.now) {
            Ok(sending) => {
                self.doing = Some(doing);
                Some(Box::new(Sending { attempt: polled, purpose, ..sending }))
            }
            Err(missing) if doing.attempt == 1 => {
                self.cannot_be_put_together(path, step, &missing);
                None
            }
            Err(missing) => {
                doing.findings.push(self.missing_name(step, &missing));
                self.finish(doing);
                self.end(Outcome::Broken { why: missing.to_string() });
                None
            }
        }
    }

    /// Whether the case may send so many more requests; ends it where it may not.
    pub(super) fn may_send(&mut self, more: usize) -> bool {
        self.progress.requests = self.progress.requests.saturating_add(u32::try_from(more).unwrap_or(u32::MAX));
        if self.progress.requests <= MOST_REQUESTS {
            return true;
        }
        let why = format!("the case has sent {MOST_REQUESTS} requests, and wants to send more");
        self.end(Outcome::Broken { why });
        false
    }

    /// Puts together what a step sends at `now`, and notes what it may make.
    ///
    /// # Errors
    /// When a name has no value.
    pub(super) fn sending(&mut self, doing: &mut Doing, step: &Step, now: Timestamp) -> Result<Sending, Missing> {
        let order = self.order(step, now)?;
        doing.waits_for = WaitsFor::Answer;
        doing.own.clear();
        doing.collected.clear();
        // Noted before it is sent: what the answer says comes on top.
        doing.undo = step.undo.as_ref().map(|_| self.undos.note());
        Ok(Sending {
            step: doing.path.clone(),
            attempt: None,
            purpose: Purpose::Step,
            order,
            makes: step.undo.is_some(),
            sent: now,
            deadline: step.deadline,
        })
    }

    /// What the step sends, names put in.
    fn order(&self, step: &Step, now: Timestamp) -> Result<Order, Missing> {
        let names = self.names(&NOTHING).map(|names| Names { now, ..names });
        let names = names.as_ref();
        match (&step.kind, names) {
            (StepKind::Request(spec), Some(names)) => {
                let draft = Draft::of(spec, &self.suite.defaults, &self.base_url, names)?;
                Ok(Order::Request(Box::new(self.acted(draft, step.acting.as_ref(), names)?)))
            }
            (StepKind::Token { device, with }, Some(names)) => {
                Ok(Order::Token { device: device.clone(), with: parameters(with, names)? })
            }
            (StepKind::Authorize { device, with }, Some(names)) => {
                Ok(Order::Authorize { device: device.clone(), with: parameters(with, names)? })
            }
            // Nothing else is sent, and a step that is sent stands in a frame.
            (
                StepKind::Request(_)
                | StepKind::Token { .. }
                | StepKind::Authorize { .. }
                | StepKind::Together(_)
                | StepKind::Elapse(_)
                | StepKind::Use { .. }
                | StepKind::Judge,
                _,
            ) => Ok(Order::Token { device: String::new(), with: Vec::new() }),
        }
    }

    /// Says who sends a draft, and what they show.
    fn acted(&self, draft: Draft, own: Option<&Acting>, names: &Names<'_>) -> Result<Draft, Missing> {
        let caller = self.frame().and_then(|frame| frame.acting.as_ref());
        let doer = own.or(caller).map(|acting| Doer::of(acting, names)).transpose()?;
        Ok(doer.unwrap_or_else(Doer::nobody).sends(draft))
    }

    /// What names mean at the step at hand, with what it has itself set on top.
    pub(super) fn names<'a>(&'a self, own: &'a BTreeMap<String, Json>) -> Option<Names<'a>> {
        let frame = self.frames.last()?;
        Some(Names { own, set: &frame.names, answers: &frame.answers, case: &self.case_names, now: self.now })
    }

    /// Goes to the next step of the innermost frame.
    pub(super) fn advance(&mut self) {
        self.has_begun = false;
        if let Some(frame) = self.frames.last_mut() {
            frame.at += 1;
        }
    }

    /// Lists that a step appends to are there from then on, even where nothing is ever found.
    pub(super) fn open_lists(&mut self, step: &Step) {
        if let Some(frame) = self.frames.last_mut() {
            for collect in &step.collects {
                frame.names.entry(collect.name.clone()).or_insert_with(|| Json::Array(Vec::new()));
            }
        }
    }

    fn leave_out(&mut self, path: &StepPath, step: &Step, why: String) {
        self.tell_left_out(path.clone(), step, why);
        self.advance();
    }

    /// Tells that a step, or a member of a set, was left out.
    pub(super) fn tell_left_out(&mut self, path: StepPath, step: &Step, why: String) {
        let judges = |step: &Step| step.expect.is_some() || step.should.is_some() || step.poll.is_some();
        // What its members judge, a set does.
        let is_judged = judges(step)
            || matches!(&step.kind, StepKind::Together(members) if members.iter().any(|member| judges(&member.step)));
        if is_judged && self.progress.left_out.is_none() {
            self.progress.left_out = Some(format!("step {path}: {why}"));
        }
        let doing = self.doing(path, step, WaitsFor::Answer);
        self.finish(Doing { left_out: Some(why), ..doing });
    }

    /// A name that was left without a value leaves the step out; anything else cannot be decided.
    fn cannot_be_put_together(&mut self, path: StepPath, step: &Step, missing: &Missing) {
        if missing.kind == MissingKind::NoValue {
            self.leave_out(&path, step, missing.to_string());
            return;
        }
        let mut doing = self.doing(path, step, WaitsFor::Answer);
        doing.findings.push(self.missing_name(step, missing));
        self.finish(doing);
        self.end(Outcome::Broken { why: missing.to_string() });
    }

    /// The finding of a request that cannot be put together.
    pub(super) fn missing_name(&self, step: &Step, missing: &Missing) -> Finding {
        Finding {
            verdict: Verdict::Broken,
            code: "missing-name".to_owned(),
            message: format!("the request cannot be put together: {missing}"),
            suite_at: Some(self.suite.sources.place(step.span)),
            used_at: self.used_places(),
            ..Finding::pass(Arc::from("expect.request"), Block::Expect)
        }
    }

    fn enter_flow(&mut self, path: StepPath, step: &Step, flow: &str, with: &BTreeMap<String, Operand>) {
        let Some(flow) = self.body.flows.get(flow).cloned() else {
            self.end(Outcome::Broken { why: format!("no flow is called `{flow}`") });
            return;
        };
        if self.frames.len() > MOST_DEPTH {
            self.end(Outcome::Broken { why: "flows are nested too deep".to_owned() });
            return;
        }
        let mut inputs = BTreeMap::new();
        for (name, operand) in with {
            let Some(names) = self.names(&NOTHING) else { return };
            match operand.resolve(&names) {
                Ok(value) => {
                    inputs.insert(name.clone(), value);
                }
                Err(missing) => {
                    self.cannot_be_put_together(path, step, &missing);
                    return;
                }
            }
        }
        let Some(frame) = self.frames.last() else { return };
        let mut used_at = frame.used_at.clone();
        used_at.push(step.span);
        let inner = Frame {
            at: 0,
            names: inputs,
            answers: BTreeMap::new(),
            prefix: format!("{path}/"),
            acting: step.acting.clone().or_else(|| frame.acting.clone()),
            verifies: step.verifies.clone().unwrap_or_else(|| Arc::clone(&frame.verifies)),
            level: if step.verifies.is_some() { step.level } else { frame.level },
            used_at,
            owner: Owner::Flow(flow),
        };
        self.frames.push(inner);
        self.has_begun = false;
    }

    /// The steps of the innermost frame are done: a flow gives back its outputs, the scenario ends.
    fn leave_flow(&mut self) {
        if self.frames.len() == 1 {
            let outcome = self.progress.outcome();
            self.end(outcome);
            return;
        }
        let Some(inner) = self.frames.pop() else { return };
        let Some(frame) = self.frames.last() else { return };
        let owner = frame.owner.clone();
        let Some(step) = owner.steps().get(frame.at) else { return };
        let path = StepPath::new(&format!("{}{}", frame.prefix, step.name));
        let mut doing = self.doing(path, step, WaitsFor::Answer);
        for capture in &step.captures {
            if let CaptureFrom::Output(output) = &capture.from
                && let Some(value) = inner.names.get(output)
            {
                doing.own.insert(capture.name.clone(), value.clone());
            }
        }
        for collect in &step.collects {
            if let CaptureFrom::Output(output) = &collect.from
                && let Some(value) = inner.names.get(output)
            {
                let values = match value {
                    Json::Array(items) => items.clone(),
                    Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) | Json::Object(_) => {
                        vec![value.clone()]
                    }
                };
                self.append(&mut doing, &collect.name, values);
            }
        }
        self.keep(&mut doing);
        self.finish(doing);
        self.advance();
    }
}

/// Parameters with names put in; a null leaves one out.
fn parameters(with: &[(String, Option<Operand>)], names: &Names<'_>) -> Result<Vec<(String, Json)>, Missing> {
    let resolved = with.iter().map(|(name, value)| {
        let value = value.as_ref().map_or(Ok(Json::Null), |value| value.resolve(names))?;
        Ok((name.clone(), value))
    });
    resolved.collect()
}
