use std::collections::BTreeMap;
use std::sync::Arc;

use crate::diag::{Place, Span};
use crate::event::{Block, Event, Exchange, FaultKind, Finding, Level, Outcome, RequirementId, StepPath, Verdict};
use crate::judge::{AnswerBody, Breach, BreachCode, Captured, Checks, Standing, Subject, judge, protocol};
use crate::suite::{Capture, CaptureFrom, Poll, Step, Undo};
use crate::value::{Answer as FactAnswer, Fact, Facts, Json, Question};

use super::Draft;
use super::poll::{Attempt, PollTurn, block_of, turn};
use super::scope::NOTHING;
use super::trial::{Doing, Trial, WaitsFor};
use super::undo::UndoState;

/// Statuses that speak of the endpoint's surroundings rather than of the contract, unless a check names them.
const OF_SURROUNDINGS: [u16; 4] = [429, 502, 503, 504];

impl Trial {
    /// Takes in what came of the request: captures, conditions of a poll, checks, undo; then the next step, or the end.
    pub(super) fn settle(&mut self, exchange: &Arc<Exchange>, facts: &dyn Facts) {
        let (Some(mut doing), Some(frame)) = (self.doing.take(), self.frames.last()) else { return };
        let owner = frame.owner.clone();
        let Some(step) = owner.steps().get(frame.at) else { return };
        if let Some(frame) = self.frames.last_mut() {
            frame.answers.insert(step.name.clone(), Arc::clone(exchange));
        }
        if let Some(fault) = &exchange.fault {
            self.settle_undo(&mut doing, step, exchange);
            let outcome = match fault.kind {
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
            };
            self.finish(doing);
            self.end(outcome);
            return;
        }
        let Some(answer) = exchange.complete() else {
            self.finish(doing);
            self.end(Outcome::Broken { why: "an exchange has neither an answer nor a fault".to_owned() });
            return;
        };
        let recorder = Recorder { inner: facts, seen: std::cell::RefCell::new(Vec::new()) };
        let body = AnswerBody::new(Some(answer));
        let missing = self.capture(&mut doing, step, exchange, &body, &recorder);
        self.settle_undo(&mut doing, step, exchange);
        let judgement = self.judge_answer(&doing, step, exchange, &body, &recorder, missing);
        doing.facts.extend(recorder.seen.into_inner());
        self.keep(&mut doing);
        match judgement {
            Judgement::Again(pause) => {
                doing.waits_for = WaitsFor::Pause(pause);
                self.doing = Some(doing);
            }
            Judgement::Surroundings => {
                let reason = answer.reason.as_deref().map(|reason| format!(" {reason}")).unwrap_or_default();
                let why = format!(
                    "step {}: {}{reason} speaks of the endpoint's surroundings, and no check of the step names it",
                    doing.path, answer.status
                );
                self.finish(doing);
                self.end(Outcome::Inconclusive { why });
            }
            Judgement::Findings(findings) => {
                self.progress.judged += u32::from(!findings.is_empty());
                doing.findings = findings;
                self.conclude(doing);
            }
        }
    }

    /// Judges a step that sends nothing.
    pub(super) fn judge_names(&mut self, mut doing: Doing, step: &Step) {
        let body = AnswerBody::new(None);
        let findings = match self.names(&NOTHING) {
            Some(names) => {
                let nobody = crate::value::NoFacts;
                let subject = Subject {
                    body: &body,
                    url: None,
                    members: &[],
                    elapsed: std::time::Duration::ZERO,
                    sent: &names,
                    settled: &names,
                    facts: &nobody,
                };
                self.judge_blocks(step, &subject, None)
            }
            None => Vec::new(),
        };
        doing.findings = findings;
        self.conclude(doing);
    }

    /// Ends the step, and the case where its findings say so.
    fn conclude(&mut self, doing: Doing) {
        let worst = |block: Block, verdict: Verdict| {
            doing.findings.iter().any(|finding| finding.block == block && finding.verdict == verdict)
        };
        let undecided = doing.findings.iter().find(|finding| finding.verdict == Verdict::Broken);
        let ending = if worst(Block::Given, Verdict::Fail) {
            Some(Outcome::Blocked { step: doing.path.clone() })
        } else if worst(Block::Expect, Verdict::Fail) {
            Some(Outcome::Failed)
        } else {
            undecided.map(|finding| Outcome::Broken { why: format!("step {}: {}", doing.path, finding.message) })
        };
        self.progress.promises += u32::from(doing.findings.iter().any(|finding| finding.block != Block::Given));
        self.progress.warned |= doing.findings.iter().any(|finding| finding.verdict == Verdict::Warn);
        self.finish(doing);
        match ending {
            Some(outcome) => self.end(outcome),
            None => self.advance(),
        }
    }

