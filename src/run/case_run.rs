use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::{Duration, Instant};

use tokio::sync::mpsc::UnboundedSender;

use crate::clock::{Clock as _, Deadline, MovableClock, Rng, Timestamp};
use crate::event::{Event, Exchange, ExchangeId, FaultKind, Left, Outcome, OutcomeClass, Phase, Purpose, StepPath};
use crate::http::{Authorization, Door, Limits, Policy};
use crate::plan::{Case, Plan, Sharing};
use crate::trial::{Ending, Trial, after_tries};
use crate::value::{Json, SecretName, Vault};

use super::around::TryEnd;
use super::device::Devices;
use super::leases::Users;
use super::stage::Stage;
use super::world::Site;
use super::{Cancel, OpenedTenant, RunOptions, World};

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
}

/// One try of a case.
pub(super) struct Try<'r> {
    pub(super) run: &'r CaseRun,
    pub(super) site: Arc<Site>,
    pub(super) door: Door,
    pub(super) control: Option<(Door, Authorization)>,
    pub(super) devices: Devices,
    pub(super) deadline: Deadline,
    /// How long was given until then.
    pub(super) limit: Duration,
    pub(super) stage: Stage,
    /// Whether anything that was sent may have made something.
    pub(super) may_have_made: AtomicBool,
    pub(super) next_id: AtomicU32,
}

