use std::sync::Arc;

use futures_util::StreamExt as _;

use crate::event::CancelCause;
use crate::plan::Plan;
use crate::run::{Cancel, CancelHandle, RunOptions, World, WorldError, run};
use crate::suite::DefectEntry;

use super::matrix::{Matrix, Row, Stand};
use super::observed::Observed;

/// A defect that is to be noticed.
#[derive(Clone, Debug)]
pub struct Subject {
    /// What the suite says of it.
    pub entry: DefectEntry,
    /// What it does, as a sentence.
    pub text: String,
}

/// How defects are tried.
#[derive(Clone, Copy, Debug)]
pub struct ProveOptions {
    /// How many are tried side by side at most.
    pub side_by_side: usize,
    /// How the cases of each are run.
    pub run: RunOptions,
    /// Whether every defect of the suite is tried, so that a scenario that notices nothing is worth telling.
    pub is_whole: bool,
}

/// Runs the cases of the plan against each defect, in a world whose tenants have it. `done` hears of each row as it ends.
///
/// # Errors
/// [`WorldError`] when a world cannot be made; what has begun is given up.
pub async fn prove_defects(
    plan: &Arc<Plan>,
    subjects: Vec<Subject>,
    options: ProveOptions,
    (handle, cancel): (CancelHandle, Cancel),
    world: impl Fn(&str) -> Result<World, WorldError>,
    mut done: impl FnMut(&Row),
) -> Result<Matrix, WorldError> {
    let order: Vec<String> = subjects.iter().map(|subject| subject.entry.name.clone()).collect();
    let tried = |subject: Subject| {
        let (handle, cancel, world) = (handle.clone(), cancel.clone(), world(&subject.entry.name));
        async move {
            let mut observed = Observed::default();
            if subject.entry.unnoticeable.is_none() && cancel.cause().is_none() {
                let world = Arc::new(world?);
                run(Arc::clone(plan), world, options.run, handle, cancel, |event| observed.take(&event)).await;
            }
            Ok::<_, WorldError>((row(plan, &subject, &observed), subject))
        }
    };
    let mut running =
        futures_util::stream::iter(subjects.into_iter().map(tried)).buffer_unordered(options.side_by_side.max(1));
    let (mut rows, mut again) = (Vec::new(), Vec::new());
    while let Some(ended) = running.next().await {
        let (row, subject) = ended.inspect_err(|_| handle.begin(CancelCause::MaxFail))?;
        if row.stand == Stand::Noticed && !row.astray.is_empty() {
            again.push(subject);
        } else {
            done(&row);
            rows.push(row);
        }
    }
    // Side by side everything takes longer, and some checks are about time: what went astray is tried by itself.
    for subject in again {
        let (row, _) = tried(subject).await?;
        done(&row);
        rows.push(row);
    }
    rows.sort_by_key(|row| order.iter().position(|name| *name == row.defect));
    let mut scenarios: Vec<String> = Vec::new();
    for case in plan.cases.iter().filter(|_| options.is_whole) {
        if !scenarios.contains(&case.head.scenario) {
            scenarios.push(case.head.scenario.clone());
        }
    }
    Ok(Matrix::of(&plan.suite.name, rows, &scenarios))
}

fn row(plan: &Plan, subject: &Subject, observed: &Observed) -> Row {
    let Subject { entry, text } = subject;
    let (noticed_by, astray) = observed.judged(entry, &plan.suite.catalogue);
    let stand = match (&entry.unnoticeable, noticed_by.is_empty() || observed.is_empty()) {
        (Some(_), _) => Stand::Unnoticeable,
        (None, true) => Stand::NotNoticed,
        (None, false) => Stand::Noticed,
    };
    Row {
        defect: entry.name.clone(),
        text: text.clone(),
        breaks: entry.breaks.iter().map(ToString::to_string).collect(),
        stand,
        why: entry.unnoticeable.clone(),
        noticed_by,
        astray,
    }
}
