use std::collections::BTreeMap;

use serde::Serialize;

use crate::event::{OutcomeClass, RequirementId, RequirementState, RunRecord};
use crate::report::console::{mark, role};

use super::shown::{Shown, class_of};

/// How many scenarios of a requirement are named.
const MOST_SCENARIOS: usize = 12;

/// The requirements: those that need a look first, then the others.
#[derive(Debug, Serialize)]
pub(super) struct MatrixView {
    /// Broken, undecided, waived.
    pressing: Vec<RowView>,
    /// Kept, untested.
    others: Vec<RowView>,
    count: usize,
}

/// A requirement with its evidence.
#[derive(Debug, Serialize)]
struct RowView {
    id: Shown,
    level: &'static str,
    actor: Shown,
    text: Shown,
    state: &'static str,
    mark: &'static str,
    role: &'static str,
    scenarios: Vec<ScenarioView>,
    more: usize,
}

/// A scenario that is evidence, with how its cases ended.
#[derive(Debug, Serialize)]
struct ScenarioView {
    id: Shown,
    /// The element of its first case.
    first: usize,
    ends: Vec<EndView>,
}

#[derive(Debug, Serialize)]
struct EndView {
    mark: &'static str,
    role: &'static str,
    class: &'static str,
    count: usize,
}

/// The first case of a scenario, and how many of its cases ended in which class.
type Ended = (usize, BTreeMap<OutcomeClass, usize>);

/// The scenarios that are evidence, each with how it ended.
type Evidence<'r> = BTreeMap<&'r str, Ended>;

impl MatrixView {
    /// The matrix of a record.
    pub(super) fn new(record: &RunRecord) -> Self {
        let mut evidence: BTreeMap<&RequirementId, Evidence<'_>> = BTreeMap::new();
        for (number, case) in record.cases.iter().enumerate() {
            let class = case.outcome_or_unfinished().class();
            for id in &case.head.verifies {
                let scenarios = evidence.entry(id).or_default();
                let (_, ends) = scenarios.entry(&case.head.scenario).or_insert((number, BTreeMap::new()));
                *ends.entry(class).or_default() += 1;
            }
        }
        let states = record.requirements();
        let none = Evidence::new();
        let rows = states.iter().map(|(head, state)| {
            let found = evidence.get(&head.id).unwrap_or(&none);
            let (word, sign, role) = word(*state);
            RowView {
                id: Shown::name(head.id.as_str()),
                level: head.level.as_str(),
                actor: Shown::short(&head.actor, 40),
                text: Shown::sentence(&head.text),
                state: word,
                mark: sign,
                role,
                scenarios: in_order(found).into_iter().take(MOST_SCENARIOS).map(scenario).collect(),
                more: found.len().saturating_sub(MOST_SCENARIOS),
            }
        });
        let (mut pressing, others): (Vec<RowView>, Vec<RowView>) =
            rows.partition(|row| matches!(row.state, "broken" | "undecided" | "waived"));
        pressing.sort_by_key(|row| ["broken", "undecided", "waived"].iter().position(|word| *word == row.state));
        Self { pressing, others, count: states.len() }
    }
}

/// Scenarios that did not simply pass first: they are why a requirement is not kept.
fn in_order<'e, 'r>(evidence: &'e Evidence<'r>) -> Vec<(&'e &'r str, &'e Ended)> {
    let is_plain = |class: &OutcomeClass| matches!(class, OutcomeClass::Passed | OutcomeClass::Skipped);
    let mut found: Vec<_> = evidence.iter().collect();
    found.sort_by_key(|(_, (_, ends))| ends.keys().all(is_plain));
    found
}

fn scenario((id, (first, ends)): (&&str, &Ended)) -> ScenarioView {
    let end = |(class, count): (&OutcomeClass, &usize)| EndView {
        mark: mark(*class),
        role: class_of(role(*class)),
        class: class.as_str(),
        count: *count,
    };
    ScenarioView { id: Shown::name(id), first: *first, ends: ends.iter().map(end).collect() }
}

/// A state in a word, with its sign and its class in the style sheet.
fn word(state: RequirementState) -> (&'static str, &'static str, &'static str) {
    match state {
        RequirementState::Untested => ("untested", "·", "faint"),
        RequirementState::Undecided => ("undecided", "?", "unsure"),
        RequirementState::Kept => ("kept", "✓", "good"),
        RequirementState::Waived => ("waived", "≈", "odd"),
        RequirementState::Broken => ("broken", "✗", "bad"),
    }
}