    fn judge_answer(
        &self,
        doing: &Doing,
        step: &Step,
        exchange: &Exchange,
        body: &AnswerBody<'_>,
        facts: &dyn Facts,
        missing: Vec<Finding>,
    ) -> Judgement {
        let (Some(sent), Some(settled)) = (self.names(&NOTHING), self.names(&doing.own)) else {
            return Judgement::Findings(Vec::new());
        };
        // `now` is when the step was sent, for what it sends and for what judges it.
        let (sent, settled) =
            (super::scope::Names { now: exchange.sent, ..sent }, super::scope::Names { now: exchange.sent, ..settled });
        let subject = Subject {
            body,
            url: Some(&exchange.request.url),
            members: &[],
            elapsed: exchange.timing.elapsed(),
            sent: &sent,
            settled: &settled,
            facts,
        };
        if let Some(answer) = exchange.complete()
            && OF_SURROUNDINGS.contains(&answer.status)
            && !names_status(step, answer.status)
        {
            return Judgement::Surroundings;
        }
        let irregular = self.irregularities(step, exchange);
        if let Some(poll) = &step.poll {
            match self.poll_turn(poll, doing, step, exchange, &subject) {
                PollTurn::Again if irregular.is_empty() => return Judgement::Again(poll.every),
                PollTurn::Again => return Judgement::Findings(irregular),
                PollTurn::Failed(mut findings) => {
                    findings.extend(irregular);
                    return Judgement::Findings(findings);
                }
                PollTurn::Done => {}
            }
        }
        let mut findings =
            self.judge_blocks(step, &subject, Some((exchange, step.poll.as_ref().map(|_| doing.attempt))));
        if step.poll.is_some() && findings.is_empty() {
            findings.push(Finding::pass(Arc::from(format!("{}.poll", block_of(step))), block_of(step)));
        }
        findings.extend(irregular);
        // A capture that finds nothing is told only where no check has failed: the check says it better.
        if step.poll.is_none() && findings.iter().all(|finding| finding.verdict < Verdict::Broken) {
            findings.extend(missing);
        }
        Judgement::Findings(findings)
    }

    fn poll_turn(
        &self,
        poll: &Poll,
        doing: &Doing,
        step: &Step,
        exchange: &Exchange,
        subject: &Subject<'_>,
    ) -> PollTurn {
        let block = block_of(step);
        let attempt = Attempt { number: doing.attempt, waited: exchange.ended().since(doing.first_sent), exchange };
        let evidence = Some((exchange, Some(doing.attempt)));
        turn(
            poll,
            attempt,
            subject,
            |always| self.judge_block(always, block, "always.", subject, evidence),
            |part, code, message| {
                let check = Arc::from(format!("{block}.{part}"));
                let mut finding = self.adverse(check, block, poll.span_of(part), evidence);
                code.clone_into(&mut finding.code);
                finding.message = format!("`{part}` {message}");
                finding.verdict = Verdict::of_failure(block, self.level());
                finding
            },
        )
    }

    /// Puts all checks of the step: where a precondition does not hold, nothing else is judged by it.
    fn judge_blocks(
        &self,
        step: &Step,
        subject: &Subject<'_>,
        evidence: Option<(&Exchange, Option<u32>)>,
    ) -> Vec<Finding> {
        let mut findings = Vec::new();
        for (block, checks) in
            [(Block::Given, &step.given), (Block::Expect, &step.expect), (Block::Should, &step.should)]
        {
            if let Some(checks) = checks {
                findings.extend(self.judge_block(checks, block, "", subject, evidence));
            }
            if block == Block::Given && findings.iter().any(Finding::is_adverse) {
                break;
            }
        }
        findings
    }

    fn judge_block(
        &self,
        checks: &Checks,
        block: Block,
        prefix: &str,
        subject: &Subject<'_>,
        evidence: Option<(&Exchange, Option<u32>)>,
    ) -> Vec<Finding> {
        let standing = Standing { block, level: self.level() };
        let mut findings = judge(checks, subject, standing, |span| Some(self.suite.sources.place(span)));
        for finding in &mut findings {
            if !prefix.is_empty() {
                let id = finding.check.strip_prefix(&format!("{block}.")).unwrap_or(&finding.check);
                finding.check = Arc::from(format!("{block}.{prefix}{id}"));
            }
            if finding.is_adverse() {
                finding.exchange = evidence.map(|(exchange, _)| exchange.id);
                finding.attempt = evidence.and_then(|(_, attempt)| attempt);
                finding.used_at = self.used_places();
            }
        }
        findings
    }

