use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use crate::clock::Timestamp;
use crate::event::{CaseId, Event, Exchange, Finding, Outcome, RequirementId, SnapshotMode, StepPath, Waiver};
use crate::plan::{Body, CaseNames};
use crate::suite::{Acting, Present, Step, Suite};
use crate::value::{Fact, Facts, Json};

use super::ending::Progress;
use super::frame::{Frame, Owner};
use super::together::DoingSet;
use super::undos::{UndoNumber, Undos};
use super::waiving::Waiving;
use super::{Act, Ending, PendingUndo};

/// A case that is being tried.
///
/// Call [`Self::next`] until it says [`Act::End`]; after each [`Act::Send`] call [`Self::answered`], after each
/// [`Act::Elapse`] call [`Self::elapsed`], after each [`Act::Together`] call [`Self::came_together`]. What is to be told of it waits in [`Self::take_events`].
#[derive(Debug)]
pub struct Trial {
    pub(super) case: CaseId,
    pub(super) suite: Arc<Suite>,
    pub(super) body: Body,
    pub(super) case_names: CaseNames,
    pub(super) base_url: String,
    pub(super) frames: Vec<Frame>,
    pub(super) doing: Option<Doing>,
    /// The set at hand, in place of a step.
    pub(super) set: Option<DoingSet>,
    pub(super) progress: Progress,
    pub(super) events: Vec<Event>,
    pub(super) undos: Undos,
    /// The time by the target's clock as far as exchanges have told it.
    pub(super) now: Timestamp,
    pub(super) ending: Option<Ending>,
    pub(super) waiving: Waiving,
    pub(super) snapshots: SnapshotMode,
    /// Whether the step at hand of the innermost frame has begun.
    pub(super) has_begun: bool,
}

/// The step at hand, once it has begun.
#[derive(Debug)]
pub(super) struct Doing {
    pub(super) path: StepPath,
    /// The requirements that it is evidence for.
    pub(super) verifies: Arc<[RequirementId]>,
    /// Why it was left out, where it was.
    pub(super) left_out: Option<String>,
    /// The attempt that was sent last, from 1.
    pub(super) attempt: u32,
    /// When the first was sent.
    pub(super) first_sent: Timestamp,
    /// What the last attempt has set.
    pub(super) own: BTreeMap<String, Json>,
    /// What the last attempt has appended, by list.
    pub(super) collected: Vec<(String, Vec<Json>)>,
    /// What all attempts have set.
    pub(super) bindings: BTreeMap<String, Json>,
    pub(super) findings: Vec<Finding>,
    pub(super) facts: Vec<Fact>,
    /// Under which number its undo is noted.
    pub(super) undo: Option<UndoNumber>,
    pub(super) waits_for: WaitsFor,
}

/// What a step waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum WaitsFor {
    /// The answer to what was sent.
    Answer,
    /// Time to pass.
    Time,
    /// A pause before the next attempt.
    Pause(Duration),
    /// The next attempt.
    NextAttempt,
}

impl Trial {
    /// A trial of the case `case` of `suite`; `base_url` is where paths go, `now` the time by the target's clock.
    #[must_use]
    pub fn new(
        suite: Arc<Suite>,
        case: CaseId,
        body: Body,
        case_names: CaseNames,
        base_url: String,
        now: Timestamp,
    ) -> Self {
        let scenario = Arc::clone(&body.scenario);
        let level = suite.catalogue.strictest(&scenario.verifies);
        let frame = Frame {
            at: 0,
            names: BTreeMap::new(),
            answers: BTreeMap::new(),
            prefix: String::new(),
            acting: Some(Acting { device: None, present: Present::Own }),
            verifies: scenario.verifies.clone().into(),
            level,
            used_at: Vec::new(),
            owner: Owner::Scenario(scenario),
        };
        Self {
            case,
            suite,
            body,
            case_names,
            base_url,
            frames: vec![frame],
            doing: None,
            set: None,
            progress: Progress::default(),
            events: Vec::new(),
            undos: Undos::default(),
            now,
            ending: None,
            waiving: Waiving::default(),
            snapshots: SnapshotMode::default(),
            has_begun: false,
        }
    }

    /// The same trial with what waivers forgive; the narrowest first.
    #[must_use]
    pub fn waived_by(mut self, waivers: Arc<[Waiver]>) -> Self {
        self.waiving = Waiving::by(waivers);
        self
    }

