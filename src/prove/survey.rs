use std::collections::{BTreeMap, BTreeSet};

use crate::event::{CaseId, Exchange, Finding, Level, OutcomeClass, RequirementId, StepPath, WaiverFault, WaiverId};
use crate::judge::Checks;
use crate::suite::{Aim, Step, StepKind, Suite, SurvivorWaiver, Unnoticed};
use crate::trial::{Played, Rehearsal, StepEnd};
use crate::value::Json;

use super::mutate::swapped;
use super::{ChangeScore, Gravity, Mutant, Mutation, SurvivorProblem, mutants};

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
    pub scores: Vec<ChangeScore>,
    /// What became of changes of each step's answers, by scenario and step.
    pub steps: BTreeMap<(String, StepPath), StepScore>,
    /// Waivers of changes that do not hold, in the order of their file.
    pub problems: Vec<SurvivorProblem>,
    /// Cases that were not looked at, since they had not passed.
    pub passed_over: Vec<CaseId>,
}

/// What became of changes of the answers of a step.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StepScore {
    /// What the step is evidence for.
    pub verifies: Vec<RequirementId>,
    /// The strictest level of that.
    pub level: Option<Level>,
    /// How many changes there were.
    pub changes: u64,
    /// How many of them were noticed.
    pub noticed: u64,
    /// How many a check allows.
    pub allowed: u64,
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
    /// The waiver that says that it need not be noticed.
    pub waived_by: Option<WaiverId>,
    /// A check that would have noticed it.
    pub remedy: String,
}

impl Survivor {
    /// Whether a promise depends on it: a grave change to an answer that is evidence for a MUST, or for anything in a suite
    /// without requirements.
    #[must_use]
    pub fn is_grave(&self) -> bool {
        self.gravity == Gravity::Grave && self.level.is_none_or(|level| level == Level::Must)
    }

    /// Whether the suite has a gap: a grave change that no step of it noticed, and that no waiver accepts.
    #[must_use]
    pub fn is_gap(&self) -> bool {
        self.is_grave() && !self.noticed_elsewhere && self.waived_by.is_none()
    }
}

impl Survey {
    /// Whether nothing is missing: there is no gap, and every waiver holds.
    #[must_use]
    pub fn is_proven(&self) -> bool {
        self.problems.is_empty() && !self.survivors.iter().any(Survivor::is_gap)
    }
}

/// Changes the answers of these cases, one thing at a time, and judges each again. `waivers` name changes that need not be
/// noticed.
#[must_use]
pub fn survey(suite: &Suite, rehearsals: &[Rehearsal], waivers: &[SurvivorWaiver]) -> Survey {
    let mut surveyor = Surveyor { waivers: Waivers::of(waivers), ..Surveyor::default() };
    for rehearsal in rehearsals {
        if matches!(rehearsal.outcome().class(), OutcomeClass::Passed | OutcomeClass::Warned | OutcomeClass::Flaky) {
            surveyor.look_at(suite, rehearsal);
        } else {
            surveyor.survey.passed_over.push(rehearsal.case().clone());
        }
    }
    surveyor.end()
}

/// A survey under way.
#[derive(Default)]
struct Surveyor<'w> {
    survey: Survey,
    scores: BTreeMap<RequirementId, ChangeScore>,
    found: BTreeMap<(String, StepPath, Mutation), (Operation, Survivor)>,
    noticed: BTreeSet<(Operation, Mutation)>,
    waivers: Waivers<'w>,
}

/// A change of a recorded run: one answer, or two in each other's place.
struct Change {
    mutation: Mutation,
    exchanges: Vec<(usize, Exchange)>,
}

