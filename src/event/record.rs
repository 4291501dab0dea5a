use std::collections::BTreeMap;
use std::time::Duration;

use crate::clock::Timestamp;

use super::{
    CancelCause, CaseHead, CaseId, Event, Exchange, Finding, Gate, Level, Outcome, Purpose, RequirementHead,
    RequirementId, RunEnd, Shard, SkippedCase, Stamped, StepPath, SuiteHead, TargetHead, Tool, Totals, UndoEnd,
    Verdict, Waiver, WaiverId,
};

/// A run as its events tell it, folded: what every report is made from.
#[derive(Clone, Debug, Default)]
pub struct RunRecord {
    /// The run's id.
    pub run: String,
    /// When it began.
    pub started: Option<Timestamp>,
    /// What everything random was derived from.
    pub seed: u64,
    /// Whether cases were started in an order drawn from it.
    pub shuffled: bool,
    /// Whether a selector, a tag or the like left cases of the suite out.
    pub partial: bool,
    /// What fails it besides a broken MUST.
    pub gate: Gate,
    /// Which part of the plan it ran, where the plan was split.
    pub shard: Option<Shard>,
    /// How many cases of the plan run in other shards.
    pub elsewhere: u32,
    /// The program.
    pub tool: Option<Tool>,
    /// The suite.
    pub suite: Option<SuiteHead>,
    /// The target.
    pub target: Option<TargetHead>,
    /// The waivers that it was given.
    pub waivers: Vec<Waiver>,
    /// The cases of the plan, in its order; then those that were skipped.
    pub cases: Vec<CaseRecord>,
    /// Why it is being stopped.
    pub cancelled: Option<CancelCause>,
    /// How it ended; absent while it runs, or when the log was cut.
    pub end: Option<RunEnd>,
    index: BTreeMap<CaseId, usize>,
}

/// A case and all its tries.
#[derive(Clone, Debug)]
pub struct CaseRecord {
    /// What it is.
    pub head: CaseHead,
    /// Each try, in order.
    pub tries: Vec<TryRecord>,
    /// How it ended; absent while it runs.
    pub outcome: Option<Outcome>,
    /// What came of each undo.
    pub undone: Vec<(StepPath, UndoEnd)>,
    /// How often and how long it had to wait, with the reason.
    pub waits: Vec<(String, Duration)>,
}

/// One try of a case.
#[derive(Clone, Debug, Default)]
pub struct TryRecord {
    /// The steps, in order.
    pub steps: Vec<StepRecord>,
    /// Exchanges that belong to no step.
    pub others: Vec<(Purpose, Exchange)>,
    /// Steps that were not run.
    pub not_run: Vec<StepPath>,
    /// How it ended.
    pub outcome: Option<Outcome>,
    /// How long it took.
    pub took: Duration,
}

/// One step of a try.
#[derive(Clone, Debug)]
pub struct StepRecord {
    /// The step.
    pub step: StepPath,
    /// The requirements that it is evidence for.
    pub verifies: Vec<RequirementId>,
    /// Why it was left out, where it was.
    pub left_out: Option<String>,
    /// Everything that was sent for it, in order.
    pub exchanges: Vec<(Purpose, Exchange)>,
    /// What its checks came to.
    pub findings: Vec<Finding>,
}

/// What a run has shown of a requirement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RequirementState {
    /// No step that is evidence for it was judged.
    Untested,
    /// Evidence was cut short: a case that would show it ended without a verdict.
    Undecided,
    /// Every judged check held.
    Kept,
    /// A check did not hold, as a live waiver says.
    Waived,
    /// A check did not hold.
    Broken,
}

/// How many requirements of a level are in which state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LevelCounts {
    /// The level.
    pub level: Level,
    /// [`RequirementState::Kept`].
    pub kept: usize,
    /// [`RequirementState::Broken`].
    pub broken: usize,
    /// [`RequirementState::Waived`].
    pub waived: usize,
    /// [`RequirementState::Undecided`].
    pub undecided: usize,
    /// [`RequirementState::Untested`].
    pub untested: usize,
}

impl LevelCounts {
    /// Those that were tested, or whose evidence was cut short.
    #[must_use]
    pub fn tested(&self) -> usize {
        self.kept + self.broken + self.waived + self.undecided
    }

    /// All of the level.
    #[must_use]
    pub fn all(&self) -> usize {
        self.tested() + self.untested
    }
}

