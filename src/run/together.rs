use std::time::{Duration, Instant};

use futures_util::future::join_all;

use crate::clock::{Clock as _, Deadline, Timestamp};
use crate::event::{Exchange, ExchangeId, Fault, FaultKind, Phase, Purpose, StepPath};
use crate::http::{Issue, Limits, Outgoing, Unsealed};
use crate::trial::{MemberAct, MemberCame, Order, Sending, SetMember, setup_failure};
use crate::value::Json;

use super::case_run::Try;
use super::elapse::{Elapsed, Passing, moving_deadline};
use super::pace::Leave;
use super::send::Errand;

/// A member that is ready to start.
struct Ready {
    id: ExchangeId,
    after: Duration,
    part: Part,
}

/// A request that is ready to be sent.
struct Prepared {
    outgoing: Outgoing,
    issues: Vec<Issue>,
    /// The parameters of a token request, by their OAuth names.
    parameters: Option<Vec<(String, Json)>>,
}

/// What a member does when it starts.
enum Part {
    /// It sends this.
    Send { sending: Box<Sending>, request: Box<Prepared> },
    /// It moves the target's clock by this request.
    Move { step: StepPath, span: Duration, outgoing: Box<Outgoing> },
    /// It waits.
    Wait { step: StepPath, span: Duration },
}