impl Surveyor<'_> {
    fn look_at(&mut self, suite: &Suite, rehearsal: &Rehearsal) {
        let sound = rehearsal.play(&[]);
        let scenario = &rehearsal.body().scenario.id;
        self.waivers.reach(scenario);
        let exchanges: Vec<(&StepPath, &Exchange)> = rehearsal.exchanges().collect();
        for (at, (path, exchange)) in exchanges.iter().enumerate() {
            let Some(step) = rehearsal.body().step(path) else { continue };
            let Some(evidence) = Evidence::of(path, &sound, suite) else { continue };
            let checks = checks_of(step);
            let status = exchange.complete().map_or(0, |answer| answer.status);
            let operation = Operation { request: request_of(step), status };
            let next = exchanges.get(at + 1).filter(|(next, _)| next == path && !step.collects.is_empty());
            let granted = granted_to(&operation, rehearsal);
            for Change { mutation, exchanges } in changes((at, exchange), next, (&given_before(path, &sound), &granted))
            {
                // Whatever comes after a check that did not hold cannot undo that.
                let is_enough = |steps: &[StepEnd]| adverse(steps) > adverse(&sound.steps);
                let changed = rehearsal.play_until(&exchanges, is_enough);
                let fate = fate(&sound, &changed, &mutation, &checks);
                let mutation = mutation.of_any_element();
                let waived_by = match fate {
                    Fate::Survived => self.waivers.find(scenario, path, &mutation),
                    Fate::Noticed | Fate::Allowed => None,
                };
                let gravity = mutation.gravity(status);
                self.count((scenario, path), &evidence, gravity, (fate, waived_by.is_some()));
                match fate {
                    Fate::Noticed => {
                        self.noticed.insert((operation.clone(), unnamed(&mutation)));
                    }
                    Fate::Allowed => {}
                    Fate::Survived => {
                        let survivor = Survivor {
                            scenario: scenario.clone(),
                            step: (*path).clone(),
                            remedy: mutation.remedy(status),
                            mutation,
                            cases: Vec::new(),
                            verifies: evidence.verifies.clone(),
                            level: evidence.level,
                            gravity,
                            noticed_elsewhere: false,
                            waived_by,
                        };
                        self.keep(&operation, survivor, rehearsal.case());
                    }
                }
            }
        }
    }

    fn keep(&mut self, operation: &Operation, survivor: Survivor, case: &CaseId) {
        let key = (survivor.scenario.clone(), survivor.step.clone(), survivor.mutation.clone());
        let (_, survivor) = self.found.entry(key).or_insert_with(|| (operation.clone(), survivor));
        if survivor.cases.last() != Some(case) {
            survivor.cases.push(case.clone());
        }
    }

    fn count(
        &mut self,
        (scenario, path): (&str, &StepPath),
        evidence: &Evidence,
        gravity: Gravity,
        (fate, is_waived): (Fate, bool),
    ) {
        let (noticed, allowed) = (fate == Fate::Noticed, fate == Fate::Allowed);
        let step = self.survey.steps.entry((scenario.to_owned(), path.clone())).or_default();
        step.verifies.clone_from(&evidence.verifies);
        step.level = evidence.level;
        for (changes, noticed_in, allowed_in) in [
            (&mut step.changes, &mut step.noticed, &mut step.allowed),
            (&mut self.survey.mutants, &mut self.survey.noticed, &mut self.survey.allowed),
        ] {
            *changes += 1;
            *noticed_in += u64::from(noticed);
            *allowed_in += u64::from(allowed);
        }
        for (id, level) in evidence.levels.iter().filter(|_| gravity == Gravity::Grave) {
            let new = || ChangeScore::new(id.clone(), *level);
            let score = self.scores.entry(id.clone()).or_insert_with(new);
            score.changes += 1;
            score.noticed += u32::from(noticed);
            score.allowed += u32::from(allowed);
            score.waived += u32::from(fate == Fate::Survived && is_waived);
            score.survived += u32::from(fate == Fate::Survived && !is_waived);
        }
    }

    fn end(self) -> Survey {
        let Self { mut survey, scores, found, noticed, waivers } = self;
        let told = found.into_values().map(|(operation, survivor)| Survivor {
            noticed_elsewhere: noticed.contains(&(operation, unnamed(&survivor.mutation))),
            ..survivor
        });
        survey.survivors = told.collect();
        survey.survivors.sort_by_key(|survivor| !survivor.is_gap());
        survey.scores = scores.into_values().collect();
        survey.problems = waivers.problems();
        survey
    }
}

/// Values by their names.
type Named = [(String, Json)];

/// Every change of an answer, and of its order with the `next` of the same poll.
fn changes(
    (at, exchange): (usize, &Exchange),
    next: Option<&(&StepPath, &Exchange)>,
    (given, granted): (&Named, &Named),
) -> Vec<Change> {
    let of_one = mutants(exchange, given, granted).into_iter();
    let mut changes: Vec<Change> =
        of_one.map(|Mutant { mutation, exchange }| Change { mutation, exchanges: vec![(at, exchange)] }).collect();
    if let Some((_, next)) = next {
        let (first, second) = swapped((exchange, next));
        changes.push(Change { mutation: Mutation::Swapped, exchanges: vec![(at, first), (at + 1, second)] });
    }
    changes
}

/// The waivers of changes, and what became of each.
#[derive(Default)]
struct Waivers<'w> {
    all: Vec<(&'w SurvivorWaiver, Stand)>,
}