    /// A finding with its places and nothing else.
    fn adverse(
        &self,
        check: Arc<str>,
        block: Block,
        span: Span,
        evidence: Option<(&Exchange, Option<u32>)>,
    ) -> Finding {
        Finding {
            exchange: evidence.map(|(exchange, _)| exchange.id),
            attempt: evidence.and_then(|(_, attempt)| attempt),
            suite_at: Some(self.suite.sources.place(span)),
            used_at: self.used_places(),
            ..Finding::pass(check, block)
        }
    }

    /// Faults of the protocol in a readable answer: findings on every step.
    fn irregularities(&self, step: &Step, exchange: &Exchange) -> Vec<Finding> {
        let mut findings = protocol(&exchange.irregular, Standing { block: block_of(step), level: self.level() });
        for finding in &mut findings {
            finding.exchange = Some(exchange.id);
            finding.suite_at = Some(self.suite.sources.place(step.span));
            finding.used_at = self.used_places();
        }
        findings
    }

    /// Takes what the step captures and collects; a finding for each capture that finds nothing and must.
    fn capture(
        &mut self,
        doing: &mut Doing,
        step: &Step,
        exchange: &Exchange,
        body: &AnswerBody<'_>,
        facts: &dyn Facts,
    ) -> Vec<Finding> {
        let block = block_of(step);
        let mut missing = Vec::new();
        let mut collected: Vec<(&str, Vec<Json>)> = Vec::new();
        {
            let Some(names) = self.names(&NOTHING) else { return missing };
            let subject = Subject {
                body,
                url: Some(&exchange.request.url),
                members: &[],
                elapsed: exchange.timing.elapsed(),
                sent: &names,
                settled: &names,
                facts,
            };
            for capture in &step.captures {
                let CaptureFrom::Answer(source) = &capture.from else { continue };
                match source.take(&subject).map(Captured::into_value) {
                    Ok(Some(value)) => {
                        doing.own.insert(capture.name.clone(), value);
                    }
                    Ok(None) if capture.optional => {}
                    Ok(None) => {
                        let breach = source.nothing_for(&capture.name, &subject);
                        missing.push(self.capture_finding(capture, block, exchange, breach));
                    }
                    Err(breach) => missing.push(self.capture_finding(capture, block, exchange, *breach)),
                }
            }
            for collect in &step.collects {
                let CaptureFrom::Answer(source) = &collect.from else { continue };
                match source.take(&subject).map(Captured::into_items) {
                    Ok(items) => collected.push((&collect.name, items)),
                    Err(breach) => missing.push(self.capture_finding(collect, block, exchange, *breach)),
                }
            }
        }
        for (name, values) in collected {
            self.append(doing, name, values);
        }
        missing
    }

    /// What a capture comes to that takes no value.
    fn capture_finding(&self, capture: &Capture, block: Block, exchange: &Exchange, breach: Breach) -> Finding {
        let check = Arc::from(format!("{block}.capture[{}]", capture.name));
        let is_undecided =
            matches!(breach.code, BreachCode::TooManyNodes | BreachCode::NotCompiled | BreachCode::NoAnswer);
        Finding {
            verdict: if is_undecided { Verdict::Broken } else { Verdict::of_failure(block, self.level()) },
            code: breach.code.to_string(),
            message: breach.message,
            expected: breach.expected,
            actual: breach.actual,
            answer_at: breach.at,
            details: breach.details,
            ..self.adverse(check, block, capture.span, Some((exchange, None)))
        }
    }

    /// Appends to a list.
    pub(super) fn append(&self, doing: &mut Doing, name: &str, values: Vec<Json>) {
        let known = doing.own.get(name).or_else(|| self.frames.last().and_then(|frame| frame.names.get(name)));
        let mut list = match known {
            Some(Json::Array(items)) => items.clone(),
            Some(_) | None => Vec::new(),
        };
        list.extend(values);
        doing.own.insert(name.to_owned(), Json::Array(list));
    }

    /// What the step has set is set for what comes after it.
    pub(super) fn keep(&mut self, doing: &mut Doing) {
        if let Some(frame) = self.frames.last_mut() {
            for (name, value) in std::mem::take(&mut doing.own) {
                doing.bindings.insert(name.clone(), value.clone());
                frame.names.insert(name, value);
            }
        }
    }

