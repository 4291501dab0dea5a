use std::collections::BTreeSet;

use serde::Serialize;

use crate::event::{CaseRecord, LevelCounts, OutcomeClass, RequirementId, RunRecord, Standing};
use crate::report::console::{cause, mark, role, stamps};
use crate::report::detail::headline;
use crate::report::{gate, stability, words};

use super::gaps::GapsView;
use super::matrix::MatrixView;
use super::prose::Prose;
use super::shown::{Shown, class_of};
use super::templates::Assets;

/// How many cases that did not simply pass are named on top.
const MOST_ADVERSE: usize = 24;
/// How many requirements and tags can be chosen from a list.
const MOST_CHOICES: usize = 2000;

/// Everything of the page but the cases.
#[derive(Debug, Serialize)]
pub(super) struct PageView {
    assets: &'static Assets,
    verdict: VerdictView,
    suite: Shown,
    suite_name: Shown,
    target: Shown,
    totals: String,
    classes: Vec<ClassView>,
    levels: Vec<LevelView>,
    facts: Vec<FactView>,
    stamps: Vec<Shown>,
    internal: Vec<Shown>,
    adverse: Vec<AdverseView>,
    adverse_more: usize,
    gaps: GapsView,
    matrix: MatrixView,
    requirements: Vec<Shown>,
    tags: Vec<Shown>,
    case_count: usize,
}

/// What the run comes to.
#[derive(Debug, Serialize)]
struct VerdictView {
    word: &'static str,
    mark: &'static str,
    role: &'static str,
    why: String,
}

/// How many cases ended in a class, and its share of a bar.
#[derive(Debug, Serialize)]
struct ClassView {
    class: &'static str,
    mark: &'static str,
    role: &'static str,
    count: u32,
    /// Where its part of the bar begins, and how long it is, of 1000.
    x: u32,
    width: u32,
}