    /// The same trial, in which this becomes of snapshots.
    #[must_use]
    pub fn with_snapshots(mut self, mode: SnapshotMode) -> Self {
        self.snapshots = mode;
        self
    }

    /// What is to be done next. `clock` tells the time by the target's clock, and is asked when a request is put
    /// together: that is the time at which it counts as sent, and must stand in its exchange.
    pub fn next(&mut self, clock: &mut dyn FnMut() -> Timestamp) -> Act {
        loop {
            if let Some(ending) = &self.ending {
                return Act::End(ending.clone());
            }
            let of_set = self.set.as_ref().map(|_| WaitsFor::Answer);
            let waits_for = of_set.or_else(|| self.doing.as_ref().map(|doing| doing.waits_for));
            match waits_for {
                Some(WaitsFor::Pause(pause)) => {
                    if let Some(doing) = &mut self.doing {
                        doing.waits_for = WaitsFor::NextAttempt;
                    }
                    return Act::Pause(pause);
                }
                Some(WaitsFor::NextAttempt) => {
                    self.now = clock();
                    if let Some(sending) = self.send() {
                        return Act::Send(sending);
                    }
                }
                Some(WaitsFor::Answer | WaitsFor::Time) => {
                    let why = "the trial was asked for more before it was told what came".to_owned();
                    self.end(Outcome::Broken { why });
                }
                None => {
                    if let Some(act) = self.begin(clock) {
                        return act;
                    }
                }
            }
        }
    }

    /// Tells what came of the request that was sent last.
    pub fn answered(&mut self, exchange: Exchange, facts: &dyn Facts) {
        self.now = exchange.ended();
        self.settle(&Arc::new(exchange), facts);
    }

    /// Tells whether the time passed that was asked for; if not, why.
    pub fn elapsed(&mut self, passed: Result<Duration, String>) {
        let Some(doing) = self.doing.take() else { return };
        match passed {
            Ok(span) => {
                self.now = self.now.plus(span);
                self.finish(doing);
                self.advance();
            }
            Err(why) => {
                self.finish(doing);
                self.end(Outcome::Inconclusive { why });
            }
        }
    }

    /// Ends the case here, as with a deadline or a signal. What was asked for last was not done.
    pub fn stop(&mut self, outcome: Outcome) -> Ending {
        if self.ending.is_none() {
            if let Some(set) = self.set.take() {
                self.finish_set(set);
            }
            if let Some(doing) = self.doing.take() {
                self.finish(doing);
            }
            self.end(outcome);
        }
        self.ending.clone().unwrap_or(Ending { outcome: Outcome::Passed, not_run: Vec::new() })
    }

    /// The time by the target's clock, as far as the trial knows it.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// The events since it was asked last.
    pub fn take_events(&mut self) -> Vec<Event> {
        std::mem::take(&mut self.events)
    }

    /// What its steps may have made, the last first.
    pub fn take_undos(&mut self) -> Vec<PendingUndo> {
        self.undos.take()
    }

    /// How far a step is that begins now.
    pub(super) fn doing(&self, path: StepPath, step: &Step, waits_for: WaitsFor) -> Doing {
        Doing {
            path,
            verifies: self.verifies_of(step),
            left_out: None,
            attempt: 0,
            first_sent: self.now,
            own: BTreeMap::new(),
            collected: Vec::new(),
            bindings: BTreeMap::new(),
            findings: Vec::new(),
            facts: Vec::new(),
            undo: None,
            waits_for,
        }
    }

    /// The step at hand, with its owner kept alive.
    pub(super) fn frame(&self) -> Option<&Frame> {
        self.frames.last()
    }

    /// Ends the case: the steps that were not run are noted.
    pub(super) fn end(&mut self, outcome: Outcome) {
        let mut not_run = Vec::new();
        for (depth, frame) in self.frames.iter().enumerate().rev() {
            let is_innermost = depth + 1 == self.frames.len();
            // The step at hand was run; that of an outer frame is the one that uses the flow.
            let from = if is_innermost && !self.has_begun { frame.at } else { frame.at + 1 };
            let steps = frame.owner.steps().iter().skip(from);
            not_run.extend(steps.map(|step| StepPath::new(&format!("{}{}", frame.prefix, step.name))));
        }
        self.ending = Some(Ending { outcome: self.waiving.outcome(outcome), not_run });
    }
}
