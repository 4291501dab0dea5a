use std::sync::Arc;
use std::time::Duration;

use crate::event::CaseId;
use crate::plan::Plan;
use crate::run::{Cancel, CancelHandle, RunOptions, World, run};

use super::observed::Observed;

/// How the cases of one defect came to their end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AttemptEnd {
    /// By themselves.
    Whole,
    /// They did not, in the time that a defect is given.
    TimedOut,
    /// The proof is being stopped.
    Stopped,
}

/// Runs these cases in a world of their own. Its tenants are thrown away with it, so that nothing has to be removed, and
/// whatever a defect makes of them ends with their time.
pub(super) async fn attempt(
    plan: &Plan,
    is_wanted: impl Fn(&CaseId) -> bool + Send,
    world: World,
    (options, limit): (RunOptions, Duration),
    cancel: &Cancel,
) -> (Observed, AttemptEnd) {
    let mut observed = Observed::default();
    let cases: Vec<_> = plan.cases.iter().filter(|case| is_wanted(case.id())).cloned().collect();
    if cases.is_empty() {
        return (observed, AttemptEnd::Whole);
    }
    let plan = Arc::new(Plan { cases, skipped: Vec::new(), ..plan.clone() });
    let (handle, own) = CancelHandle::new();
    let end = {
        let running = run(plan, Arc::new(world), options, handle, own, |event| observed.take(&event));
        tokio::select! {
            biased;
            _ = cancel.begun() => AttemptEnd::Stopped,
            ended = tokio::time::timeout(limit, running) => match ended {
                Ok(_) => AttemptEnd::Whole,
                Err(_) => AttemptEnd::TimedOut,
            },
        }
    };
    (observed, end)
}
