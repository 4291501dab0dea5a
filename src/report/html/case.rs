use std::collections::BTreeMap;
use std::time::Duration;

use serde::Serialize;

use crate::event::{
    CaseRecord, Exchange, ExchangeId, Finding, Outcome, OutcomeClass, RunRecord, StepRecord, TryRecord, UndoEnd,
    Verdict,
};
use crate::report::console::{mark, role};
use crate::report::detail::{adverse, blamed, headline, sent, spoken_of, standing, told_try};
use crate::report::words;

use super::exchange::{ExchangeView, Setting};
use super::fidelity::{Fidelity, Room};
use super::finding::{FindingView, RequirementView};
use super::prose::Prose;
use super::sequence::{Arrivals, Marked, SequenceView};
use super::shown::{Shown, class_of};

/// How many findings of a step are drawn, and how many checks that held are named.
const MOST_FINDINGS: usize = 40;
const MOST_HELD: usize = 40;
/// Of how many cases a page is that draws those that did not pass before they are opened, so that a browser's own search
/// finds what is in them.
const MOST_DRAWN: usize = 500;

/// A case: its line, and what opens below it.
#[derive(Debug, Serialize)]
pub(super) struct CaseView {
    /// Its number in the plan; its element is `cN`.
    number: usize,
    id: Shown,
    title: Shown,
    scenario: Shown,
    row: Option<Shown>,
    variant: Option<Shown>,
    tags: Vec<Shown>,
    verifies: Vec<Shown>,
    class: &'static str,
    mark: &'static str,
    role: &'static str,
    took: String,
    code: Option<Shown>,
    reason: Option<Prose>,
    place: Option<Shown>,
    tries: Vec<TryView>,
    waits: Vec<Shown>,
    left: Vec<Shown>,
    /// Whether what opens is drawn only when it is opened, where there is a script to do so.
    is_folded: bool,
    /// Why not everything stands here.
    bounded: Option<&'static str>,
}

/// One try.
#[derive(Debug, Serialize)]
struct TryView {
    number: usize,
    /// How it ended, where there are several.
    ended: Option<&'static str>,
    took: String,
    is_told: bool,
    sequence: Option<SequenceView>,
    steps: Vec<StepView>,
    not_run: Vec<Shown>,
}

/// A step with what was found and sent.
#[derive(Debug, Serialize)]
struct StepView {
    /// Its name; empty for what was sent outside of any step.
    name: Shown,
    left_out: Option<Shown>,
    requirements: Vec<RequirementView>,
    findings: Vec<FindingView>,
    more_findings: usize,
    /// The checks that held.
    held: Vec<Shown>,
    held_count: Option<String>,
    exchanges: Vec<ExchangeView>,
    more_exchanges: usize,
    role: &'static str,
}

impl CaseView {
    /// The case as far as `fidelity` goes; `arrivals` holds for each try when its exchanges ended.
    pub(super) fn new(
        record: &RunRecord,
        (number, case): (usize, &CaseRecord),
        arrivals: &BTreeMap<usize, Arrivals>,
        fidelity: Fidelity,
    ) -> Self {
        let outcome = case.outcome_or_unfinished();
        let class = outcome.class();
        let head = &case.head;
        let headline = headline(record, case, &outcome);
        let told = told_try(case, &outcome).map(|(at, _)| at);
        let none = Arrivals::new();
        let tries = case.tries.iter().enumerate().map(|(at, attempt)| {
            let view = TryFrom { record, case: number, at, attempt, fidelity };
            view.draw(case.tries.len(), told == Some(at), arrivals.get(&at).unwrap_or(&none), &outcome)
        });
        Self {
            number,
            id: Shown::name(head.id.as_str()),
            title: Shown::sentence(&head.title),
            scenario: Shown::name(&head.scenario),
            row: head.row.as_deref().map(Shown::name),
            variant: head.variant.as_deref().map(Shown::name),
            tags: head.tags.iter().map(|tag| Shown::name(tag)).collect(),
            verifies: head.verifies.iter().map(|id| Shown::name(id.as_str())).collect(),
            class: class.as_str(),
            mark: mark(class),
            role: class_of(role(class)),
            took: took(case),
            code: headline.as_ref().map(|headline| Shown::short(&headline.code, 80)),
            reason: headline.as_ref().map(|headline| Prose::new(&Shown::sentence(&headline.message))),
            place: (!head.at.file.is_empty()).then(|| Shown::name(&format!("{}:{}", head.at.file, head.at.line))),
            tries: if has_no_tries(class, fidelity) { Vec::new() } else { tries.collect() },
            waits: case
                .waits
                .iter()
                .take(MOST_FINDINGS)
                .map(|(why, span)| Shown::sentence(&format!("{} for {why}", words::duration(*span))))
                .collect(),
            left: case.undone.iter().filter_map(left).collect(),
            is_folded: class == OutcomeClass::Passed || record.cases.len() > MOST_DRAWN,
            bounded: bounded(class, fidelity),
        }
    }
}

