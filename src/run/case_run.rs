use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use tokio::sync::mpsc::UnboundedSender;

use crate::auth::{Means, SignInFailed, Subject, signer};
use crate::clock::{Clock, Deadline, MovableClock, Rng, Timestamp};
use crate::event::{
    Event, Exchange, ExchangeId, Fault, FaultKind, Left, Outcome, OutcomeClass, Phase, Purpose, Request, StepPath,
    Timing, UndoEnd,
};
use crate::http::{Ask, Authorization, Door, Limits, Policy};
use crate::plan::{Case, Plan};
use crate::suite::Scheme;
use crate::trial::{Act, Draft, Ending, PendingUndo, Sending, Shown, Trial, UndoState};
use crate::value::{Origin, SecretName, Vault, Witness};

use super::device::Devices;
use super::elapse::move_clock;
use super::leases::Users;
use super::outgoing::outgoing;
use super::world::{SIGN_IN, Site};
use super::{Cancel, OpenedTenant, RunOptions, World};

/// How long the answer to a request that makes something is waited for when the run is being stopped: without it,
/// nobody knows what to remove.
const LAST_ANSWER: Duration = Duration::from_secs(5);
/// How long one undo may take.
const UNDO: Duration = Duration::from_secs(15);
/// A wait of the pacer that is worth telling.
const WORTH_TELLING: Duration = Duration::from_millis(50);

/// What a case came to, for the dispatcher.
#[derive(Debug)]
pub(super) struct CaseEnd {
    pub(super) class: OutcomeClass,
    /// What may be left on the target.
    pub(super) left: Vec<Left>,
}

/// A case that runs: everything that its tries share.
pub(super) struct CaseRun {
    pub(super) plan: Arc<Plan>,
    pub(super) world: Arc<World>,
    pub(super) options: RunOptions,
    pub(super) case: Arc<Case>,
    pub(super) users: Users,
    pub(super) cancel: Cancel,
    pub(super) events: UnboundedSender<Event>,
    pub(super) run_deadline: Option<Deadline>,
}

/// One try of a case.
struct Try<'r> {
    run: &'r CaseRun,
    site: Arc<Site>,
    door: Door,
    control: Option<(Door, Authorization)>,
    devices: Devices,
    deadline: Deadline,
    next_id: AtomicU32,
}

impl CaseRun {
    /// Runs the case: tries it, and again where it says so and did not pass.
    pub(super) async fn run(self) -> CaseEnd {
        let most = self.case.body.scenario.retry + 1;
        let mut left = Vec::new();
        let mut tried = 1;
        loop {
            let began = Instant::now();
            let (ending, took, left_now) = self.one_try(tried, began).await;
            left.extend(left_now);
            let passed = matches!(ending.outcome.class(), OutcomeClass::Passed | OutcomeClass::Warned);
            let again = !passed && tried < most && self.cancel.cause().is_none() && ending.outcome.class() != OutcomeClass::Skipped;
            let outcome = if passed && tried > 1 { Outcome::Flaky { tries: tried } } else { ending.outcome };
            let class = outcome.class();
            self.tell(Event::CaseFinished {
                case: self.case.id().clone(),
                tried,
                outcome,
                again,
                took,
                not_run: ending.not_run,
            });
            if !again {
                return CaseEnd { class, left };
            }
            tried += 1;
        }
    }

    fn tell(&self, event: Event) {
        // Nobody listens any more only when the run has been given up.
        let _ = self.events.send(event);
    }

    async fn one_try(&self, tried: u32, began: Instant) -> (Ending, Duration, Vec<Left>) {
        let broken = |why: String| Ending { outcome: Outcome::Broken { why }, not_run: Vec::new() };
        let tenant = match self.open_tenant(tried).await {
            Ok(tenant) => tenant,
            Err(why) => {
                self.tell_started(tried, None, self.world.clock.now());
                return (broken(why), began.elapsed(), Vec::new());
            }
        };
        let prepared = self.prepare(tried, tenant.as_ref());
        let now = prepared.as_ref().map_or_else(|_| self.world.clock.now(), |(attempt, _)| attempt.site.clock.now());
        self.tell_started(tried, tenant.as_ref(), now);
        let result = match prepared {
            Err(why) => (broken(why), began.elapsed(), Vec::new()),
            Ok((attempt, mut trial)) => {
                let ending = attempt.drive(&mut trial).await;
                let took = began.elapsed();
                let left = attempt.undo(trial.take_undos()).await;
                (ending, took, left)
            }
        };
        if let (Some(tenant), Some(tenants)) = (tenant, &self.world.tenants) {
            tenants.close(tenant.id).await;
        }
        result
    }