/// What came of a member, before anything of it can be seen.
enum Gone<'r> {
    /// It was sent, and something came, or a fault.
    Sent { unsealed: Box<Unsealed<'r>>, began: Instant, ended: Instant },
    /// It was given up, or never started; why.
    GivenUp { phase: Phase, kind: FaultKind, sent: Timestamp },
    /// The clock was asked for.
    Moved { unsealed: Box<Unsealed<'r>>, asked: Instant },
    /// Time passed.
    Waited,
}

/// What came of a set.
pub(super) struct Came {
    /// What came of its members, in the order of the list.
    pub(super) came: Vec<MemberCame>,
    /// Whether time that a member lets pass did not: the run was stopped, or the time of the case was over.
    pub(super) is_cut_short: bool,
}

/// Why a set cannot start: which member is not ready, and why.
struct NotReady {
    at: usize,
    why: String,
}

impl Try<'_> {
    /// Does all members of a set at the same moment: each is signed in and has an open connection before the first is
    /// sent. Answers are unsealed and told in the order of the list, so that secrets have the same handles in every run.
    pub(super) async fn together(&self, members: Vec<SetMember>) -> Came {
        let prepared = tokio::select! {
            prepared = self.prepare_all(&members) => prepared,
            () = self.halted() => {
                let fault = Fault {
                    phase: Phase::Prepare,
                    kind: FaultKind::Cancelled,
                    detail: "the run was stopped".to_owned(),
                };
                let came = members.into_iter().map(|member| self.not_started(member, &fault, None));
                return Came { came: came.collect(), is_cut_short: true };
            }
        };
        // Given back when all answers are there.
        let (whole_plan, _leave) = match prepared {
            Ok(prepared) => prepared,
            Err(NotReady { at, why }) => {
                let detail = format!("nothing of the set was sent: {why}");
                let fault = Fault { phase: Phase::Prepare, kind: FaultKind::SignIn, detail };
                let came = members.into_iter().enumerate().map(|(number, member)| {
                    let stuck = (number == at).then_some(why.as_str());
                    self.not_started(member, &fault, stuck)
                });
                return Came { came: came.collect(), is_cut_short: false };
            }
        };
        let mut ready = self.ready(members, whole_plan);
        tokio::select! {
            () = self.warm(&ready) => {}
            () = self.halted() => {}
        }
        for member in &mut ready {
            self.limit(member);
        }
        let start = Instant::now();
        let gone = join_all(ready.iter().map(|member| self.go(member, start))).await;
        self.seal_all(&ready, gone)
    }

    /// Signs in wherever that is needed, puts all requests together, and waits for leave to send them.
    async fn prepare_all(&self, members: &[SetMember]) -> Result<(Vec<Plan>, Leave), NotReady> {
        let mut plans = Vec::new();
        for (at, member) in members.iter().enumerate() {
            let plan = self.prepare_one(member).await;
            plans.push(plan.map_err(|why| NotReady { at, why })?);
        }
        Ok((plans, self.leave().await))
    }

    async fn prepare_one(&self, member: &SetMember) -> Result<Plan, String> {
        let sending = match &member.act {
            MemberAct::Send(sending) => sending,
            MemberAct::Elapse { span, .. } => {
                return match self.passing(*span) {
                    Passing::Moved(outgoing) => Ok(Plan::Move(outgoing)),
                    Passing::Waited => Ok(Plan::Wait),
                    Passing::Stuck(why) => Err(why),
                };
            }
        };
        let limits = self.limits();
        let request = match &sending.order {
            Order::Request(draft) => {
                let outgoing = self.request_outgoing(&sending.step, (**draft).clone(), limits).await?;
                Prepared { outgoing, issues: Vec::new(), parameters: None }
            }
            Order::Token { device, with } => {
                let (request, issues) = self.token_outgoing(&sending.step, device, with, limits).await?;
                Prepared { outgoing: request.outgoing, issues, parameters: Some(request.parameters) }
            }
            Order::Authorize { .. } => return Err("a sign-in in a browser is no member of a set".to_owned()),
        };
        Ok(Plan::Send(Box::new(request)))
    }

    /// Numbers the exchanges in the order of the list.
    fn ready(&self, members: Vec<SetMember>, plans: Vec<Plan>) -> Vec<Ready> {
        let parts = members.into_iter().zip(plans).filter_map(|(SetMember { after, act }, plan)| {
            let part = match (act, plan) {
                (MemberAct::Send(sending), Plan::Send(request)) => Part::Send { sending, request },
                (MemberAct::Elapse { step, span }, Plan::Move(outgoing)) => Part::Move { step, span, outgoing },
                (MemberAct::Elapse { step, span }, Plan::Wait) => Part::Wait { step, span },
                (MemberAct::Send(_), Plan::Move(_) | Plan::Wait) | (MemberAct::Elapse { .. }, Plan::Send(..)) => {
                    return None;
                }
            };
            Some((after, part))
        });
        parts.map(|(after, part)| Ready { id: self.take_id(), after, part }).collect()
    }

    /// Opens connections for the members that start at once; for one that starts later they might be stale by then.
    async fn warm(&self, ready: &[Ready]) {
        let asks = ready.iter().filter(|member| member.after.is_zero()).filter_map(|member| match &member.part {
            Part::Send { sending, request } => {
                let errand = self.errand(member.id, sending, request.outgoing.limits);
                Some(self.ask(errand, sending.order.device(), &request.outgoing, &request.issues))
            }
            Part::Move { .. } | Part::Wait { .. } => None,
        });
        self.door.warm(&asks.collect::<Vec<_>>()).await;
    }

    /// Says until when a member may take, from the moment at which it starts.
    fn limit(&self, member: &mut Ready) {
        match &mut member.part {
            Part::Send { sending, request } => {
                let deadline = Deadline::after(member.after + sending.deadline).sooner(self.deadline);
                request.outgoing.limits = Limits { deadline, ..self.limits() };
            }
            Part::Move { outgoing, .. } => {
                outgoing.limits.deadline = moving_deadline(member.after);
            }
            Part::Wait { .. } => {}
        }
    }

    fn errand<'s>(&self, id: ExchangeId, sending: &'s Sending, limits: Limits) -> Errand<'s> {
        Errand { step: &sending.step, id, sent: self.site.clock.now(), limits }
    }

    /// Starts a member at its moment, and waits for what comes of it.
    async fn go<'r>(&'r self, member: &'r Ready, start: Instant) -> Gone<'r> {
        let never = |kind| Gone::GivenUp { phase: Phase::Prepare, kind, sent: self.site.clock.now() };
        if self.is_halted() {
            return never(FaultKind::Cancelled);
        }
        if !member.after.is_zero() {
            let (at, end) = (start + member.after, self.deadline.instant());
            tokio::select! {
                () = tokio::time::sleep_until(at.min(end).into()) => {}
                () = self.halted() => return never(FaultKind::Cancelled),
            }
            if end < at {
                return never(FaultKind::Deadline);
            }
        }
        match &member.part {
            Part::Send { sending, request } => {
                let errand = self.errand(member.id, sending, request.outgoing.limits);
                let ask = self.ask(errand, sending.order.device(), &request.outgoing, &request.issues);
                let began = Instant::now();
                tokio::select! {
                    unsealed = self.door.transmit(ask) => {
                        Gone::Sent { unsealed: Box::new(unsealed), began, ended: Instant::now() }
                    }
                    () = self.given_up(sending.makes) => {
                        Gone::GivenUp { phase: Phase::Headers, kind: FaultKind::Cancelled, sent: errand.sent }
                    }
                }
            }
            Part::Move { span, outgoing, .. } => match &self.control {
                Some((door, _)) => {
                    let asked = Instant::now();
                    let unsealed = Box::new(self.move_clock(door, outgoing, member.id, *span).await);
                    Gone::Moved { unsealed, asked }
                }
                None => Gone::Waited,
            },
            Part::Wait { step, span } => match self.wait(step, *span).await {
                Elapsed::Whole => Gone::Waited,
                Elapsed::CutShort | Elapsed::Stuck(_) => never(FaultKind::Cancelled),
            },
        }
    }

    /// Unseals what came, in the order of the list, and tells of it.
    fn seal_all(&self, ready: &[Ready], gone: Vec<Gone<'_>>) -> Came {
        let is_cut_short = ready.iter().zip(&gone).any(|pair| {
            matches!(pair, (Ready { part: Part::Move { .. } | Part::Wait { .. }, .. }, Gone::GivenUp { .. }))
        });
        let moves: Vec<(Instant, Duration)> = ready.iter().zip(&gone).filter_map(moved).collect();
        let came = ready.iter().zip(gone).map(|(member, gone)| match (&member.part, gone) {
            (Part::Send { sending, request }, Gone::Sent { unsealed, began, ended }) => {
                let mut exchange = self.door.seal(*unsealed);
                exchange.parameters = request.parameters.clone().map(|parameters| self.shown_parameters(parameters));
                exchange.timing.moved_ms = moved_meanwhile(&moves, began, ended);
                self.answer(&sending.step, exchange)
            }
            (Part::Send { sending, request }, Gone::GivenUp { phase, kind, sent }) => {
                let why = if kind == FaultKind::Deadline { "the case took too long" } else { "the run was stopped" };
                let fault = Fault { phase, kind, detail: why.to_owned() };
                let errand = Errand { sent, ..self.errand(member.id, sending, request.outgoing.limits) };
                self.answer(&sending.step, self.never_answered(errand, &sending.order, fault))
            }
            (Part::Move { step, span, .. }, Gone::Moved { unsealed, .. }) => {
                let exchange = match &self.control {
                    Some((door, _)) => door.seal(*unsealed),
                    None => self.unmoved(member.id, "nothing can move it".to_owned()),
                };
                let failure = setup_failure(&exchange);
                self.tell_exchange(Some(step), None, Purpose::Setup, exchange);
                MemberCame::Time(failure.map_or(Ok(*span), Err))
            }
            (Part::Move { span, .. } | Part::Wait { span, .. }, _) => MemberCame::Time(Ok(*span)),
            (Part::Send { .. }, Gone::Moved { .. } | Gone::Waited) => {
                MemberCame::Time(Err("a member that sends did something else".to_owned()))
            }
        });
        Came { came: came.collect(), is_cut_short }
    }

    fn answer(&self, step: &StepPath, exchange: Exchange) -> MemberCame {
        self.tell_exchange(Some(step), None, Purpose::Member, exchange.clone());
        MemberCame::Answer(Box::new(exchange))
    }

    /// What is told of a member of a set that did not start; `stuck` is why it is the one that could not.
    fn not_started(&self, member: SetMember, fault: &Fault, stuck: Option<&str>) -> MemberCame {
        let id = self.take_id();
        match member.act {
            MemberAct::Send(sending) => {
                let fault = match stuck {
                    Some(why) => Fault { detail: why.to_owned(), ..fault.clone() },
                    None => fault.clone(),
                };
                let errand = self.errand(id, &sending, self.limits());
                self.answer(&sending.step, self.never_answered(errand, &sending.order, fault))
            }
            MemberAct::Elapse { step, span } => match stuck {
                Some(why) => {
                    let exchange = self.unmoved(id, why.to_owned());
                    let failure = setup_failure(&exchange);
                    self.tell_exchange(Some(&step), None, Purpose::Setup, exchange);
                    MemberCame::Time(failure.map_or(Ok(span), Err))
                }
                None => MemberCame::Time(Ok(span)),
            },
        }
    }
}

