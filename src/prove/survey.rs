use std::collections::{BTreeMap, BTreeSet};

use crate::event::{CaseId, Finding, Level, OutcomeClass, RequirementId, StepPath};
use crate::judge::Checks;
use crate::suite::{Aim, Step, StepKind, Suite};
use crate::trial::{Played, Rehearsal};
use crate::value::Json;

use super::{Gravity, Mutant, Mutation, mutants};

/// What a suite notices of a run's answers being broken.
#[derive(Clone, Debug, Default)]
pub struct Survey {
    /// How many changed answers were judged.
    pub mutants: u64,
    /// How many of them some check noticed.
    pub noticed: u64,
    /// How many a check of the step allows in so many words: a schema that describes the value, a list of statuses.
    pub allowed: u64,
    /// Those that nobody noticed, the gravest first.
    pub survivors: Vec<Survivor>,
    /// By requirement, what became of grave changes to answers that are evidence for it.
    pub scores: BTreeMap<RequirementId, Score>,
    /// Cases that were not looked at, since they had not passed.
    pub passed_over: Vec<CaseId>,
}

/// A change that nobody noticed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Survivor {
    /// The scenario.
    pub scenario: String,
    /// The step whose answer was changed.
    pub step: StepPath,
    /// The change.
    pub mutation: Mutation,
    /// The cases in which it was not noticed.
    pub cases: Vec<CaseId>,
    /// What the step is evidence for.
    pub verifies: Vec<RequirementId>,
    /// The strictest level of that.
    pub level: Option<Level>,
    /// How grave it would be.
    pub gravity: Gravity,
    /// Whether another step that sends the same request, to which the same came, noticed it.
    pub noticed_elsewhere: bool,
    /// A check that would have noticed it.
    pub remedy: String,
}

/// What became of grave changes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Score {
    /// How many there were.
    pub grave: u32,
    /// How many were noticed.
    pub noticed: u32,
    /// How many a check allows.
    pub allowed: u32,
}

impl Score {
    /// How many of them survived.
    #[must_use]
    pub fn survived(self) -> u32 {
        self.grave - self.noticed - self.allowed
    }
}

impl Survivor {
    /// Whether a promise depends on it: a grave change to an answer that is evidence for a MUST, or for anything in a suite
    /// without requirements.
    #[must_use]
    pub fn is_grave(&self) -> bool {
        self.gravity == Gravity::Grave && self.level.is_none_or(|level| level == Level::Must)
    }

    /// Whether the suite has a gap: a grave change that no step of it noticed.
    #[must_use]
    pub fn is_gap(&self) -> bool {
        self.is_grave() && !self.noticed_elsewhere
    }
}

/// Changes the answers of these cases, one thing at a time, and judges each again.
#[must_use]
pub fn survey(suite: &Suite, rehearsals: &[Rehearsal]) -> Survey {
    let mut survey = Survey::default();
    let mut found: BTreeMap<(String, StepPath, Mutation), (Operation, Survivor)> = BTreeMap::new();
    let mut noticed: BTreeSet<(Operation, Mutation)> = BTreeSet::new();
    for rehearsal in rehearsals {
        if !matches!(rehearsal.outcome().class(), OutcomeClass::Passed | OutcomeClass::Warned | OutcomeClass::Flaky) {
            survey.passed_over.push(rehearsal.case().clone());
            continue;
        }
        let sound = rehearsal.play(None);
        for (at, (path, exchange)) in rehearsal.exchanges().enumerate() {
            let Some(step) = rehearsal.body().step(path) else { continue };
            let Some(evidence) = Evidence::of(path, &sound, suite) else { continue };
            let checks = checks_of(step);
            let status = exchange.complete().map_or(0, |answer| answer.status);
            let operation = Operation { request: request_of(step), status };
            for Mutant { mutation, exchange } in mutants(exchange, &given_before(path, &sound)) {
                let gravity = mutation.gravity(status);
                let fate = fate(&sound, &rehearsal.play(Some((at, &exchange))), &mutation, &checks);
                survey.count(&evidence, gravity, fate);
                let mutation = mutation.of_any_element();
                if fate == Fate::Noticed {
                    noticed.insert((operation.clone(), unnamed(&mutation)));
                }
                if fate == Fate::Survived {
                    let scenario = rehearsal.body().scenario.id.clone();
                    let key = (scenario.clone(), path.clone(), mutation.clone());
                    let (_, survivor) = found.entry(key).or_insert_with(|| {
                        let survivor = Survivor {
                            scenario,
                            step: path.clone(),
                            remedy: mutation.remedy(status),
                            mutation,
                            cases: Vec::new(),
                            verifies: evidence.verifies.clone(),
                            level: evidence.level,
                            gravity,
                            noticed_elsewhere: false,
                        };
                        (operation.clone(), survivor)
                    });
                    if survivor.cases.last() != Some(rehearsal.case()) {
                        survivor.cases.push(rehearsal.case().clone());
                    }
                }
            }
        }
    }
    let told = found.into_values().map(|(operation, survivor)| Survivor {
        noticed_elsewhere: noticed.contains(&(operation, unnamed(&survivor.mutation))),
        ..survivor
    });
    survey.survivors = told.collect();
    survey.survivors.sort_by_key(|survivor| !survivor.is_gap());
    survey
}

