use serde::Serialize;

use crate::event::{Block, Finding, RequirementId, RunRecord, StepRecord};
use crate::report::detail::{Caret, caret, caret_label, is_known, standing};
use crate::report::waived;
use crate::value::Json;

use super::detail::DetailView;
use super::diff::DiffView;
use super::prose::Prose;
use super::shown::{Shown, class_of};
use super::snapshot::SnapshotView;

/// How many further lines of a finding are shown.
const MOST_DETAILS: usize = 40;

/// A check that did not hold.
#[derive(Debug, Serialize)]
pub(super) struct FindingView {
    /// `error`, `warning`, …
    pub(super) word: &'static str,
    /// Its class in the style sheet.
    pub(super) role: &'static str,
    /// Its code.
    pub(super) code: Shown,
    /// What it says.
    pub(super) message: Prose,
    check: Shown,
    attempt: Option<u32>,
    snippets: Vec<SnippetView>,
    expected: Option<Shown>,
    actual: Option<Shown>,
    diff: Option<DiffView>,
    snapshot: Option<SnapshotView>,
    answer_at: Option<Shown>,
    details: Vec<DetailView>,
    more_details: usize,
    waived: Option<Shown>,
    is_given: bool,
}

/// A line of the suite with the stretch that is meant.
#[derive(Debug, Serialize)]
struct SnippetView {
    position: Shown,
    suffix: &'static str,
    line: u32,
    before: Shown,
    marked: Shown,
    after: Shown,
    label: Shown,
}

/// A requirement that is referred to.
#[derive(Clone, Debug, Serialize)]
pub(super) struct RequirementView {
    /// Its id.
    pub(super) id: Shown,
    /// Its level.
    pub(super) level: &'static str,
    /// What it says.
    pub(super) text: Shown,
}

impl RequirementView {
    /// The requirement as the record knows it.
    pub(super) fn new(record: &RunRecord, id: &RequirementId) -> Self {
        let heads = record.suite.iter().flat_map(|suite| &suite.requirements);
        let head = heads.into_iter().find(|head| head.id == *id);
        Self {
            id: Shown::name(id.as_str()),
            level: head.map_or("", |head| head.level.as_str()),
            text: head.map_or_else(Shown::default, |head| Shown::sentence(&head.text)),
        }
    }
}

impl FindingView {
    /// The finding, with where it stands in the suite.
    pub(super) fn new(record: &RunRecord, step: &StepRecord, finding: &Finding) -> Self {
        let (word, role) = standing(finding);
        let own = finding.suite_at.iter().map(|place| (place, "", caret_label(finding)));
        let used = finding.used_at.iter().rev().map(|place| (place, "used here", String::new()));
        let snippets = own.chain(used).filter(|(place, _, _)| is_known(place));
        let sentence = |text: &Option<String>| text.as_deref().map(Shown::sentence);
        let snapshot = finding.snapshot.as_deref().map(SnapshotView::new);
        let diff = if snapshot.is_some() { None } else { side_by_side(finding) };
        // A message that names both says it already.
        let is_told = |text: &Option<String>| text.as_ref().is_none_or(|text| finding.message.contains(text.as_str()));
        let is_drawn = diff.is_some() || snapshot.is_some();
        let is_told = is_drawn || is_told(&finding.expected) && is_told(&finding.actual);
        Self {
            word,
            role: class_of(role),
            code: Shown::short(&finding.code, 80),
            message: Prose::new(&Shown::sentence(&finding.message)),
            check: Shown::sentence(&format!("{}.{}", step.step, finding.check)),
            attempt: finding.attempt,
            snippets: snippets.map(|(place, suffix, label)| SnippetView::new(place, suffix, &label)).collect(),
            expected: if is_told { None } else { sentence(&finding.expected) },
            actual: if is_told { None } else { sentence(&finding.actual) },
            diff,
            snapshot,
            answer_at: sentence(&finding.answer_at),
            details: finding.details.iter().take(MOST_DETAILS).map(|line| DetailView::new(line)).collect(),
            more_details: finding.details.len().saturating_sub(MOST_DETAILS),
            waived: finding.waived.as_ref().map(|id| Shown::already(waived::told(record, id))),
            is_given: finding.block == Block::Given,
        }
    }
}

impl SnippetView {
    fn new(place: &crate::diag::Place, suffix: &'static str, label: &str) -> Self {
        let Caret { text, before, length } = caret(place);
        let part = |skip: usize, take: usize| Shown::already(text.chars().skip(skip).take(take).collect());
        Self {
            position: Shown::name(&format!("{}:{}:{}", place.file, place.line, place.column)),
            suffix,
            line: place.line,
            before: part(0, before),
            marked: part(before, length),
            after: part(before + length, usize::MAX),
            label: Shown::already(label.to_owned()),
        }
    }
}

/// Expected and actual side by side, where they are trees or texts of several lines.
fn side_by_side(finding: &Finding) -> Option<DiffView> {
    let (expected, actual) = (finding.expected.as_ref()?, finding.actual.as_ref()?);
    let lines = |text: &str| match Json::parse(text.as_bytes()) {
        Ok(tree @ (Json::Array(_) | Json::Object(_))) => tree.pretty(),
        _ => text.to_owned(),
    };
    let (expected, actual) = (lines(expected), lines(actual));
    (expected.contains('\n') && actual.contains('\n'))
        .then(|| DiffView::new(["expected", "actual"], &expected, &actual))
}
