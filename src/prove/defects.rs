use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use tokio::task::{JoinError, JoinSet};

use crate::event::CaseId;
use crate::plan::Plan;
use crate::run::{Cancel, RunOptions, World, WorldError};
use crate::suite::DefectEntry;

use super::attempt::{AttemptEnd, attempt};
use super::matrix::{Astray, Matrix, Row, Stand};
use super::observed::Observed;
use super::workshop::Workshop;

/// How often what went astray is tried again. Some checks are about time, and side by side everything takes longer.
const SECOND_LOOKS: usize = 3;
/// How many cases run side by side where they are looked at again.
const CALM: usize = 4;

/// A defect that is to be noticed.
#[derive(Clone, Debug)]
pub struct Subject {
    /// What the suite says of it.
    pub entry: DefectEntry,
    /// What it does, as a sentence.
    pub text: String,
}

/// Which cases are run against a defect.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reach {
    /// Those in which a sound tenant's rules ask for the defect: in the others it makes no difference.
    #[default]
    Touched,
    /// All.
    Every,
}

/// How defects are tried.
#[derive(Clone, Copy, Debug)]
pub struct ProveOptions {
    /// How many are tried side by side at most.
    pub side_by_side: usize,
    /// How the cases of each are run.
    pub run: RunOptions,
    /// How long a defect may take.
    pub limit: Duration,
    /// Which cases are run.
    pub reach: Reach,
    /// Whether every defect of the suite is tried, so that a scenario that notices nothing is worth telling.
    pub is_whole: bool,
}

/// Why there is no matrix.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ProveError {
    /// A world cannot be made.
    #[error(transparent)]
    World(#[from] WorldError),
    /// The cases do not pass where nothing is broken, so that their failing shows nothing.
    #[error("without any defect, {} cases do not pass", cases.len())]
    Unsound {
        /// Which.
        cases: Vec<Astray>,
    },
    /// The cases did not end where nothing is broken.
    #[error("without any defect, the cases do not end within {} s", limit.as_secs())]
    Endless {
        /// How long they were given.
        limit: Duration,
    },
    /// A defect of this program.
    #[error("the proof of a defect ended by a defect of this program")]
    Internal(#[from] JoinError),
    /// It was stopped before any defect was tried.
    #[error("stopped before any of {all} defects was tried")]
    Stopped {
        /// How many there are.
        all: usize,
    },
}

/// Runs the cases of the plan against each defect, in a world whose tenants have it. `done` hears of each row as it ends.
/// Where it is stopped, the defects that nothing is known of yet are rows too.
///
/// First they are run against sound tenants: what fails there shows nothing of a defect, and what a sound tenant is not
/// asked for is not run again.
///
/// # Errors
/// [`ProveError`] when a world cannot be made, the cases do not pass without a defect, or the proof is stopped.
pub async fn prove_defects<W: Workshop + Send + Sync + 'static>(
    plan: Arc<Plan>,
    subjects: Vec<Subject>,
    options: ProveOptions,
    cancel: Cancel,
    workshop: W,
    mut done: impl FnMut(&Row),
) -> Result<Matrix, ProveError> {
    let order: Vec<String> = subjects.iter().map(|subject| subject.entry.name.clone()).collect();
    let mut bench = Bench { plan, options, cancel, workshop, touched: None };
    let Some(touched) = bench.touched().await? else { return Err(ProveError::Stopped { all: order.len() }) };
    bench.touched = (options.reach == Reach::Touched).then_some(touched);
    let bench = Arc::new(bench);

    let (mut rows, mut again): (Vec<Row>, Vec<(Row, Subject)>) = (Vec::new(), Vec::new());
    let mut waiting: VecDeque<Subject> = subjects.into();
    // Each is a task of its own, so that none waits for another one to be polled.
    let mut running = JoinSet::new();
    loop {
        while running.len() < options.side_by_side.max(1)
            && let Some(subject) = waiting.pop_front()
        {
            let bench = Arc::clone(&bench);
            running.spawn(async move { bench.row(&subject).await.map(|row| (row, subject)) });
        }
        let Some(ended) = running.join_next().await else { break };
        let (row, subject) = ended??;
        match row {
            Some(row) if row.is_proven() => {
                done(&row);
                rows.push(row);
            }
            Some(row) => again.push((row, subject)),
            None => rows.push(bench.untried(&subject)),
        }
    }
    for (row, subject) in again {
        match bench.looked_at_again(row, &subject).await? {
            Some(row) => {
                done(&row);
                rows.push(row);
            }
            None => rows.push(bench.untried(&subject)),
        }
    }
    rows.sort_by_key(|row| order.iter().position(|name| *name == row.defect));
    Ok(Matrix::of(&bench.plan, rows, options.is_whole))
}

/// What each case asks of a sound tenant.
type Touched = BTreeMap<CaseId, BTreeSet<String>>;

struct Bench<W> {
    plan: Arc<Plan>,
    options: ProveOptions,
    cancel: Cancel,
    workshop: W,
    /// `None` where every case is run against every defect.
    touched: Option<Touched>,
}