/// The requirements of a level.
#[derive(Debug, Serialize)]
struct LevelView {
    level: &'static str,
    kept: usize,
    tested: usize,
    all: usize,
    /// `2 broken`, `1 waived`, …, each with its class in the style sheet.
    rest: Vec<(String, &'static str)>,
    role: &'static str,
}

/// A case that did not simply pass.
#[derive(Debug, Serialize)]
struct AdverseView {
    number: usize,
    id: Shown,
    class: &'static str,
    mark: &'static str,
    role: &'static str,
    reason: Prose,
}

#[derive(Debug, Serialize)]
struct FactView {
    name: &'static str,
    value: Shown,
}

impl PageView {
    /// The page of a record.
    pub(super) fn new(record: &RunRecord, assets: &'static Assets) -> Self {
        let totals = record.totals();
        let adverse = adverse(record);
        let suite = record.suite.as_ref();
        let target = record.target.as_ref();
        Self {
            assets,
            verdict: verdict(record),
            suite: suite.map_or_else(Shown::default, |suite| Shown::sentence(&suite.title)),
            suite_name: suite.map_or_else(Shown::default, |suite| Shown::name(&suite.name)),
            target: target.map_or_else(Shown::default, |target| Shown::name(&target.name)),
            totals: totals.to_string(),
            classes: classes(record),
            levels: record.levels().into_iter().map(level).collect(),
            facts: facts(record),
            stamps: stamps(record).into_iter().map(Shown::name).collect(),
            internal: record.end.iter().flat_map(|end| &end.internal).map(|text| Shown::sentence(text)).collect(),
            adverse: adverse.iter().take(MOST_ADVERSE).map(|found| adverse_view(record, *found)).collect(),
            adverse_more: adverse.len().saturating_sub(MOST_ADVERSE),
            gaps: GapsView::new(record),
            matrix: MatrixView::new(record),
            requirements: choices(record, |case| case.verifies.iter().map(RequirementId::as_str).collect()),
            tags: choices(record, |case| case.tags.iter().map(String::as_str).collect()),
            case_count: record.cases.len(),
        }
    }
}

/// The cases that did not simply pass, those that failed first, with their places in the plan.
fn adverse(record: &RunRecord) -> Vec<(usize, &CaseRecord)> {
    let rank = |case: &CaseRecord| match case.outcome_or_unfinished().class() {
        OutcomeClass::Failed => 0,
        OutcomeClass::Inconclusive | OutcomeClass::Broken | OutcomeClass::Blocked => 1,
        OutcomeClass::Unfinished => 2,
        OutcomeClass::Warned | OutcomeClass::Flaky | OutcomeClass::Known => 3,
        OutcomeClass::Passed | OutcomeClass::Skipped => 4,
    };
    let mut found: Vec<(usize, &CaseRecord)> =
        record.cases.iter().enumerate().filter(|(_, case)| rank(case) < 4).collect();
    found.sort_by_key(|(_, case)| rank(case));
    found
}

fn adverse_view(record: &RunRecord, (number, case): (usize, &CaseRecord)) -> AdverseView {
    let outcome = case.outcome_or_unfinished();
    let class = outcome.class();
    let reason = headline(record, case, &outcome).map(|headline| Prose::new(&Shown::short(&headline.message, 300)));
    AdverseView {
        number,
        id: Shown::name(case.head.id.as_str()),
        class: class.as_str(),
        mark: mark(class),
        role: class_of(role(class)),
        reason: reason.unwrap_or_default(),
    }
}

fn verdict(record: &RunRecord) -> VerdictView {
    let standing = record.standing();
    let (word, mark, role) = match standing {
        Standing::Stopped(_) => ("Stopped", "–", "unsure"),
        Standing::Defect => ("Broken off", "?", "unsure"),
        Standing::Failed => ("Failed", "✗", "bad"),
        Standing::Undecided => ("Undecided", "?", "unsure"),
        Standing::Incomplete => ("Incomplete", "–", "unsure"),
        Standing::Nothing => ("Nothing ran", "–", "unsure"),
        Standing::Empty => ("Empty shard", "–", "unsure"),
        Standing::Dirty => ("Passed, not tidy", "!", "odd"),
        Standing::Passed => ("Passed", "✓", "good"),
    };
    let why = match standing {
        Standing::Stopped(_) => {
            let cause = record.cancelled.or(record.end.as_ref().and_then(|end| end.cancelled)).map(cause);
            format!("The run was stopped by {}.", cause.unwrap_or_default())
        }
        Standing::Defect => "A defect of this program was noticed; the verdict is worth nothing.".to_owned(),
        Standing::Failed if gate::told(record).is_some() => {
            format!("The gate counts as failures: {}.", gate::told(record).unwrap_or_default())
        }
        Standing::Failed if record.totals().of(OutcomeClass::Failed) == 0 => {
            "A waiver does not hold, which fails the run.".to_owned()
        }
        Standing::Failed => "A promise was broken, as a received answer shows.".to_owned(),
        Standing::Undecided => "Nothing failed, but not everything could be judged.".to_owned(),
        Standing::Incomplete => "Nothing failed, but not every selected case ran to its end.".to_owned(),
        Standing::Empty => "No case of the plan is in this shard; the other shards decide.".to_owned(),
        Standing::Nothing => "No case ran, so nothing is known.".to_owned(),
        Standing::Dirty => "Every judged case passed, but something may have been left on the target.".to_owned(),
        Standing::Passed => "Every selected case that ran was judged, and none failed.".to_owned(),
    };
    VerdictView { word, mark, role, why }
}

fn classes(record: &RunRecord) -> Vec<ClassView> {
    let totals = record.totals();
    let all = totals.all().max(1);
    let share = |count: u32| u32::try_from(u64::from(count) * 1000 / u64::from(all)).unwrap_or(1000);
    let mut before = 0;
    let present = OutcomeClass::ALL.into_iter().filter(|class| totals.of(*class) > 0);
    let view = |class: OutcomeClass| {
        let count = totals.of(class);
        let x = share(before);
        before += count;
        // A single failure among thousands is still seen.
        let width = (share(before) - x).max(4);
        ClassView { class: class.as_str(), mark: mark(class), role: class_of(role(class)), count, x: x.min(996), width }
    };
    present.map(view).collect()
}

fn level(counts: LevelCounts) -> LevelView {
    let rest = [
        (counts.broken, "broken", "bad"),
        (counts.undecided, "undecided", "unsure"),
        (counts.waived, "waived", "odd"),
        (counts.untested, "untested", "faint"),
    ];
    let worst = rest[..3].iter().find(|(count, ..)| *count > 0).map(|(.., role)| *role);
    LevelView {
        level: counts.level.as_str(),
        kept: counts.kept,
        tested: counts.tested(),
        all: counts.all(),
        rest: rest
            .iter()
            .filter(|(count, ..)| *count > 0)
            .map(|(n, word, role)| (format!("{n} {word}"), *role))
            .collect(),
        role: worst.unwrap_or(if counts.tested() > 0 { "good" } else { "faint" }),
    }
}

fn facts(record: &RunRecord) -> Vec<FactView> {
    let mut facts: Vec<(&'static str, String)> = Vec::new();
    if let Some(suite) = &record.suite {
        facts.push(("suite", format!("{} {} ({})", suite.name, suite.version, suite.origin)));
    }
    if let Some(target) = &record.target {
        facts.push(("target", format!("{} at {}", target.name, target.base_url)));
    }
    if let Some(started) = record.started {
        facts.push(("started", started.to_string()));
    }
    if let Some(end) = &record.end {
        facts.push(("took", words::duration(end.took)));
    }
    if let Some(shard) = record.shard {
        facts.push(("shard", format!("{shard}, of a plan of {} cases", record.elsewhere as usize + running(record))));
    }
    if let Some(stability) = stability::told(record) {
        facts.push(("repetitions", stability));
    }
    let order = if record.shuffled { ", shuffled" } else { "" };
    facts.push(("run", format!("{} (seed {}{order})", record.run, record.seed)));
    if let Some(cause_of) = record.cancelled {
        facts.push(("stopped by", cause(cause_of)));
    }
    if let Some(suite) = &record.suite {
        facts.push(("digest", suite.sha256.get(..16).unwrap_or(&suite.sha256).to_owned()));
    }
    if let Some(tool) = &record.tool {
        facts.push(("judged by", format!("{} {}", tool.name, tool.version)));
    }
    facts.into_iter().map(|(name, value)| FactView { name, value: Shown::name(&value) }).collect()
}

fn running(record: &RunRecord) -> usize {
    record
        .cases
        .iter()
        .filter(|case| case.outcome.as_ref().is_none_or(|it| it.class() != OutcomeClass::Skipped))
        .count()
}

/// The different words that cases have, in order.
fn choices<'r>(record: &'r RunRecord, of: impl Fn(&'r crate::event::CaseHead) -> Vec<&'r str>) -> Vec<Shown> {
    let mut found: BTreeSet<&str> = BTreeSet::new();
    for case in &record.cases {
        found.extend(of(&case.head));
    }
    found.into_iter().take(MOST_CHOICES).map(Shown::name).collect()
}
