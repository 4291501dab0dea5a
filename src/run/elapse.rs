use std::time::Duration;

use crate::clock::{Clock as _, Deadline};
use crate::event::{Body, Event, Exchange, ExchangeId, Fault, FaultKind, Phase, Purpose, Request, StepPath, Timing};
use crate::http::{Ask, Authorization, Door, Limits, Outgoing, OutgoingBody, Unsealed};
use crate::suite::ClockControl;
use crate::trial::setup_failure;

use super::Pauses;
use super::case_run::Try;
use super::world::{Site, clock_url, milliseconds};

/// How long moving a clock may take.
const LIMIT: Duration = Duration::from_secs(15);

/// A shorter pause is over before the clock is moved.
const WORTH_MOVING: Duration = Duration::from_millis(200);

/// Whether time passed that a step lets pass.
#[derive(Debug)]
pub(super) enum Elapsed {
    /// It did.
    Whole,
    /// It could not; why.
    Stuck(String),
    /// The run was stopped meanwhile, or the time of the case was over.
    CutShort,
}

/// How time is made to pass.
pub(super) enum Passing {
    /// The target's clock is moved by this request.
    Moved(Box<Outgoing>),
    /// It is waited for.
    Waited,
    /// It cannot be; why.
    Stuck(String),
}

impl Try<'_> {
    /// Lets time pass for a step of its own.
    pub(super) async fn elapse(&self, step: &StepPath, span: Duration) -> Elapsed {
        let id = self.take_id();
        let exchange = match self.passing(span) {
            Passing::Waited => return self.wait(step, span).await,
            Passing::Stuck(why) => self.unmoved(id, why),
            Passing::Moved(outgoing) => match &self.control {
                Some((door, _)) => door.seal(self.move_clock(door, &outgoing, id, span).await),
                None => self.unmoved(id, "nothing can move it".to_owned()),
            },
        };
        let failure = setup_failure(&exchange);
        self.tell_exchange(Some(step), None, Purpose::Setup, exchange);
        failure.map_or(Elapsed::Whole, Elapsed::Stuck)
    }

    /// Lets the pause before the next attempt of a poll pass.
    pub(super) async fn pass(&self, span: Duration) {
        if self.run.options.pauses == Pauses::Moved
            && span >= WORTH_MOVING
            && let (Passing::Moved(outgoing), Some((door, _))) = (self.passing(span), &self.control)
        {
            let exchange = door.seal(self.move_clock(door, &outgoing, self.take_id(), span).await);
            let failure = setup_failure(&exchange);
            self.tell_exchange(None, None, Purpose::Setup, exchange);
            if failure.is_none() {
                return;
            }
        }
        self.pause(span).await;
    }

    /// How so much time is made to pass on this target.
    pub(super) fn passing(&self, span: Duration) -> Passing {
        if let (Some(control), Some((door, authorization))) = (&self.site.surface.clock, &self.control)
            && self.site.surface.features.contains("clock")
        {
            return match moving(control, &self.site, door, authorization.clone(), span) {
                Ok(outgoing) => Passing::Moved(Box::new(outgoing)),
                Err(why) => Passing::Stuck(why),
            };
        }
        if span > self.run.options.longest_wait {
            let seconds = span.as_secs();
            return Passing::Stuck(format!("{seconds} s are more than is waited for, and the clock cannot be moved"));
        }
        Passing::Waited
    }

    /// Waits, and says so.
    pub(super) async fn wait(&self, step: &StepPath, span: Duration) -> Elapsed {
        let case = self.run.case.id().clone();
        self.run.tell(Event::Waited { case, why: format!("time passes at step {step}"), span });
        self.pause(span).await
    }

    /// Moves the target's clock; ours follows as soon as the answer says so.
    pub(super) async fn move_clock<'a>(
        &self,
        door: &Door,
        outgoing: &'a Outgoing,
        id: ExchangeId,
        span: Duration,
    ) -> Unsealed<'a> {
        let (lane, sent) = (self.devices.nobody(), self.site.clock.now());
        let unsealed = door.transmit(Ask { id, device: None, lane, jar: None, outgoing, sent, issues: &[] }).await;
        if unsealed.status().is_some_and(|status| (200..300).contains(&status)) {
            self.site.clock.advance(span);
        }
        unsealed
    }

    /// What is recorded where not even the request that moves the clock could be made.
    pub(super) fn unmoved(&self, id: ExchangeId, why: String) -> Exchange {
        let method = self.run.plan.target.clock.as_ref().map_or("", |control| &control.method).to_owned();
        Exchange {
            id,
            device: None,
            parameters: None,
            request: Request { method, url: String::new(), headers: Vec::new(), body: Body::default() },
            answer: None,
            fault: Some(Fault { phase: Phase::Prepare, kind: FaultKind::BadRequest, detail: why }),
            irregular: Vec::new(),
            sent: self.site.clock.now(),
            timing: Timing::default(),
        }
    }
}

/// The request that moves the clock of a target.
fn moving(
    control: &ClockControl,
    site: &Site,
    door: &Door,
    authorization: Authorization,
    span: Duration,
) -> Result<Outgoing, String> {
    let json = control.json.as_ref().map(|json| json.resolve(&milliseconds(span))).transpose();
    let json = json.map_err(|missing| missing.to_string())?;
    let url = clock_url(control, site.control.as_deref(), span).map_err(|missing| missing.to_string())?;
    let mut outgoing = Outgoing::new(&control.method, &url, Limits::until(moving_deadline(Duration::ZERO)));
    outgoing.authorization = authorization;
    if let Some(json) = json {
        outgoing.body = OutgoingBody::Json(json);
    }
    for (name, credential) in &control.headers {
        let value = site.keyring.text(credential, door.vault()).map_err(|error| error.to_string())?;
        outgoing.headers.push((name.clone(), Some(value)));
    }
    Ok(outgoing)
}

/// Until when a request may take that moves a clock, and starts so much later.
pub(super) fn moving_deadline(after: Duration) -> Deadline {
    Deadline::after(after + LIMIT)
}