/// Where a case runs.
#[derive(Clone, Copy)]
pub(super) enum Place<'p> {
    /// At a place that is there before the run.
    Shared,
    /// On a tenant that was opened for it in this process.
    Tenant(&'p OpenedTenant),
    /// Where the target's `setup` said, by these names.
    Made(&'p BTreeMap<String, Json>),
}

impl CaseRun {
    /// Runs the case: tries it, and again where it says so and did not pass.
    pub(super) async fn run(self) -> CaseEnd {
        let most = self.options.retries.of(self.case.body.scenario.retry) + 1;
        let mut left = Vec::new();
        let mut tried = 1;
        let mut failed_before = false;
        loop {
            let began = Instant::now();
            let (ending, took, left_now) = self.one_try(tried, began).await;
            left.extend(left_now);
            // What failed as a waiver says is known, and would fail so again.
            let settled = matches!(
                ending.outcome.class(),
                OutcomeClass::Passed | OutcomeClass::Warned | OutcomeClass::Known | OutcomeClass::Skipped
            ) && !self.options.gate.fails(ending.outcome.class());
            let again = !settled && tried < most && self.cancel.cause().is_none();
            let outcome = after_tries(ending.outcome, tried, failed_before, self.options.gate);
            let class = outcome.class();
            failed_before |= class == OutcomeClass::Failed;
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

    pub(super) fn tell(&self, event: Event) {
        // Nobody listens any more only when the run has been given up.
        let _ = self.events.send(event);
    }

    async fn one_try(&self, tried: u32, began: Instant) -> TryEnd {
        if self.plan.hooks.are_there() {
            return self.try_between(tried, began).await;
        }
        let broken = |why: String| Ending { outcome: Outcome::Broken { why }, not_run: Vec::new() };
        let tenant = match self.open_tenant(tried).await {
            Ok(tenant) => tenant,
            Err(why) => {
                self.tell_started(tried, None, self.world.clock.now());
                return (broken(why), began.elapsed(), Vec::new());
            }
        };
        let prepared = self.prepare(tried, tenant.as_ref().map_or(Place::Shared, Place::Tenant), None);
        let now = prepared.as_ref().map_or_else(|_| self.world.clock.now(), |(_, trial)| trial.now());
        self.tell_started(tried, tenant.as_ref(), now);
        let result = match prepared {
            Err(why) => (broken(why), began.elapsed(), Vec::new()),
            Ok((mut attempt, mut trial)) => {
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

    pub(super) fn tell_started(&self, tried: u32, tenant: Option<&OpenedTenant>, now: Timestamp) {
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

    /// Puts together what a try needs, its trial among it; `began` is when it began, where that was told already.
    pub(super) fn prepare(
        &self,
        tried: u32,
        place: Place<'_>,
        began: Option<Timestamp>,
    ) -> Result<(Try<'_>, Trial), String> {
        let plan = &self.plan;
        let site = match place {
            Place::Shared => self
                .world
                .site(self.case.surface.variant.as_deref())
                .ok_or_else(|| "the target is not there in this variant".to_owned())?,
            Place::Tenant(tenant) => {
                let resolved = self.case.surface.at(&tenant.addresses);
                let control = Some(tenant.addresses.control.as_str());
                let clock = Arc::new(MovableClock::real());
                let site = Site::new(plan, resolved, control, clock, &self.world.secrets);
                Arc::new(site.map_err(|error| error.to_string())?)
            }
            Place::Made(given) => {
                let surface = &self.case.surface;
                let resolved = if plan.hooks.setup.is_some() { surface.filled(given) } else { Ok((**surface).clone()) };
                let resolved = resolved.map_err(|missing| format!("`setup` was run, and {missing}"))?;
                let clock = match self.case.sharing {
                    Sharing::TenantEach => Arc::new(MovableClock::real()),
                    Sharing::OneTenant => Arc::clone(&self.world.common_clock),
                };
                let site = Site::new(plan, resolved, None, clock, &self.world.secrets);
                Arc::new(site.map_err(|error| error.to_string())?)
            }
        };
        let names = plan.names(&self.case, tried, &site.surface).map_err(|missing| missing.to_string())?;
        let body = match place {
            Place::Shared => self.case.body.clone(),
            Place::Tenant(_) | Place::Made(_) => match self.case.body.again(&plan.suite, &names) {
                Ok(again) => again.unwrap_or_else(|| self.case.body.clone()),
                Err(_) => return Err("the scenario cannot be compiled with the tenant's address".to_owned()),
            },
        };
        let vault = Arc::new(Vault::new(Arc::clone(site.keyring.masker())));
        let door = Door::new(Arc::clone(&self.world.transport), Arc::clone(&vault), Arc::clone(&site.policy));
        let tenant = match place {
            Place::Tenant(tenant) => Some(tenant),
            Place::Shared | Place::Made(_) => None,
        };
        let control = self.control_door(&site, &vault, tenant)?;
        // The run's time limit stops cases as a signal does: what it cuts off says nothing of the endpoint.
        let limit = body.scenario.deadline;
        let deadline = Deadline::after(limit);
        let trial = Trial::new(
            Arc::clone(&plan.suite),
            self.case.id().clone(),
            body,
            names,
            site.surface.base_url.clone(),
            began.unwrap_or_else(|| site.clock.now()),
        )
        .waived_by(Arc::clone(&plan.waivers))
        .with_snapshots(plan.snapshots);
        let devices = Devices::new(&self.case, &self.users, &self.world);
        let attempt = Try {
            run: self,
            site,
            door,
            control,
            devices,
            deadline,
            limit,
            stage: Stage::Case,
            may_have_made: AtomicBool::new(false),
            next_id: AtomicU32::new(1),
        };
        Ok((attempt, trial))
    }

    /// The door to what moves the clock: a place of its own, so that no scenario can knock there.
    fn control_door(
        &self,
        site: &Site,
        vault: &Arc<Vault>,
        tenant: Option<&OpenedTenant>,
    ) -> Result<Option<(Door, Authorization)>, String> {
        let Some(origin) = site.clock_origin.clone() else { return Ok(None) };
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
    pub(super) fn limits(&self) -> Limits {
        let connection = &self.run.plan.target.connection;
        Limits {
            connect_timeout: connection.connect_timeout,
            max_body_bytes: connection.max_body_bytes,
            ..Limits::until(self.deadline)
        }
    }

    pub(super) fn take_id(&self) -> ExchangeId {
        ExchangeId(self.next_id.fetch_add(1, Ordering::Relaxed))
    }

    pub(super) fn tell_all(&self, trial: &mut Trial) {
        // What takes things back is told by its exchanges, and judges nothing.
        for event in trial.take_events().into_iter().filter(|_| self.stage != Stage::Teardown) {
            self.run.tell(event);
        }
    }

    pub(super) fn tell_exchange(
        &self,
        step: Option<&StepPath>,
        attempt: Option<u32>,
        purpose: Purpose,
        exchange: Exchange,
    ) {
        if may_have_made(&exchange) {
            self.may_have_made.store(true, Ordering::Relaxed);
        }
        self.run.tell(Event::ExchangeDone {
            case: self.run.case.id().clone(),
            step: step.cloned(),
            attempt,
            purpose: self.stage.purpose(purpose),
            exchange: Box::new(exchange),
        });
    }
}

/// Whether a request may have made something, as far as its answer tells.
fn may_have_made(exchange: &Exchange) -> bool {
    let was_refused = exchange.complete().is_some_and(|answer| (400..500).contains(&answer.status));
    let never_left = exchange
        .fault
        .as_ref()
        .is_some_and(|fault| fault.phase == Phase::Prepare || fault.kind == FaultKind::Unreachable);
    !was_refused && !never_left && !matches!(exchange.request.method.as_str(), "GET" | "HEAD" | "OPTIONS")
}
