use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::{Duration, Instant};

use crate::clock::{Clock as _, Deadline, Timestamp};
use crate::event::{Event, Exchange, Left, Outcome, StepPath, UndoEnd};
use crate::http::{Door, Policy};
use crate::plan::{Around, CaseNames, Resolved, plain_names};
use crate::suite::{Step, StepKind};
use crate::trial::{Ending, SETUP, TEARDOWN, Trial, secret_among};
use crate::value::{Json, Vault};

use super::case_run::{CaseRun, Place, Try};
use super::device::Devices;
use super::stage::Stage;
use super::world::Site;

/// How long `setup` may take, and how long `teardown`.
const LIMIT: Duration = Duration::from_mins(1);

/// What is told of a try: how it ended, how long it took, what may be left.
pub(super) type TryEnd = (Ending, Duration, Vec<Left>);

impl CaseRun {
    /// A try of a case on a target that has `setup` or `teardown`: both are run around it, whatever comes of it.
    pub(super) async fn try_between(&self, tried: u32, began: Instant) -> TryEnd {
        let variant = self.case.surface.variant.as_deref();
        let Some(site) = self.world.hook_site(variant) else {
            self.tell_started(tried, None, self.world.clock.now());
            return (broken("the target is not there in this variant"), began.elapsed(), Vec::new());
        };
        let vault = Arc::new(Vault::new(Arc::clone(site.keyring.masker())));
        let hooks = &self.plan.hooks;
        let mut before = self.hook_try(&site, &vault, Stage::Setup, hooks.setup.as_ref(), Arc::clone(&site.policy));
        let now = site.clock.now();
        self.tell_started(tried, None, now);
        let mut undos = Vec::new();
        let mut known = BTreeMap::new();
        let given = match &hooks.setup {
            None => Ok(BTreeMap::new()),
            Some(setup) => match self.hook_trial(tried, setup, SETUP, BTreeMap::new(), None, now) {
                Err(why) => Err(broken(&why)),
                Ok(mut trial) => {
                    let ending = before.drive(&mut trial).await;
                    undos = trial.take_undos();
                    known = trial.values(&setup.outputs);
                    trial.setup_ended(setup, ending)
                }
            },
        };
        let has_made = hooks.setup.is_none() || before.may_have_made.load(Ordering::Relaxed);
        let mut next_id = before.next_id.load(Ordering::Relaxed);
        let mut names = None;
        let mut policy = Arc::clone(&site.policy);
        let (ending, took, mut left) = match given.and_then(|given| self.begin_made(tried, given, next_id, now)) {
            Err(ending) => (ending, began.elapsed(), Vec::new()),
            Ok((mut attempt, mut trial)) => {
                let ending = attempt.drive(&mut trial).await;
                let took = began.elapsed();
                let left = attempt.undo(trial.take_undos()).await;
                next_id = attempt.next_id.load(Ordering::Relaxed);
                names = Some(attempt.site.surface.clone());
                policy = Arc::clone(&attempt.site.policy);
                (ending, took, left)
            }
        };
        if let (true, Some(teardown)) = (has_made, &hooks.teardown) {
            let inputs: BTreeMap<String, Json> =
                known.into_iter().filter(|(name, _)| teardown.inputs.contains(name)).collect();
            if inputs.len() == teardown.inputs.len() {
                let after = self.hook_try(&site, &vault, Stage::Teardown, Some(teardown), policy);
                after.next_id.store(next_id, Ordering::Relaxed);
                left.extend(self.tear_down(tried, teardown, inputs, names.as_ref(), &after).await);
                next_id = after.next_id.load(Ordering::Relaxed);
            } else {
                let why = "`setup` did not come to its end, and what `teardown` needs is not known";
                left.push(self.not_removed(teardown, why.to_owned()));
            }
        }
        before.next_id.store(next_id, Ordering::Relaxed);
        left.extend(before.undo(undos).await);
        (ending, took, left)
    }

    /// Begins the case at the place that `setup` gave.
    fn begin_made(
        &self,
        tried: u32,
        given: BTreeMap<String, Json>,
        next_id: u32,
        started: Timestamp,
    ) -> Result<(Try<'_>, Trial), Ending> {
        let used = |name: &str| self.plan.target.slots.iter().any(|(path, _)| path.root.as_str() == name);
        let in_use = given.iter().filter(|(name, _)| used(name)).map(|(name, value)| (name.clone(), value.clone()));
        if let Some(secret) = secret_among(&in_use.collect()) {
            let why = format!("`setup` gave a secret as `{secret}`, and what the target's values hold is no secret");
            return Err(broken(&why));
        }
        // The case begins when `setup` has ended; without one, when it was told to.
        let began = self.plan.hooks.setup.is_none().then_some(started);
        let (attempt, trial) = self.prepare(tried, Place::Made(&given), began).map_err(|why| broken(&why))?;
        attempt.next_id.store(next_id, Ordering::Relaxed);
        if self.plan.hooks.setup.is_some() {
            let (case, now) = (self.case.id().clone(), trial.now());
            self.tell(Event::SetupFinished { case, names: given, now });
        }
        Ok((attempt, trial))
    }