impl<W: Workshop + Send + Sync> Bench<W> {
    /// Runs the cases against sound tenants, and tells what each asks of them; `None` when the proof is stopped meanwhile.
    async fn touched(&self) -> Result<Option<Touched>, ProveError> {
        let mut astray: BTreeMap<CaseId, Astray> = BTreeMap::new();
        let mut touched = BTreeMap::new();
        for look in 0..=SECOND_LOOKS {
            let options = if look == 0 { self.options.run } else { self.calm() };
            let is_wanted = |case: &CaseId| look == 0 || astray.contains_key(case);
            let (observed, end) = self.attempt(is_wanted, self.workshop.sound()?, options).await;
            match end {
                AttemptEnd::Whole => {}
                AttemptEnd::TimedOut => return Err(ProveError::Endless { limit: self.options.limit }),
                AttemptEnd::Stopped => return Ok(None),
            }
            for (case, control) in observed.controls() {
                if let Some(asked) = self.workshop.asked(control) {
                    touched.insert(case.clone(), asked);
                }
            }
            astray = observed.unsound();
            if astray.is_empty() {
                break;
            }
        }
        if !astray.is_empty() {
            return Err(ProveError::Unsound { cases: astray.into_values().collect() });
        }
        Ok(Some(touched))
    }

    /// Tries a defect; `None` when the proof is stopped meanwhile.
    async fn row(&self, subject: &Subject) -> Result<Option<Row>, ProveError> {
        let name = &subject.entry.name;
        if subject.entry.unnoticeable.is_some() {
            return Ok(Some(self.told(subject, &Observed::default(), AttemptEnd::Whole)));
        }
        if self.cancel.cause().is_some() {
            return Ok(None);
        }
        // A case of which nothing is known is run.
        let is_wanted = |case: &CaseId| {
            self.touched.as_ref().and_then(|touched| touched.get(case)).is_none_or(|asked| asked.contains(name))
        };
        let (observed, end) = self.attempt(is_wanted, self.workshop.broken(name)?, self.options.run).await;
        Ok((end != AttemptEnd::Stopped).then(|| self.told(subject, &observed, end)))
    }

    /// Tries by itself what is not as it must be: what is so again and again is so.
    async fn looked_at_again(&self, mut row: Row, subject: &Subject) -> Result<Option<Row>, ProveError> {
        if self.cancel.cause().is_some() {
            return Ok(None);
        }
        if row.stand == Stand::NotNoticed {
            let Some(again) = self.row(subject).await? else { return Ok(None) };
            row = again;
        }
        for _ in 0..SECOND_LOOKS {
            if row.astray.is_empty() || row.stand == Stand::TimedOut {
                break;
            }
            let is_wanted = |case: &CaseId| row.astray.iter().any(|astray| astray.case == case.as_str());
            let world = self.workshop.broken(&subject.entry.name)?;
            let (observed, end) = self.attempt(is_wanted, world, self.calm()).await;
            match end {
                AttemptEnd::Whole => row.astray = self.told(subject, &observed, end).astray,
                AttemptEnd::TimedOut => row.stand = Stand::TimedOut,
                AttemptEnd::Stopped => return Ok(None),
            }
        }
        Ok(Some(row))
    }

    async fn attempt(
        &self,
        is_wanted: impl Fn(&CaseId) -> bool + Send,
        world: World,
        run: RunOptions,
    ) -> (Observed, AttemptEnd) {
        attempt(&self.plan, is_wanted, world, (run, self.options.limit), &self.cancel).await
    }

    fn calm(&self) -> RunOptions {
        RunOptions { jobs: CALM, ..self.options.run }
    }

    fn untried(&self, subject: &Subject) -> Row {
        self.told(subject, &Observed::default(), AttemptEnd::Stopped)
    }

    fn told(&self, subject: &Subject, observed: &Observed, end: AttemptEnd) -> Row {
        let Subject { entry, text } = subject;
        let catalogue = &self.plan.suite.catalogue;
        let (noticed_by, mut astray) = observed.judged(entry, catalogue);
        let stand = match (&entry.unnoticeable, end) {
            (Some(_), _) => Stand::Unnoticeable,
            (None, AttemptEnd::TimedOut) => Stand::TimedOut,
            (None, AttemptEnd::Stopped) => Stand::Untried,
            (None, AttemptEnd::Whole) if noticed_by.is_empty() => Stand::NotNoticed,
            (None, AttemptEnd::Whole) => Stand::Noticed,
        };
        if stand == Stand::TimedOut {
            // What was cut off says nothing; what matters is which cases it was.
            astray.retain(|astray| astray.outcome == "unfinished");
        }
        Row {
            defect: entry.name.clone(),
            text: text.clone(),
            breaks: entry.breaks.iter().map(ToString::to_string).collect(),
            level: catalogue.strictest(&entry.breaks),
            stand,
            why: entry.unnoticeable.clone(),
            cases: observed.len(),
            noticed_by,
            astray,
            waived_by: None,
        }
    }
}