    fn tell_started(&self, tried: u32, tenant: Option<&OpenedTenant>, now: Timestamp) {
        let users = self.users.iter().map(|(device, user)| (device.clone(), u32::try_from(*user + 1).unwrap_or(0)));
        let mut addresses = BTreeMap::new();
        if let Some(tenant) = tenant {
            addresses.insert("embedded".to_owned(), tenant.addresses.tenant.clone());
            addresses.insert("control".to_owned(), tenant.addresses.control.clone());
        }
        let case = self.case.id().clone();
        self.tell(Event::CaseStarted { case, tried, users: users.collect(), tenant: addresses, now });
    }

    async fn open_tenant(&self, tried: u32) -> Result<Option<OpenedTenant>, String> {
        if !self.plan.is_embedded() {
            return Ok(None);
        }
        let Some(tenants) = &self.world.tenants else { return Err("nobody serves the embedded tenant".to_owned()) };
        let seed = Rng::derive(self.plan.seed, &["tenant", self.case.id().as_str(), &tried.to_string()]).next_u64();
        tenants.open(seed).await.map(Some).map_err(|error| error.to_string())
    }

    /// Puts together what a try needs, its trial among it.
    fn prepare(&self, tried: u32, tenant: Option<&OpenedTenant>) -> Result<(Try<'_>, Trial), String> {
        let plan = &self.plan;
        let site = match tenant {
            None => self
                .world
                .site(self.case.surface.variant.as_deref())
                .ok_or_else(|| "the target is not there in this variant".to_owned())?,
            Some(tenant) => {
                let resolved = self.case.surface.at(&tenant.addresses);
                let control = Some(tenant.addresses.control.as_str());
                let clock = Arc::new(MovableClock::real());
                let site = Site::new(plan, resolved, control, clock, &self.world.secrets);
                Arc::new(site.map_err(|error| error.to_string())?)
            }
        };
        let names = plan.names(&self.case, tried, &site.surface).map_err(|missing| missing.to_string())?;
        let body = match tenant {
            None => self.case.body.clone(),
            Some(_) => match self.case.body.again(&plan.suite, &names) {
                Ok(again) => again.unwrap_or_else(|| self.case.body.clone()),
                Err(_) => return Err("the scenario cannot be compiled with the tenant's address".to_owned()),
            },
        };
        let vault = Arc::new(Vault::new(Arc::clone(site.keyring.masker())));
        let door = Door::new(Arc::clone(&self.world.transport), Arc::clone(&vault), Arc::clone(&site.policy));
        let control = self.control_door(&site, &vault, tenant)?;
        let mut deadline = Deadline::after(body.scenario.deadline);
        if let Some(run) = self.run_deadline {
            deadline = deadline.sooner(run);
        }
        let trial = Trial::new(
            Arc::clone(&plan.suite),
            self.case.id().clone(),
            body,
            names,
            site.surface.base_url.clone(),
            site.clock.now(),
        );
        let devices = Devices::new(&self.case, &self.users, &self.world);
        Ok((Try { run: self, site, door, control, devices, deadline, next_id: AtomicU32::new(1) }, trial))
    }

    /// The door to what moves the clock: a place of its own, so that no scenario can knock there.
    fn control_door(
        &self,
        site: &Site,
        vault: &Arc<Vault>,
        tenant: Option<&OpenedTenant>,
    ) -> Result<Option<(Door, Authorization)>, String> {
        let Some(origin) = site.clock_url.as_deref().and_then(Origin::parse) else { return Ok(None) };
        let authorization = match tenant {
            None => Authorization::None,
            Some(tenant) => {
                let token = tenant.control_authorization.trim_start_matches("Bearer ");
                let handle = vault
                    .learn(&SecretName::lossy("control.secret"), token, std::slice::from_ref(&origin))
                    .map_err(|error| error.to_string())?;
                Authorization::Bearer(handle.to_string())
            }
        };
        let policy = Arc::new(Policy::new([origin], Vec::new()));
        Ok(Some((Door::new(Arc::clone(&self.world.transport), Arc::clone(vault), policy), authorization)))
    }
}