/// Whether nothing is told of what was done: it was not, or it went well and there is no room.
fn has_no_tries(class: OutcomeClass, fidelity: Fidelity) -> bool {
    class == OutcomeClass::Skipped || class == OutcomeClass::Passed && fidelity == Fidelity::Line
}

fn took(case: &CaseRecord) -> String {
    if case.tries.is_empty() {
        return String::new();
    }
    words::duration(case.tries.iter().map(|attempt| attempt.took).sum::<Duration>())
}

fn left((step, end): &(crate::event::StepPath, UndoEnd)) -> Option<Shown> {
    match end {
        UndoEnd::Gone { .. } => None,
        UndoEnd::Left(left) => {
            Some(Shown::sentence(&format!("of step {step}, {} may be there: {}", left.request, left.why)))
        }
    }
}

fn bounded(class: OutcomeClass, fidelity: Fidelity) -> Option<&'static str> {
    match (class, fidelity) {
        (OutcomeClass::Skipped, _) | (_, Fidelity::Full) => None,
        (_, Fidelity::Brief) => Some("Bodies and header fields are cut short here; a report log=FILE has all of them."),
        (_, Fidelity::Diagram) => {
            Some("To keep this page small, bodies and header fields are left out; a report log=FILE has all of them.")
        }
        (_, Fidelity::Line) => {
            Some("To keep this page small, what was sent and received is left out; a report log=FILE has all of it.")
        }
    }
}

/// What a try is drawn from.
struct TryFrom<'r> {
    record: &'r RunRecord,
    case: usize,
    at: usize,
    attempt: &'r TryRecord,
    fidelity: Fidelity,
}