impl RunRecord {
    /// Takes in one event.
    pub fn fold(&mut self, event: &Stamped) {
        match &event.body {
            Event::RunStarted {
                seed,
                tool,
                suite,
                target,
                shuffled,
                partial,
                cases,
                skipped,
                waivers,
                gate,
                shard,
                ..
            } => {
                self.gate = *gate;
                self.shard = shard.as_ref().map(|head| head.shard);
                let elsewhere = shard.as_ref().map_or(0, |head| head.elsewhere().count());
                self.elsewhere = u32::try_from(elsewhere).unwrap_or(u32::MAX);
                self.run = event.run.to_string();
                self.started = Some(event.at);
                self.seed = *seed;
                self.shuffled = *shuffled;
                self.partial = *partial;
                self.tool = Some(tool.clone());
                self.suite = Some(suite.clone());
                self.target = Some(target.clone());
                self.waivers.clone_from(waivers);
                for head in cases {
                    self.open(head.clone(), None);
                }
                for SkippedCase { case, why } in skipped {
                    self.open(case.clone(), Some(Outcome::Skipped { why: why.clone() }));
                }
            }
            Event::CaseStarted { case, .. } => {
                if let Some(case) = self.case_mut(case) {
                    case.tries.push(TryRecord::default());
                }
            }
            // Its steps and what they sent stand among those of the case.
            Event::SetupFinished { .. } => {}
            Event::StepStarted { case, step } => {
                if let Some(attempt) = self.try_mut(case) {
                    attempt.steps.push(StepRecord {
                        step: step.clone(),
                        verifies: Vec::new(),
                        left_out: None,
                        exchanges: Vec::new(),
                        findings: Vec::new(),
                    });
                }
            }
            Event::ExchangeDone { case, step, purpose, exchange, .. } => {
                if let Some(attempt) = self.try_mut(case) {
                    let home = attempt.steps.iter_mut().rev().find(|known| Some(&known.step) == step.as_ref());
                    match home {
                        Some(step) => step.exchanges.push((*purpose, (**exchange).clone())),
                        None => attempt.others.push((*purpose, (**exchange).clone())),
                    }
                }
            }
            Event::StepFinished { case, step, verifies, left_out, findings, .. } => {
                if let Some(attempt) = self.try_mut(case)
                    && let Some(known) = attempt.steps.iter_mut().rev().find(|known| &known.step == step)
                {
                    known.verifies = verifies.to_vec();
                    known.left_out.clone_from(left_out);
                    known.findings.clone_from(findings);
                }
            }
            Event::CaseFinished { case, outcome, again, took, not_run, .. } => {
                if let Some(case) = self.case_mut(case) {
                    if let Some(attempt) = case.tries.last_mut() {
                        attempt.outcome = Some(outcome.clone());
                        attempt.took = *took;
                        attempt.not_run.clone_from(not_run);
                    }
                    if !again {
                        case.outcome = Some(outcome.clone());
                    }
                }
            }
            Event::Waited { case, why, span } => {
                if let Some(case) = self.case_mut(case) {
                    case.waits.push((why.clone(), *span));
                }
            }
            Event::UndoFinished { case, step, end } => {
                if let Some(case) = self.case_mut(case) {
                    case.undone.push((step.clone(), end.clone()));
                }
            }
            Event::CancelBegun { cause } => self.cancelled = Some(*cause),
            Event::RunFinished(end) => {
                self.end = Some(RunEnd { gate: self.gate, elsewhere: self.elsewhere, ..end.clone() });
            }
        }
    }

    /// Lets go of what was sent and received in a case; what its checks came to stays. For whoever has told of the
    /// case already and holds the record of a large run.
    pub fn forget_exchanges(&mut self, id: &CaseId) {
        for attempt in self.case_mut(id).into_iter().flat_map(|case| &mut case.tries) {
            attempt.others = Vec::new();
            for step in &mut attempt.steps {
                step.exchanges = Vec::new();
            }
        }
    }

    /// The waiver with this id.
    #[must_use]
    pub fn waiver(&self, id: &WaiverId) -> Option<&Waiver> {
        self.waivers.iter().find(|waiver| waiver.id == *id)
    }

    /// The case with this id.
    #[must_use]
    pub fn case(&self, id: &CaseId) -> Option<&CaseRecord> {
        self.index.get(id).map(|index| &self.cases[*index])
    }

    /// The place of the case with this id among [`RunRecord::cases`].
    #[must_use]
    pub fn position(&self, id: &CaseId) -> Option<usize> {
        self.index.get(id).copied()
    }

    /// How many cases ended in each class; a case without an outcome counts as unfinished.
    #[must_use]
    pub fn totals(&self) -> Totals {
        let mut totals = Totals::default();
        for case in &self.cases {
            totals.add(case.outcome_or_unfinished().class());
        }
        totals
    }

    /// Each requirement of the suite with what the run has shown of it, in the order of the catalogue.
    #[must_use]
    pub fn requirements(&self) -> Vec<(&RequirementHead, RequirementState)> {
        let Some(suite) = &self.suite else { return Vec::new() };
        let mut states: BTreeMap<&RequirementId, RequirementState> = BTreeMap::new();
        for case in &self.cases {
            case.evidence(&mut |requirement, state| {
                let known = states.entry(requirement).or_insert(RequirementState::Untested);
                *known = (*known).max(state);
            });
        }
        // Evidence that was cut short outweighs evidence that held: the maximum above puts Kept over Undecided only
        // to let a single pass show a requirement; a requirement with an undecided case is not kept as a whole. Nor is
        // it untested when the case came to its end before the step that would have shown it.
        let undecided = self.undecided();
        suite
            .requirements
            .iter()
            .map(|head| {
                let state = states.get(&head.id).copied().unwrap_or(RequirementState::Untested);
                let cut_short = state < RequirementState::Waived && undecided.contains(&&head.id);
                (head, if cut_short { RequirementState::Undecided } else { state })
            })
            .collect()
    }