impl Try<'_> {
    /// Does what the trial asks for, until it has ended.
    async fn drive(&self, trial: &mut Trial) -> Ending {
        loop {
            let act = trial.next(&mut || self.site.clock.now());
            self.tell_all(trial);
            if let Some(stopped) = self.stopped(&act) {
                let ending = trial.stop(stopped);
                self.tell_all(trial);
                return ending;
            }
            match act {
                Act::End(ending) => return ending,
                Act::Pause(span) => self.pause(span).await,
                Act::Elapse { step, span } => {
                    let passed = self.elapse(&step, span).await;
                    trial.elapsed(passed);
                }
                Act::Send(sending) => {
                    let (step, attempt, purpose) = (sending.step.clone(), sending.attempt, sending.purpose);
                    let exchange = self.send_step(*sending).await;
                    self.tell_exchange(Some(&step), attempt, purpose, exchange.clone());
                    trial.answered(exchange, &Witness::new(self.door.vault()));
                }
            }
            self.tell_all(trial);
        }
    }

    /// Why the trial must end here, if it must.
    fn stopped(&self, act: &Act) -> Option<Outcome> {
        if matches!(act, Act::End(_)) {
            return None;
        }
        if self.run.cancel.cause().is_some() {
            return Some(Outcome::Unfinished { why: "the run was stopped".to_owned() });
        }
        if self.deadline.has_passed() {
            let limit = self.run.case.body.scenario.deadline;
            let why = format!("the case did not end within {} s", limit.as_secs());
            return Some(Outcome::Inconclusive { why });
        }
        None
    }

    async fn pause(&self, span: Duration) {
        let until = Deadline::after(span).sooner(self.deadline);
        tokio::select! {
            () = tokio::time::sleep_until(until.instant().into()) => {}
            _ = self.run.cancel.begun() => {}
        }
    }

    async fn elapse(&self, step: &StepPath, span: Duration) -> Result<Duration, String> {
        if let (Some(control), Some((door, authorization))) = (&self.run.plan.target.clock, &self.control)
            && self.site.surface.features.contains("clock")
        {
            let id = self.take_id();
            let lane = self.devices.nobody();
            let moved = move_clock(control, &self.site, door, lane, authorization.clone(), span, id).await;
            if let Some(exchange) = moved.0 {
                self.tell_exchange(Some(step), None, Purpose::Setup, exchange);
            }
            return moved.1.map(|()| span);
        }
        if span > self.run.options.longest_wait {
            return Err(format!(
                "{} s are more than is waited for, and the target's clock cannot be moved",
                span.as_secs()
            ));
        }
        let case = self.run.case.id().clone();
        self.run.tell(Event::Waited { case, why: format!("time passes at step {step}"), span });
        self.pause(span).await;
        Ok(span)
    }

    /// Sends the request of a step. When the run is being stopped meanwhile, what makes something is still waited for.
    async fn send_step(&self, sending: Sending) -> Exchange {
        let id = self.take_id();
        let sent = self.site.clock.now();
        let deadline = Deadline::after(sending.deadline).sooner(self.deadline);
        let method = sending.draft.method.clone();
        let url = sending.draft.url.clone();
        let device = sending.draft.device.clone();
        let makes = sending.makes;
        let send = self.send(&sending.step, sending.draft, Limits { deadline, ..self.limits() }, id, sent);
        tokio::pin!(send);
        let exchange = tokio::select! {
            exchange = &mut send => exchange,
            () = self.given_up(makes) => {
                let fault = Fault {
                    phase: Phase::Headers,
                    kind: FaultKind::Cancelled,
                    detail: "the run was stopped".to_owned(),
                };
                empty_exchange(id, device, method, self.door.vault().mask_text(&url).into_owned(), sent, fault)
            }
        };
        exchange
    }

    /// Waits until a request that is under way is not to be waited for any longer.
    async fn given_up(&self, makes: bool) {
        self.run.cancel.begun().await;
        if makes {
            tokio::select! {
                () = tokio::time::sleep(LAST_ANSWER) => {}
                () = self.run.cancel.abandoned() => {}
            }
        }
    }

    async fn send(&self, step: &StepPath, draft: Draft, limits: Limits, id: ExchangeId, sent: Timestamp) -> Exchange {
        let leave = self.run.world.pacer.leave().await;
        if leave.waited >= WORTH_TELLING {
            let case = self.run.case.id().clone();
            self.run.tell(Event::Waited { case, why: "the target's pace".to_owned(), span: leave.waited });
        }
        let device = draft.device.as_deref().and_then(|name| self.devices.get(name));
        let name = draft.device.clone();
        let shown = match self.shown(step, &draft).await {
            Ok(shown) => shown,
            Err(why) => {
                let fault = Fault { phase: Phase::Prepare, kind: FaultKind::SignIn, detail: why };
                return empty_exchange(id, name, draft.method, self.door.vault().mask_text(&draft.url).into_owned(), sent, fault);
            }
        };
        let (authorization, mut extra) = shown;
        for (header, credential) in &self.run.plan.target.connection.headers {
            if let Ok(value) = self.site.keyring.text(credential, self.door.vault()) {
                extra.push((header.clone(), value));
            }
        }
        let outgoing = outgoing(draft, authorization, extra, limits);
        let ask = Ask {
            id,
            device: name.as_deref(),
            lane: device.map_or_else(|| self.devices.nobody(), |device| device.lane.id()),
            jar: device.map(|device| &*device.jar),
            outgoing: &outgoing,
            sent,
            issues: &[],
        };
        let ahead = self.site.clock.ahead_millis();
        let mut exchange = self.door.send(ask).await;
        exchange.timing.moved_ms = u64::try_from(self.site.clock.ahead_millis() - ahead).unwrap_or(0);
        exchange
    }

    /// What the device shows; signing in where that takes it.
    async fn shown(&self, step: &StepPath, draft: &Draft) -> Result<(Authorization, Vec<(String, String)>), String> {
        if let Shown::Bearer(token) = &draft.shown {
            return Ok((Authorization::Bearer(token.clone()), Vec::new()));
        }
        let Some(name) = &draft.device else { return Ok((Authorization::None, Vec::new())) };
        let device = self.devices.get(name).ok_or_else(|| format!("no device is called `{name}`"))?;
        let identity = self
            .site
            .surface
            .identities
            .get(&device.identity)
            .ok_or_else(|| format!("the target has no identity `{}`", device.identity))?;
        let subject = Subject { identity, user: device.user, slot: device.slot, device: &device.name };
        let next_id = || self.take_id();
        let limits = Limits { deadline: Deadline::after(SIGN_IN).sooner(self.deadline), ..self.limits() };
        let means = Means {
            door: &self.door,
            keyring: &self.site.keyring,
            target: &self.site.origins,
            clock: &*self.site.clock,
            lane: device.lane.id(),
            jar: Some(&*device.jar),
            limits,
            next_id: &next_id,
        };
        if draft.shown == Shown::ClientBasic {
            let Scheme::OAuth2(oauth2) = &identity.scheme else {
                return Err(format!("`{}` has no OAuth client", identity.name));
            };
            let signer = signer(oauth2, &subject, &means).map_err(|reason| reason.to_string())?;
            let (Some(user), password) = (signer.client_id, signer.client_secret) else {
                return Err(format!("`{}` has no client id", identity.name));
            };
            return Ok((Authorization::Basic { user, password: password.unwrap_or_default() }, Vec::new()));
        }
        match self.site.tokens.credentials(subject, &means).await {
            Ok(credentials) => {
                for exchange in credentials.exchanges {
                    self.tell_exchange(Some(step), None, Purpose::Token, exchange);
                }
                Ok((credentials.authorization, credentials.headers))
            }
            Err(SignInFailed { identity, reason, exchanges }) => {
                for exchange in exchanges {
                    self.tell_exchange(Some(step), None, Purpose::Token, exchange);
                }
                Err(format!("signing in as `{identity}` failed: {reason}"))
            }
        }
    }

    /// Takes back what the case made, the last first. What cannot be taken back is told.
    async fn undo(&self, undos: Vec<PendingUndo>) -> Vec<Left> {
        let mut left = Vec::new();
        for undo in undos {
            let end = self.undo_one(&undo).await;
            if let UndoEnd::Left(what) = &end {
                left.push(what.clone());
            }
            self.run.tell(Event::UndoFinished { case: self.run.case.id().clone(), step: undo.step, end });
        }
        left
    }

    async fn undo_one(&self, undo: &PendingUndo) -> UndoEnd {
        let left = |request: String, why: String| UndoEnd::Left(Left { request, why });
        let draft = match &undo.state {
            UndoState::Ready(draft) => draft,
            UndoState::Intended => return left(undo.shown.clone(), "the answer that made it was lost".to_owned()),
            UndoState::Stuck(why) => return left(undo.shown.clone(), why.clone()),
        };
        let shown = format!("{} {}", draft.method, self.door.vault().mask_text(&draft.url));
        let mut why = String::new();
        for is_again in [false, true] {
            if is_again {
                self.forget_token(draft).await;
            }
            let limits = Limits { deadline: Deadline::after(UNDO), ..self.limits() };
            let send = self.send(&undo.step, (**draft).clone(), limits, self.take_id(), self.site.clock.now());
            let exchange = tokio::select! {
                exchange = send => exchange,
                () = self.run.cancel.abandoned() => return left(shown, "removing was given up".to_owned()),
            };
            let answer = exchange.complete().map(|answer| answer.status);
            let fault = exchange.fault.as_ref().map(ToString::to_string);
            self.tell_exchange(Some(&undo.step), None, Purpose::Undo, exchange);
            match answer {
                Some(status) if undo.done.iter().any(|done| done.holds(status)) => return UndoEnd::Gone { status },
                Some(401) if !is_again => {}
                Some(status) => {
                    why = format!("the answer was {status}");
                    break;
                }
                None => {
                    why = fault.unwrap_or_default();
                    break;
                }
            }
        }
        left(shown, why)
    }

    /// Signs in again the next time: the token that was shown is not accepted any more.
    async fn forget_token(&self, draft: &Draft) {
        let device = draft.device.as_deref().and_then(|name| self.devices.get(name));
        let known = device.and_then(|device| Some((device, self.site.surface.identities.get(&device.identity)?)));
        if let Some((device, identity)) = known {
            let subject = Subject { identity, user: device.user, slot: device.slot, device: &device.name };
            self.site.tokens.forget(subject).await;
        }
    }

    fn limits(&self) -> Limits {
        let connection = &self.run.plan.target.connection;
        Limits {
            connect_timeout: connection.connect_timeout,
            max_body_bytes: connection.max_body_bytes,
            ..Limits::until(self.deadline)
        }
    }

    fn take_id(&self) -> ExchangeId {
        ExchangeId(self.next_id.fetch_add(1, Ordering::Relaxed))
    }

    fn tell_all(&self, trial: &mut Trial) {
        for event in trial.take_events() {
            self.run.tell(event);
        }
    }

    fn tell_exchange(&self, step: Option<&StepPath>, attempt: Option<u32>, purpose: Purpose, exchange: Exchange) {
        self.run.tell(Event::ExchangeDone {
            case: self.run.case.id().clone(),
            step: step.cloned(),
            attempt,
            purpose,
            exchange: Box::new(exchange),
        });
    }
}

/// An exchange in which nothing came, and perhaps nothing went.
fn empty_exchange(
    id: ExchangeId,
    device: Option<String>,
    method: String,
    url: String,
    sent: Timestamp,
    fault: Fault,
) -> Exchange {
    Exchange {
        id,
        device,
        request: Request { method, url, headers: Vec::new(), body: crate::event::Body::default() },
        answer: None,
        fault: Some(fault),
        irregular: Vec::new(),
        sent,
        timing: Timing::default(),
    }
}
