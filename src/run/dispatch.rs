use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::{Id, JoinSet};

use crate::clock::{Deadline, Rng};
use crate::event::{
    CancelCause, Event, Gate, Left, Outcome, OutcomeClass, RunEnd, Stamped, Tool, Totals, WaiverLedger,
};
use crate::plan::{Case, Plan};

use super::case_run::{CaseEnd, CaseRun};
use super::leases::{Leases, Users};
use super::stamp::Stamper;
use super::{Cancel, CancelHandle, World};

/// The version of the event log's format.
const FORMAT: u32 = 1;

/// How a plan is run.
#[derive(Clone, Copy, Debug)]
pub struct RunOptions {
    /// How many cases run side by side at most.
    pub jobs: usize,
    /// How long the run may take.
    pub time_limit: Option<Duration>,
    /// How long what was made may be removed once the run is being stopped.
    pub grace: Duration,
    /// How long time that cannot be moved is waited for at most.
    pub longest_wait: Duration,
    /// After how many cases that fail the run no more are started.
    pub max_fail: Option<u32>,
    /// What fails the run besides a broken MUST.
    pub gate: Gate,
    /// How often a case that did not pass is tried again.
    pub retries: Retries,
    /// In which order cases are started.
    pub order: Order,
    /// How the pauses of polls pass.
    pub pauses: Pauses,
}

/// How often a case that did not pass is tried again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Retries {
    /// As often as its scenario says.
    #[default]
    AsWritten,
    /// At least so often.
    AtLeast(u32),
    /// Never: each outcome is that of one try.
    Never,
}

impl Retries {
    /// How often at most, where the scenario says so often.
    pub(super) fn of(self, written: u32) -> u32 {
        match self {
            Self::AsWritten => written,
            Self::AtLeast(least) => written.max(least),
            Self::Never => 0,
        }
    }
}

/// How the pauses between the attempts of a poll pass.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pauses {
    /// They are waited for.
    #[default]
    Waited,
    /// The target's clock is moved instead, where it can be: what never comes is known at once.
    Moved,
}

/// In which order cases are started. Ids, records and the order of reports are the same in each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// That of the plan.
    #[default]
    Plan,
    /// One that is drawn from the seed.
    Shuffled,
}

/// Runs a plan. Whatever endpoints do is data: it ends with an outcome for every case, told in events.
pub async fn run(
    plan: Arc<Plan>,
    world: Arc<World>,
    options: RunOptions,
    handle: CancelHandle,
    cancel: Cancel,
    mut on_event: impl FnMut(Stamped),
) -> RunEnd {
    let clock = Arc::clone(&world.clock);
    let mut stamper = Stamper::new(Arc::clone(&plan.run_id), &*clock);
    let mut ledger = WaiverLedger::default();
    let mut tell = |stamper: &mut Stamper<'_>, event: Event| {
        ledger.observe(&event);
        on_event(stamper.stamp(event));
    };
    tell(&mut stamper, started(&plan, options));
    let (sender, mut events) = mpsc::unbounded_channel();
    let deadline = options.time_limit.map(Deadline::after);
    let mut dispatcher = Dispatcher {
        leases: Leases::default(),
        waiting: in_order(&plan, options.order),
        tasks: JoinSet::new(),
        running: HashMap::new(),
        totals: Totals::default(),
        left: Vec::new(),
        internal: Vec::new(),
    };
    for _ in &plan.skipped {
        dispatcher.totals.add(OutcomeClass::Skipped);
    }
    let mut cancelled: Option<CancelCause> = None;
    loop {
        if cancelled.is_none() && dispatcher.may_fail(options).is_ok() {
            dispatcher.start(&plan, &world, options, &cancel, &sender);
        }
        if dispatcher.tasks.is_empty() {
            break;
        }
        tokio::select! {
            Some(event) = events.recv() => tell(&mut stamper, event),
            Some(joined) = dispatcher.tasks.join_next_with_id() => {
                // What the case told comes before what comes of it.
                while let Ok(event) = events.try_recv() {
                    tell(&mut stamper, event);
                }
                dispatcher.ended(joined, &plan);
            }
            cause = cancel.begun(), if cancelled.is_none() => {
                cancelled = Some(cause);
                tell(&mut stamper, Event::CancelBegun { cause });
                give_up_after(options.grace, handle.clone());
            }
            () = passed(deadline), if cancelled.is_none() => handle.begin(CancelCause::TimeLimit),
        }
    }
    while let Ok(event) = events.try_recv() {
        tell(&mut stamper, event);
    }
    let cancelled = cancelled.or_else(|| cancel.cause());
    let enough = dispatcher.may_fail(options).err().filter(|_| cancelled.is_none() && !dispatcher.waiting.is_empty());
    for case in &dispatcher.waiting {
        let Some(why) = &enough else {
            dispatcher.totals.add(OutcomeClass::Unfinished);
            continue;
        };
        dispatcher.totals.add(OutcomeClass::Skipped);
        tell(
            &mut stamper,
            Event::CaseFinished {
                case: case.id().clone(),
                tried: 0,
                outcome: Outcome::Skipped { why: why.clone() },
                again: false,
                took: Duration::ZERO,
                not_run: Vec::new(),
            },
        );
    }
    let totals = OutcomeClass::ALL
        .iter()
        .filter(|class| dispatcher.totals.of(**class) > 0)
        .map(|class| (class.as_str().to_owned(), dispatcher.totals.of(*class)))
        .collect();
    let end = RunEnd {
        totals,
        cancelled: cancelled.or(enough.map(|_| CancelCause::MaxFail)),
        left: dispatcher.left,
        internal: dispatcher.internal,
        waivers: ledger.problems(),
        gate: options.gate,
        elsewhere: plan.elsewhere(),
        took: stamper.elapsed(),
    };
    on_event(stamper.stamp(Event::RunFinished(end.clone())));
    end
}