/// How far a waiver was found to be of use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stand {
    /// Its scenario was not looked at.
    Unreached,
    /// Its scenario was.
    Reached,
    /// So was what it names: nobody noticed it.
    Used,
}

impl<'w> Waivers<'w> {
    fn of(waivers: &'w [SurvivorWaiver]) -> Self {
        // Whether a defect of the tenant is noticed, no record can tell.
        let is_of_change = |waiver: &&SurvivorWaiver| matches!(waiver.of, Unnoticed::Change { .. });
        Self { all: waivers.iter().filter(is_of_change).map(|waiver| (waiver, Stand::Unreached)).collect() }
    }

    fn reach(&mut self, scenario: &str) {
        for (waiver, stand) in &mut self.all {
            let is_of_it = matches!(&waiver.of, Unnoticed::Change { scenario: of, .. } if of == scenario);
            if is_of_it && *stand == Stand::Unreached {
                *stand = Stand::Reached;
            }
        }
    }

    /// The live waiver for a change that nobody noticed.
    fn find(&mut self, scenario: &str, step: &StepPath, mutation: &Mutation) -> Option<WaiverId> {
        let is_for = |waiver: &SurvivorWaiver| match &waiver.of {
            Unnoticed::Change { scenario: of, step: at, change } => {
                of == scenario && at == step && mutation.is_told_as(change)
            }
            Unnoticed::Defect(_) => false,
        };
        let (waiver, stand) = self.all.iter_mut().find(|(waiver, _)| waiver.is_live() && is_for(waiver))?;
        *stand = Stand::Used;
        Some(waiver.id.clone())
    }

    fn problems(&self) -> Vec<SurvivorProblem> {
        let problem = |(waiver, stand): &(&SurvivorWaiver, Stand)| {
            let fault = match stand {
                Stand::Unreached | Stand::Used => return None,
                Stand::Reached if waiver.is_live() => WaiverFault::Unmatched,
                Stand::Reached => WaiverFault::Expired,
            };
            Some(SurvivorProblem { waiver: (*waiver).clone(), fault })
        };
        self.all.iter().filter_map(problem).collect()
    }
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
    /// Each with its own level.
    levels: Vec<(RequirementId, Option<Level>)>,
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
        let of = |id: &RequirementId| (id.clone(), suite.catalogue.get(id).map(|known| known.level));
        Some(Self { levels: verifies.iter().map(of).collect(), verifies, level })
    }
}

fn fate(sound: &Played, changed: &Played, mutation: &Mutation, checks: &[&Checks]) -> Fate {
    // A poll that would have gone on has noticed: the answer was not the one that it waits for.
    let is_noticed = changed.ran_dry_at.is_some()
        || changed.outcome != sound.outcome
        || adverse(&changed.steps) > adverse(&sound.steps);
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

fn adverse(steps: &[StepEnd]) -> usize {
    steps.iter().flat_map(|end| &end.findings).filter(|finding| finding.is_adverse()).count()
}

/// The texts that steps before this one had captured, by name.
fn given_before(path: &StepPath, sound: &Played) -> Vec<(String, Json)> {
    let before = sound.steps.iter().take_while(|end| end.step != *path);
    let bindings = before.flat_map(|end| &end.bindings).filter(|(_, value)| value.as_str().is_some());
    bindings.map(|(name, value)| (name.clone(), value.clone())).collect()
}

/// The members of the answers to the same request that was not refused, in this case.
fn granted_to(operation: &Operation, rehearsal: &Rehearsal) -> Vec<(String, Json)> {
    let mut granted: Vec<(String, Json)> = Vec::new();
    for (path, exchange) in rehearsal.exchanges() {
        let is_same = rehearsal.body().step(path).is_some_and(|step| request_of(step) == operation.request);
        let answer = exchange.complete().filter(|answer| is_same && (200..300).contains(&answer.status));
        let body = answer.and_then(|answer| Json::parse(&answer.body.to_bytes()).ok());
        if let Some(Json::Object(members)) = body {
            granted.extend(members);
        }
    }
    granted.sort_by(|one, other| one.0.cmp(&other.0));
    granted.dedup_by(|one, other| one.0 == other.0);
    granted
}

/// All checks of the step.
fn checks_of(step: &Step) -> Vec<&Checks> {
    let of_poll = step.poll.iter().flat_map(|poll| {
        let (Aim::Until(aim) | Aim::Never(aim)) = &poll.aim;
        [Some(aim), poll.always.as_ref()].into_iter().flatten()
    });
    [&step.given, &step.expect, &step.should].into_iter().flatten().chain(of_poll).collect()
}
