use serde::Serialize;

use crate::event::{OutcomeClass, RequirementHead, RequirementState, RunRecord, Waiver};
use crate::report::not_run::by_reason;
use crate::report::{waived, words};

use super::finding::RequirementView;
use super::prose::Prose;
use super::shown::Shown;

/// How many names stand in a list.
const MOST_NAMED: usize = 200;

/// What the run did not test, and what it forgave.
#[derive(Debug, Serialize)]
pub(super) struct GapsView {
    skipped: Vec<ReasonView>,
    unfinished: Vec<ReasonView>,
    undecided: Vec<ReasonView>,
    untested: Vec<RequirementView>,
    untestable: Vec<UntestableView>,
    waivers: Vec<WaiverView>,
    unused_waivers: usize,
    problems: Vec<ProblemView>,
    left: Vec<LeftView>,
    /// Whether only a part of the suite was selected.
    is_partial: bool,
    /// Whether there is anything to tell.
    is_empty: bool,
}

/// Cases without a verdict, by their reason.
#[derive(Debug, Serialize)]
struct ReasonView {
    why: Prose,
    count: String,
    cases: Vec<Shown>,
    more: usize,
}

#[derive(Debug, Serialize)]
struct UntestableView {
    requirement: RequirementView,
    why: Shown,
}

#[derive(Debug, Serialize)]
struct WaiverView {
    id: Shown,
    owner: Shown,
    days: String,
    expires: String,
    subject: Shown,
    reason: Shown,
    issue: Option<Shown>,
    cases: Vec<Shown>,
    count: String,
}

#[derive(Debug, Serialize)]
struct ProblemView {
    id: Shown,
    fault: Shown,
    subject: Option<Shown>,
    owner: Option<Shown>,
}

#[derive(Debug, Serialize)]
struct LeftView {
    request: Shown,
    why: Shown,
}

impl GapsView {
    /// What the record says was not tested.
    pub(super) fn new(record: &RunRecord) -> Self {
        let reasons = |class: OutcomeClass| by_reason(record, class).into_iter().map(reason).collect::<Vec<_>>();
        let states = record.requirements();
        let untested = || {
            let found = states.iter().filter(|(_, state)| *state == RequirementState::Untested);
            found.map(|(head, _)| *head)
        };
        let in_use = waived::in_use(record);
        let problems: Vec<ProblemView> =
            record.end.iter().flat_map(|end| &end.waivers).map(|problem| problem_view(record, problem)).collect();
        let left = record.end.iter().flat_map(|end| &end.left).take(MOST_NAMED);
        let mut view = Self {
            skipped: reasons(OutcomeClass::Skipped),
            unfinished: reasons(OutcomeClass::Unfinished),
            undecided: [OutcomeClass::Inconclusive, OutcomeClass::Broken, OutcomeClass::Blocked]
                .into_iter()
                .flat_map(reasons)
                .collect(),
            untested: untested().filter(|head| head.untestable.is_none()).map(|head| of(record, head)).collect(),
            untestable: untested()
                .filter_map(|head| {
                    let why = Shown::sentence(head.untestable.as_deref()?);
                    Some(UntestableView { requirement: of(record, head), why })
                })
                .collect(),
            unused_waivers: record.waivers.len() - in_use.len(),
            waivers: in_use.into_iter().map(|(waiver, cases)| waiver_view(waiver, &cases)).collect(),
            problems,
            left: left
                .map(|left| LeftView { request: Shown::sentence(&left.request), why: Shown::sentence(&left.why) })
                .collect(),
            is_partial: record.partial,
            is_empty: false,
        };
        view.is_empty = view.skipped.is_empty()
            && view.unfinished.is_empty()
            && view.undecided.is_empty()
            && view.untested.is_empty()
            && view.untestable.is_empty()
            && view.waivers.is_empty()
            && view.problems.is_empty()
            && view.left.is_empty()
            && !view.is_partial;
        view
    }
}

fn of(record: &RunRecord, head: &RequirementHead) -> RequirementView {
    RequirementView::new(record, &head.id)
}

fn reason((why, ids): (String, Vec<&str>)) -> ReasonView {
    ReasonView {
        why: Prose::new(&Shown::already(why)),
        count: words::count(ids.len(), "case"),
        cases: ids.iter().take(MOST_NAMED).map(|id| Shown::name(id)).collect(),
        more: ids.len().saturating_sub(MOST_NAMED),
    }
}

fn waiver_view(waiver: &Waiver, cases: &[&str]) -> WaiverView {
    WaiverView {
        id: Shown::short(waiver.id.as_str(), 80),
        owner: Shown::name(&waiver.owner),
        days: waived::days(waiver),
        expires: waiver.expires.to_string(),
        subject: Shown::already(waived::subject(waiver)),
        reason: Shown::sentence(&waiver.reason),
        issue: waiver.issue.as_deref().map(Shown::name),
        cases: cases.iter().take(MOST_NAMED).map(|id| Shown::name(id)).collect(),
        count: words::count(cases.len(), "case"),
    }
}

fn problem_view(record: &RunRecord, problem: &crate::event::WaiverProblem) -> ProblemView {
    let waiver = record.waiver(&problem.waiver);
    ProblemView {
        id: Shown::short(problem.waiver.as_str(), 80),
        fault: Shown::already(waived::fault(record, problem)),
        subject: waiver.map(|waiver| Shown::already(waived::subject(waiver))),
        owner: waiver.map(|waiver| Shown::name(&waiver.owner)),
    }
}
