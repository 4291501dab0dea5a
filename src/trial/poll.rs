use crate::event::{Block, Exchange, Finding, Verdict};
use crate::judge::{Subject, holds, missed};
use crate::suite::{Aim, Poll, Step};

/// What an attempt of a poll comes to.
#[derive(Debug)]
pub(super) enum PollTurn {
    /// Another attempt, after a pause.
    Again,
    /// It is over, and the answer is judged.
    Done,
    /// It is over, and it failed.
    Failed(Vec<Finding>),
}

/// The block that a failure of the poll belongs to: `given` where that is all the step has.
pub(super) fn block_of(step: &Step) -> Block {
    if step.given.is_some() && step.expect.is_none() && step.should.is_none() { Block::Given } else { Block::Expect }
}

/// How far a poll has come when an attempt was answered.
#[derive(Clone, Copy, Debug)]
pub(super) struct Attempt<'a> {
    /// Its number, from 1.
    pub(super) number: u32,
    /// The first attempt was sent so long before this one ended.
    pub(super) waited: std::time::Duration,
    /// The attempt.
    pub(super) exchange: &'a Exchange,
}

/// Puts one attempt to the conditions of the poll: `always`, `never`, `give_up`, `until`, in this order.
pub(super) fn turn(
    poll: &Poll,
    attempt: Attempt<'_>,
    subject: &Subject<'_>,
    judge_always: impl FnOnce(&crate::judge::Checks) -> Vec<Finding>,
    failure: impl Fn(&str, &str, String) -> Finding,
) -> PollTurn {
    if let Some(always) = &poll.always {
        let findings = judge_always(always);
        if findings.iter().any(|finding| finding.verdict != Verdict::Pass) {
            return PollTurn::Failed(findings);
        }
    }
    let seconds = format!("{:.1} s", attempt.waited.as_secs_f64());
    let attempts = if attempt.number == 1 { "1 attempt".to_owned() } else { format!("{} attempts", attempt.number) };
    let came = came(attempt.exchange);
    if let Aim::Never(never) = &poll.aim
        && holds(never, subject)
    {
        let message = format!("held at attempt {}, after {seconds}, and must not once: the {came}", attempt.number);
        return PollTurn::Failed(vec![failure("never", "poll-never-held", message)]);
    }
    if let Some(give_up) = &poll.give_up
        && holds(give_up, subject)
    {
        let message =
            format!("held at attempt {}, after {seconds}: there is nothing to wait for; the {came}", attempt.number);
        return PollTurn::Failed(vec![failure("give_up", "poll-gave-up", message)]);
    }
    let is_last = attempt.waited + poll.every >= poll.for_;
    match &poll.aim {
        Aim::Until(until) if holds(until, subject) => PollTurn::Done,
        Aim::Until(until) if is_last => {
            let missed = missed(until, subject).map_or_else(String::new, |missed| format!(": {missed}"));
            let within = words(poll.for_);
            let message = format!("did not hold within {within} ({attempts} in {seconds}){missed}; the last {came}");
            PollTurn::Failed(vec![failure("until", "poll-timed-out", message)])
        }
        Aim::Never(_) if is_last => PollTurn::Done,
        Aim::Until(_) | Aim::Never(_) => PollTurn::Again,
    }
}

fn came(exchange: &Exchange) -> String {
    match exchange.complete() {
        Some(answer) => format!("answer was {}", answer.status),
        None => "attempt had no answer".to_owned(),
    }
}

fn words(span: std::time::Duration) -> String {
    if span.subsec_millis() == 0 { format!("{} s", span.as_secs()) } else { format!("{} ms", span.as_millis()) }
}