    async fn tear_down(
        &self,
        tried: u32,
        teardown: &Around,
        inputs: BTreeMap<String, Json>,
        made: Option<&Resolved>,
        after: &Try<'_>,
    ) -> Option<Left> {
        let mut trial = match self.hook_trial(tried, teardown, TEARDOWN, inputs, made, after.site.clock.now()) {
            Ok(trial) => trial,
            Err(why) => return Some(self.not_removed(teardown, why)),
        };
        let ending = after.drive(&mut trial).await;
        // What it made itself would be its own to remove; nothing comes after it.
        let last = trial.last_exchange();
        let why = match &ending.outcome {
            Outcome::Passed
            | Outcome::Warned
            | Outcome::Skipped { .. }
            | Outcome::Flaky { .. }
            | Outcome::Known { .. } => {
                let status = last.and_then(Exchange::complete).map_or(0, |answer| answer.status);
                self.tell_torn_down(UndoEnd::Gone { status });
                return None;
            }
            Outcome::Failed | Outcome::Blocked { .. } => match last.and_then(Exchange::complete) {
                Some(answer) => format!("`teardown` did not do it: the answer was {}", answer.status),
                None => "`teardown` did not do it".to_owned(),
            },
            Outcome::Inconclusive { why } | Outcome::Broken { why } | Outcome::Unfinished { why } => {
                format!("`teardown` did not do it: {why}")
            }
        };
        let Some(exchange) = last else { return Some(self.not_removed(teardown, why)) };
        let request = format!("{} {}", exchange.request.method, exchange.request.url);
        let left = Left { request, why };
        self.tell_torn_down(UndoEnd::Left(left.clone()));
        Some(left)
    }

    /// What could not even be asked for: the requests as they stand in the suite are for a person.
    fn not_removed(&self, teardown: &Around, why: String) -> Left {
        let steps = self.plan.suite.flows.get(&teardown.flow).map(|flow| flow.steps.as_slice()).unwrap_or_default();
        let request = steps.iter().find_map(shown).unwrap_or_else(|| format!("flow {}", teardown.flow));
        let left = Left { request, why };
        self.tell_torn_down(UndoEnd::Left(left.clone()));
        left
    }

    fn tell_torn_down(&self, end: UndoEnd) {
        self.tell(Event::UndoFinished { case: self.case.id().clone(), step: StepPath::new(TEARDOWN), end });
    }

    /// What does a flow around the case, with a door of its own.
    fn hook_try(
        &self,
        site: &Arc<Site>,
        vault: &Arc<Vault>,
        stage: Stage,
        around: Option<&Around>,
        policy: Arc<Policy>,
    ) -> Try<'_> {
        let identity = around.and_then(|around| around.identity.as_deref());
        Try {
            run: self,
            site: Arc::clone(site),
            door: Door::new(Arc::clone(&self.world.transport), Arc::clone(vault), policy),
            control: None,
            devices: Devices::machine(identity, &self.world),
            deadline: Deadline::after(LIMIT),
            limit: LIMIT,
            stage,
            may_have_made: AtomicBool::new(false),
            next_id: AtomicU32::new(1),
        }
    }

    fn hook_trial(
        &self,
        tried: u32,
        around: &Around,
        prefix: &str,
        given: BTreeMap<String, Json>,
        made: Option<&Resolved>,
        now: Timestamp,
    ) -> Result<Trial, String> {
        let plan = &self.plan;
        let names_of = |surface: &Resolved| surface.names(&plan.target.name, &plan.run_id, &plan.run_nonce());
        let shared = match made {
            Some(made) => (*names_of(made)).clone(),
            None if plan.hooks.setup.is_some() => plain_names(&names_of(&self.case.surface)),
            None => (*names_of(&self.case.surface)).clone(),
        };
        let base_url = shared.get("base_url").and_then(Json::as_str).unwrap_or_default().to_owned();
        let names = CaseNames::new(Arc::new(shared), plan.seed, self.case.id(), tried, &[])
            .map_err(|missing| missing.to_string())?;
        let trial =
            Trial::new(Arc::clone(&plan.suite), self.case.id().clone(), self.case.body.clone(), names, base_url, now);
        Ok(trial.around(around, prefix, given))
    }
}

fn broken(why: &str) -> Ending {
    Ending { outcome: Outcome::Broken { why: why.to_owned() }, not_run: Vec::new() }
}

fn shown(step: &Step) -> Option<String> {
    match &step.kind {
        StepKind::Request(request) => Some(format!("{} {}", request.method, request.place.template().text())),
        StepKind::Token { .. }
        | StepKind::Authorize { .. }
        | StepKind::Together(_)
        | StepKind::Elapse(_)
        | StepKind::Use { .. }
        | StepKind::Judge => None,
    }
}