/// The cases of a run: those that wait, those that run, and what came of the others.
struct Dispatcher {
    leases: Leases,
    waiting: VecDeque<Arc<Case>>,
    tasks: JoinSet<CaseEnd>,
    running: HashMap<Id, (Arc<Case>, Users)>,
    totals: Totals,
    left: Vec<Left>,
    internal: Vec<String>,
}

impl Dispatcher {
    /// Whether more cases may be started; why not, where enough have failed.
    fn may_fail(&self, options: RunOptions) -> Result<(), String> {
        let failing = OutcomeClass::ALL.into_iter().filter(|class| options.gate.fails(*class));
        let failed: u32 = failing.map(|class| self.totals.of(class)).sum();
        match options.max_fail {
            Some(most) if failed >= most => Err(format!("max-fail: {failed} failed, and {most} are enough")),
            Some(_) | None => Ok(()),
        }
    }

    /// Starts every case that may start, in the order of the plan.
    fn start(
        &mut self,
        plan: &Arc<Plan>,
        world: &Arc<World>,
        options: RunOptions,
        cancel: &Cancel,
        events: &mpsc::UnboundedSender<Event>,
    ) {
        let mut at = 0;
        while self.tasks.len() < options.jobs.max(1) && at < self.waiting.len() {
            let Some(users) = self.leases.take(&self.waiting[at]) else {
                at += 1;
                continue;
            };
            let Some(case) = self.waiting.remove(at) else { break };
            let run = CaseRun {
                plan: Arc::clone(plan),
                world: Arc::clone(world),
                options,
                case: Arc::clone(&case),
                users: users.clone(),
                cancel: cancel.clone(),
                events: events.clone(),
            };
            let task = self.tasks.spawn(run.run());
            self.running.insert(task.id(), (case, users));
        }
    }

    fn ended(&mut self, joined: Result<(Id, CaseEnd), tokio::task::JoinError>, plan: &Plan) {
        let id = match &joined {
            Ok((id, _)) => *id,
            Err(error) => error.id(),
        };
        let Some((case, users)) = self.running.remove(&id) else { return };
        self.leases.give_back(&case, &users);
        if let Ok((_, end)) = joined {
            self.totals.add(end.class);
            self.left.extend(end.left);
        } else {
            self.totals.add(OutcomeClass::Unfinished);
            self.internal.push(format!(
                "the case `{}` of run {} ended by a defect of this program",
                case.id(),
                plan.run_id
            ));
        }
    }
}

/// The cases in the order in which they are started.
fn in_order(plan: &Plan, order: Order) -> VecDeque<Arc<Case>> {
    let mut cases = plan.cases.clone();
    if order == Order::Shuffled {
        let mut rng = Rng::derive(plan.seed, &["shuffle"]);
        // Fisher and Yates: each case may come to stand at each place.
        for last in (1..cases.len()).rev() {
            let chosen = rng.below(last as u64 + 1);
            cases.swap(last, usize::try_from(chosen).unwrap_or(last));
        }
    }
    cases.into()
}

fn started(plan: &Plan, options: RunOptions) -> Event {
    Event::RunStarted {
        format: FORMAT,
        seed: plan.seed,
        tool: Tool { name: "assize".to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() },
        suite: plan.suite_head(),
        target: plan.target_head(),
        shuffled: options.order == Order::Shuffled,
        partial: plan.is_partial,
        gate: options.gate,
        shard: plan.shard.clone(),
        cases: plan.cases.iter().map(|case| case.head.clone()).collect(),
        skipped: plan.skipped.clone(),
        snapshots: plan.snapshots,
        waivers: plan.waivers.to_vec(),
    }
}

async fn passed(deadline: Option<Deadline>) {
    match deadline {
        Some(deadline) => tokio::time::sleep_until(deadline.instant().into()).await,
        None => std::future::pending().await,
    }
}

/// Gives up removing what was made when it takes longer than `grace`. The task ends with the run's runtime.
fn give_up_after(grace: Duration, handle: CancelHandle) {
    tokio::spawn(async move {
        tokio::time::sleep(grace).await;
        handle.abandon();
    });
}