/// A member that was put together.
enum Plan {
    Send(Box<Prepared>),
    Move(Box<Outgoing>),
    Wait,
}

/// When the clock was asked to move, and by how much it did.
fn moved((member, gone): (&Ready, &Gone<'_>)) -> Option<(Instant, Duration)> {
    let (Part::Move { span, .. }, Gone::Moved { unsealed, asked }) = (&member.part, gone) else { return None };
    unsealed.status().is_some_and(|status| (200..300).contains(&status)).then_some((*asked, *span))
}

/// By how many milliseconds the clock was moved while an exchange was under way: by every move that was asked for
/// meanwhile. A request that the move itself sets free is answered before the move is, so its answer is no measure.
fn moved_meanwhile(moves: &[(Instant, Duration)], began: Instant, ended: Instant) -> u64 {
    let meanwhile = moves.iter().filter(|(asked, _)| (began..=ended).contains(asked));
    u64::try_from(meanwhile.map(|(_, span)| span.as_millis()).sum::<u128>()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_move_counts_for_what_was_under_way_when_it_was_asked_for() {
        let start = Instant::now();
        let at = |millis| start + Duration::from_millis(millis);
        let moves = [(at(200), Duration::from_secs(3)), (at(500), Duration::from_secs(2))];
        for (began, ended, expected) in
            [(0, 201, 3000), (0, 199, 0), (300, 400, 0), (300, 600, 2000), (0, 900, 5000), (200, 200, 3000)]
        {
            assert_eq!(moved_meanwhile(&moves, at(began), at(ended)), expected, "{began} to {ended}");
        }
    }
}