/// Requests that are the same but for the names in them, and were answered alike.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Operation {
    request: String,
    status: u16,
}

/// What a step sends, without the names that it puts in.
fn request_of(step: &Step) -> String {
    match &step.kind {
        StepKind::Request(request) => {
            let place = request.place.template();
            let mut text = place.text().to_owned();
            for slot in place.slots() {
                text = text.replace(&format!("$({})", slot.path), "$()");
            }
            let path = text.split('?').next().unwrap_or_default();
            format!("{} {path}", request.method)
        }
        StepKind::Token { .. } => "token".to_owned(),
        StepKind::Authorize { .. } => "authorize".to_owned(),
        StepKind::Together(_) | StepKind::Elapse(_) | StepKind::Use { .. } | StepKind::Judge => String::new(),
    }
}

/// The change, whatever the name of the value that came again.
fn unnamed(mutation: &Mutation) -> Mutation {
    if let Mutation::Repeated(place, _) = mutation {
        return Mutation::Repeated(place.clone(), String::new());
    }
    mutation.clone()
}

/// What became of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Noticed,
    Allowed,
    Survived,
}

/// What the answer of a step is evidence for.
struct Evidence {
    verifies: Vec<RequirementId>,
    level: Option<Level>,
}

impl Evidence {
    /// None where the step judges no promise.
    fn of(path: &StepPath, sound: &Played, suite: &Suite) -> Option<Self> {
        let end = sound.steps.iter().find(|end| end.step == *path)?;
        // What a set judges as a whole is judged by the answers of its members.
        let set = path.as_str().rsplit_once('/').map(|(set, _)| set);
        let of_set = sound.steps.iter().find(|end| set == Some(end.step.as_str()));
        let judges = |findings: &[Finding]| findings.iter().any(|finding| finding.block != crate::event::Block::Given);
        let end = [Some(end), of_set].into_iter().flatten().find(|end| judges(&end.findings))?;
        let verifies = end.verifies.to_vec();
        let level = suite.catalogue.strictest(&verifies);
        Some(Self { verifies, level })
    }
}

impl Survey {
    fn count(&mut self, evidence: &Evidence, gravity: Gravity, fate: Fate) {
        self.mutants += 1;
        self.noticed += u64::from(fate == Fate::Noticed);
        self.allowed += u64::from(fate == Fate::Allowed);
        if gravity == Gravity::Grave {
            for id in &evidence.verifies {
                let score = self.scores.entry(id.clone()).or_default();
                score.grave += 1;
                score.noticed += u32::from(fate == Fate::Noticed);
                score.allowed += u32::from(fate == Fate::Allowed);
            }
        }
    }
}

fn fate(sound: &Played, changed: &Played, mutation: &Mutation, checks: &[&Checks]) -> Fate {
    // A poll that would have gone on has noticed: the answer was not the one that it waits for.
    let is_noticed =
        changed.ran_dry_at.is_some() || changed.outcome != sound.outcome || adverse(changed) > adverse(sound);
    if is_noticed {
        return Fate::Noticed;
    }
    let is_allowed = if let Some(place) = mutation.place() {
        let mut schemas = checks.iter().flat_map(|checks| checks.schemas());
        mutation.is_of_form() && schemas.any(|schema| schema.speaks_of(place.way()))
    } else {
        let Mutation::Status { status } = mutation else { return Fate::Survived };
        checks.iter().any(|checks| checks.allows_status(*status))
    };
    if is_allowed { Fate::Allowed } else { Fate::Survived }
}

fn adverse(played: &Played) -> usize {
    played.steps.iter().flat_map(|end| &end.findings).filter(|finding| finding.is_adverse()).count()
}

/// The texts that steps before this one had captured, by name.
fn given_before(path: &StepPath, sound: &Played) -> Vec<(String, Json)> {
    let before = sound.steps.iter().take_while(|end| end.step != *path);
    let bindings = before.flat_map(|end| &end.bindings).filter(|(_, value)| value.as_str().is_some());
    bindings.map(|(name, value)| (name.clone(), value.clone())).collect()
}

/// All checks of the step.
fn checks_of(step: &Step) -> Vec<&Checks> {
    let of_poll = step.poll.iter().flat_map(|poll| {
        let (Aim::Until(aim) | Aim::Never(aim)) = &poll.aim;
        [Some(aim), poll.always.as_ref()].into_iter().flatten()
    });
    [&step.given, &step.expect, &step.should].into_iter().flatten().chain(of_poll).collect()
}