    /// Fixes the names of the step's undo, or cancels it where nothing was made.
    fn settle_undo(&mut self, doing: &mut Doing, step: &Step, exchange: &Exchange) {
        let (Some(index), Some(undo)) = (doing.undo.take(), &step.undo) else { return };
        let was_refused = exchange.complete().is_some_and(|answer| (400..500).contains(&answer.status));
        let never_left = exchange
            .fault
            .as_ref()
            .is_some_and(|fault| fault.phase == crate::event::Phase::Prepare || fault.kind == FaultKind::Unreachable);
        if was_refused || never_left {
            if index < self.undos.len() {
                self.undos.remove(index);
            }
            return;
        }
        let state = self.undo_state(doing, undo);
        if let Some(pending) = self.undos.get_mut(index) {
            pending.state = state;
        }
    }

    fn undo_state(&self, doing: &Doing, undo: &Undo) -> UndoState {
        let Some(names) = self.names(&doing.own) else {
            return UndoState::Stuck("the case has no steps".to_owned());
        };
        let owner_acting = self.frames.last().and_then(|frame| {
            let step = frame.owner.steps().get(frame.at)?;
            undo.acting.clone().or_else(|| step.acting.clone())
        });
        let draft = Draft::of(&undo.request, &self.suite.defaults, &self.base_url, &names)
            .and_then(|draft| self.acted(draft, owner_acting.as_ref(), &names));
        match draft {
            Ok(draft) => UndoState::Ready(Box::new(draft)),
            Err(missing) => UndoState::Stuck(missing.to_string()),
        }
    }

    /// Tells that the step has ended.
    pub(super) fn finish(&mut self, doing: Doing) {
        let Doing { path, bindings, findings, facts, .. } = doing;
        self.tell_finished(path, None, bindings, findings, facts);
    }

    pub(super) fn tell_finished(
        &mut self,
        step: StepPath,
        left_out: Option<String>,
        bindings: BTreeMap<String, Json>,
        findings: Vec<Finding>,
        facts: Vec<Fact>,
    ) {
        let verifies = self.verifies();
        let case = self.case.clone();
        self.events.push(Event::StepFinished { case, step, verifies, left_out, bindings, findings, facts });
    }

    /// The requirements that the step at hand is evidence for.
    fn verifies(&self) -> Arc<[RequirementId]> {
        let Some(frame) = self.frames.last() else { return Arc::from([]) };
        let own = frame.owner.steps().get(frame.at).and_then(|step| step.verifies.clone());
        own.unwrap_or_else(|| Arc::clone(&frame.verifies))
    }

    /// The strictest level of those.
    fn level(&self) -> Option<Level> {
        let frame = self.frames.last()?;
        let step = frame.owner.steps().get(frame.at)?;
        if step.verifies.is_some() { step.level } else { frame.level }
    }

    pub(super) fn used_places(&self) -> Vec<Place> {
        let Some(frame) = self.frames.last() else { return Vec::new() };
        frame.used_at.iter().map(|span| self.suite.sources.place(*span)).collect()
    }
}

/// What an answer comes to.
enum Judgement {
    /// The poll goes on after a pause.
    Again(std::time::Duration),
    /// It speaks of the endpoint's surroundings.
    Surroundings,
    /// It was judged.
    Findings(Vec<Finding>),
}

/// Asks others, and writes down what they say.
struct Recorder<'f> {
    inner: &'f dyn Facts,
    seen: std::cell::RefCell<Vec<Fact>>,
}

impl Facts for Recorder<'_> {
    fn ask(&self, masked_text: &str, question: &Question) -> Option<FactAnswer> {
        let answer = self.inner.ask(masked_text, question)?;
        let fact = Fact::new(masked_text, question.clone(), answer.clone());
        let mut seen = self.seen.borrow_mut();
        if !seen.contains(&fact) {
            seen.push(fact);
        }
        Some(answer)
    }
}

/// Whether any check of the step names this status.
fn names_status(step: &Step, status: u16) -> bool {
    let blocks = [&step.given, &step.expect, &step.should].into_iter().flatten();
    let of_poll = step.poll.iter().flat_map(|poll| {
        let aim = match &poll.aim {
            crate::suite::Aim::Until(checks) | crate::suite::Aim::Never(checks) => checks,
        };
        [Some(aim), poll.give_up.as_ref(), poll.always.as_ref()].into_iter().flatten()
    });
    blocks.chain(of_poll).any(|checks| checks.names_status(status))
}
