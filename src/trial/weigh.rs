use std::sync::Arc;
use std::time::Duration;

use crate::diag::Span;
use crate::event::{Block, Exchange, Finding, Verdict};
use crate::judge::{AnswerBody, Checks, Standing, Subject, judge, protocol};
use crate::suite::{Aim, Poll, Step};
use crate::value::Facts;

use super::poll::{Attempt, PollTurn, block_of, turn};
use super::scope::{NOTHING, Names};
use super::shelf::Shelf;
use super::trial::{Doing, Trial};

/// Statuses that speak of the endpoint's surroundings rather than of the contract, unless a check names them.
const OF_SURROUNDINGS: [u16; 4] = [429, 502, 503, 504];

/// What an answer comes to.
pub(super) enum Judgement {
    /// The poll goes on after a pause.
    Again(Duration),
    /// It speaks of the endpoint's surroundings.
    Surroundings,
    /// It was judged.
    Findings(Vec<Finding>),
}

impl Trial {
    /// Judges a step that sends nothing.
    pub(super) fn judge_names(&mut self, mut doing: Doing, step: &Step) {
        let body = AnswerBody::new(None);
        let findings = match self.names(&NOTHING) {
            Some(names) => {
                let nobody = crate::value::NoFacts;
                let subject = Subject {
                    body: &body,
                    url: None,
                    request: None,
                    members: &[],
                    elapsed: Duration::ZERO,
                    sent: &names,
                    settled: &names,
                    facts: &nobody,
                    snapshots: None,
                };
                self.judge_blocks(step, &subject, None)
            }
            None => Vec::new(),
        };
        doing.findings = findings;
        self.conclude(doing);
    }

    /// Judges an answer; `whole` is the set that the step is a member of.
    pub(super) fn judge_answer(
        &self,
        doing: &Doing,
        (step, whole): (&Step, Option<&Step>),
        exchange: &Exchange,
        body: &AnswerBody<'_>,
        facts: &dyn Facts,
        missing: Vec<Finding>,
    ) -> Judgement {
        let (Some(sent), Some(settled)) = (self.names(&NOTHING), self.names(&doing.own)) else {
            return Judgement::Findings(Vec::new());
        };
        // `now` is when the step was sent, for what it sends and for what judges it.
        let (sent, settled) = (Names { now: exchange.sent, ..sent }, Names { now: exchange.sent, ..settled });
        let accepted = Shelf { suite: &self.suite, names: settled, mode: self.snapshots };
        let subject = Subject {
            body,
            url: Some(&exchange.request.url),
            request: Some(&exchange.request),
            members: &[],
            elapsed: exchange.timing.elapsed(),
            sent: &sent,
            settled: &settled,
            facts,
            snapshots: Some(&accepted),
        };
        if let Some(answer) = exchange.complete()
            && OF_SURROUNDINGS.contains(&answer.status)
            && !names_status(step, answer.status)
            && !whole.is_some_and(|whole| names_status(whole, answer.status))
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
            |always| self.judge_block(step, (block, always), "always.", subject, evidence),
            |part, code, message| {
                let check = Arc::from(format!("{block}.{part}"));
                let mut finding = self.adverse(check, block, poll.span_of(part), evidence);
                code.clone_into(&mut finding.code);
                finding.message = format!("`{part}` {message}");
                finding.verdict = Verdict::of_failure(block, self.level_of(step));
                finding
            },
        )
    }

    /// Puts all checks of the step: where a precondition does not hold, nothing else is judged by it.
    pub(super) fn judge_blocks(
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
                findings.extend(self.judge_block(step, (block, checks), "", subject, evidence));
            }
            // A note, as of a snapshot that is being accepted, keeps nothing from being judged.
            if block == Block::Given && findings.iter().any(|finding| finding.verdict >= Verdict::Broken) {
                break;
            }
        }
        findings
    }

    pub(super) fn judge_block(
        &self,
        step: &Step,
        (block, checks): (Block, &Checks),
        prefix: &str,
        subject: &Subject<'_>,
        evidence: Option<(&Exchange, Option<u32>)>,
    ) -> Vec<Finding> {
        let standing = Standing { block, level: self.level_of(step) };
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
            if let Some(difference) = &mut finding.snapshot {
                difference.metadata = self.snapshot_metadata(step, finding.suite_at.as_ref());
            }
        }
        findings
    }

    /// A finding with its places and nothing else.
    pub(super) fn adverse(
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
        let mut findings =
            protocol(&exchange.irregular, Standing { block: block_of(step), level: self.level_of(step) });
        for finding in &mut findings {
            finding.exchange = Some(exchange.id);
            finding.suite_at = Some(self.suite.sources.place(step.span));
            finding.used_at = self.used_places();
        }
        findings
    }
}

/// Whether any check of the step names this status.
fn names_status(step: &Step, status: u16) -> bool {
    let blocks = [&step.given, &step.expect, &step.should].into_iter().flatten();
    let of_poll = step.poll.iter().flat_map(|poll| {
        let (Aim::Until(aim) | Aim::Never(aim)) = &poll.aim;
        [Some(aim), poll.give_up.as_ref(), poll.always.as_ref()].into_iter().flatten()
    });
    blocks.chain(of_poll).any(|checks| checks.names_status(status))
}