impl TryFrom<'_> {
    fn draw(&self, tries: usize, is_told: bool, arrivals: &Arrivals, outcome: &Outcome) -> TryView {
        let attempt = self.attempt;
        let findings: Vec<(&StepRecord, &Finding)> = adverse(attempt).collect();
        let mut about: BTreeMap<ExchangeId, Vec<&Finding>> = BTreeMap::new();
        for found in &findings {
            for id in spoken_of(attempt, found) {
                about.entry(id).or_default().push(found.1);
            }
        }
        let is_quiet = matches!(outcome, Outcome::Passed | Outcome::Skipped { .. });
        let first = if is_quiet { Vec::new() } else { blamed(attempt, &findings) };
        let mut marked: Marked = first.iter().map(|id| (*id, class_of(role(outcome.class())))).collect();
        for (id, findings) in &about {
            let worst = findings.iter().max_by_key(|finding| finding.verdict);
            if let Some(finding) = worst.filter(|finding| finding.verdict >= Verdict::Warn) {
                marked.insert(*id, class_of(standing(finding).1));
            }
        }
        let anchor = |id: ExchangeId| format!("c{}-{}-{id}", self.case, self.at + 1);
        let sequence = (self.fidelity >= Fidelity::Diagram)
            .then(|| SequenceView::new(attempt, arrivals, &marked, &anchor))
            .flatten();
        let labels: BTreeMap<ExchangeId, String> =
            sent(attempt).into_iter().map(|(label, exchange)| (exchange.id, label)).collect();
        let mut room_left = self.fidelity.room().exchanges;
        let mut exchanges = |of: &mut dyn Iterator<Item = &Exchange>| {
            let mut more = 0;
            let mut drawn = Vec::new();
            for exchange in of {
                let is_first = first.contains(&exchange.id);
                if room_left == 0 && !(is_first && self.fidelity >= Fidelity::Brief) {
                    more += 1;
                    continue;
                }
                room_left = room_left.saturating_sub(1);
                let setting = Setting {
                    anchor: anchor(exchange.id),
                    label: labels.get(&exchange.id).map_or("", String::as_str),
                    findings: about.get(&exchange.id).cloned().unwrap_or_default(),
                    is_open: is_first && is_told,
                    room: self.room_of(exchange, &marked),
                };
                drawn.push(ExchangeView::new(exchange, setting));
            }
            (drawn, more)
        };
        let mut steps: Vec<StepView> = Vec::new();
        for step in &attempt.steps {
            let (drawn, more) = exchanges(&mut step.exchanges.iter().map(|(_, exchange)| exchange));
            let view = self.step(step, drawn, more);
            if !view.is_empty() {
                steps.push(view);
            }
        }
        if !attempt.others.is_empty() {
            let (drawn, more) = exchanges(&mut attempt.others.iter().map(|(_, exchange)| exchange));
            steps.push(outside(drawn, more));
        }
        TryView {
            number: self.at + 1,
            ended: (tries > 1).then(|| attempt.outcome.as_ref().map_or("unfinished", |it| it.class().as_str())),
            took: words::duration(attempt.took),
            is_told,
            sequence,
            steps,
            not_run: attempt.not_run.iter().take(MOST_FINDINGS).map(|step| Shown::name(step.as_str())).collect(),
        }
    }

    /// Of a case that is told in full, what no finding speaks of needs less room.
    fn room_of(&self, exchange: &Exchange, marked: &Marked) -> Room {
        let is_plain =
            self.fidelity == Fidelity::Full && !marked.contains_key(&exchange.id) && exchange.fault.is_none();
        let room = self.fidelity.room();
        if is_plain { Room { body_bytes: 8 * 1024, body_lines: 200, ..room } } else { room }
    }

    fn step(&self, step: &StepRecord, exchanges: Vec<ExchangeView>, more_exchanges: usize) -> StepView {
        let adverse: Vec<&Finding> = step.findings.iter().filter(|finding| finding.is_adverse()).collect();
        let held: Vec<&Finding> = step.findings.iter().filter(|finding| !finding.is_adverse()).collect();
        let views: Vec<FindingView> =
            adverse.iter().take(MOST_FINDINGS).map(|finding| FindingView::new(self.record, step, finding)).collect();
        let worst = adverse.iter().max_by_key(|finding| finding.verdict);
        let (_, role) = worst.map_or(("", crate::report::Role::Good), |finding| standing(finding));
        StepView {
            name: Shown::name(step.step.as_str()),
            left_out: step.left_out.as_deref().map(Shown::sentence),
            requirements: step.verifies.iter().map(|id| RequirementView::new(self.record, id)).collect(),
            more_findings: adverse.len().saturating_sub(MOST_FINDINGS),
            findings: views,
            held_count: (!held.is_empty()).then(|| format!("{} held", words::count(held.len(), "check"))),
            held: if self.fidelity == Fidelity::Line {
                Vec::new()
            } else {
                held.iter().take(MOST_HELD).map(|finding| Shown::short(&finding.check, 200)).collect()
            },
            exchanges,
            more_exchanges: if self.fidelity >= Fidelity::Brief { more_exchanges } else { 0 },
            role: class_of(role),
        }
    }
}

impl StepView {
    /// Whether there is nothing to tell: a step that holds others does nothing itself.
    fn is_empty(&self) -> bool {
        self.left_out.is_none() && self.findings.is_empty() && self.held_count.is_none() && self.exchanges.is_empty()
    }
}

/// What was sent outside of any step.
fn outside(exchanges: Vec<ExchangeView>, more_exchanges: usize) -> StepView {
    StepView {
        name: Shown::default(),
        left_out: None,
        requirements: Vec::new(),
        findings: Vec::new(),
        more_findings: 0,
        held: Vec::new(),
        held_count: None,
        exchanges,
        more_exchanges,
        role: "faint",
    }
}