    /// How many requirements of each level are in which state, the most binding level first; levels without a
    /// requirement are left out.
    #[must_use]
    pub fn levels(&self) -> Vec<LevelCounts> {
        let states = self.requirements();
        let counts = |level: Level| {
            let of = |wanted: RequirementState| {
                states.iter().filter(|(head, state)| head.level == level && *state == wanted).count()
            };
            LevelCounts {
                level,
                kept: of(RequirementState::Kept),
                broken: of(RequirementState::Broken),
                waived: of(RequirementState::Waived),
                undecided: of(RequirementState::Undecided),
                untested: of(RequirementState::Untested),
            }
        };
        Level::ALL.into_iter().map(counts).filter(|counts| counts.all() > 0).collect()
    }

    /// `MUST 23/23 SHOULD 4/5`: per level, how many requirements were kept of those that were tested or cut short.
    #[must_use]
    pub fn requirement_line(&self) -> String {
        let tested = self.levels().into_iter().filter(|counts| counts.tested() > 0);
        let parts: Vec<String> =
            tested.map(|counts| format!("{} {}/{}", counts.level, counts.kept, counts.tested())).collect();
        parts.join("  ")
    }

    fn undecided(&self) -> Vec<&RequirementId> {
        self.cases
            .iter()
            .filter(|case| {
                matches!(
                    case.outcome_or_unfinished(),
                    Outcome::Inconclusive { .. }
                        | Outcome::Broken { .. }
                        | Outcome::Blocked { .. }
                        | Outcome::Unfinished { .. }
                )
            })
            .flat_map(|case| &case.head.verifies)
            .collect()
    }

    fn open(&mut self, head: CaseHead, outcome: Option<Outcome>) {
        self.index.insert(head.id.clone(), self.cases.len());
        self.cases.push(CaseRecord { head, tries: Vec::new(), outcome, undone: Vec::new(), waits: Vec::new() });
    }

    fn case_mut(&mut self, id: &CaseId) -> Option<&mut CaseRecord> {
        self.index.get(id).map(|index| &mut self.cases[*index])
    }

    fn try_mut(&mut self, id: &CaseId) -> Option<&mut TryRecord> {
        self.case_mut(id)?.tries.last_mut()
    }
}

impl CaseRecord {
    /// How it ended; without an outcome, that it did not.
    #[must_use]
    pub fn outcome_or_unfinished(&self) -> Outcome {
        self.outcome.clone().unwrap_or_else(|| Outcome::Unfinished { why: "the run was stopped".to_owned() })
    }

    /// The last try.
    #[must_use]
    pub fn last_try(&self) -> Option<&TryRecord> {
        self.tries.last()
    }

    /// The try that shows why the case ended as it did: the last, and of a case that failed the last in which a promise
    /// was broken.
    #[must_use]
    pub fn deciding_try(&self) -> Option<(usize, &TryRecord)> {
        let tries = self.tries.iter().enumerate();
        let failing = tries.clone().rev().find(|(_, attempt)| attempt.breaks_a_promise());
        failing.filter(|_| self.outcome == Some(Outcome::Failed)).or(tries.clone().next_back())
    }

    fn evidence<'a>(&'a self, tell: &mut dyn FnMut(&'a RequirementId, RequirementState)) {
        let Some((_, deciding)) = self.deciding_try() else { return };
        for step in &deciding.steps {
            for finding in step.findings.iter().filter(|finding| finding.block != super::Block::Given) {
                let state = match finding.verdict {
                    _ if finding.waived.is_some() => RequirementState::Waived,
                    Verdict::Pass => RequirementState::Kept,
                    Verdict::Broken => RequirementState::Undecided,
                    // The text is being accepted, or binds nobody.
                    Verdict::Note if finding.snapshot.is_some() => RequirementState::Kept,
                    Verdict::Note | Verdict::Warn if finding.block == super::Block::Should => RequirementState::Kept,
                    Verdict::Note | Verdict::Warn | Verdict::Fail => RequirementState::Broken,
                };
                for requirement in &step.verifies {
                    tell(requirement, state);
                }
            }
        }
    }
}

impl TryRecord {
    /// Whether an answer has shown that a promise does not hold, and no waiver forgives it.
    #[must_use]
    pub fn breaks_a_promise(&self) -> bool {
        let is_breach = |finding: &Finding| {
            finding.verdict == Verdict::Fail && finding.block != super::Block::Given && finding.waived.is_none()
        };
        self.steps.iter().any(|step| step.findings.iter().any(is_breach))
    }
}
