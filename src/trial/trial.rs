use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use crate::clock::Timestamp;
use crate::event::{CaseId, Event, Exchange, Finding, Outcome, StepPath, Waiver};
use crate::plan::{Body, CaseNames};
use crate::suite::{Acting, Present, Suite};
use crate::value::{Fact, Facts, Json};

use super::ending::Progress;
use super::frame::{Frame, Owner};
use super::waiving::Waiving;
use super::{Act, Ending, PendingUndo};

/// A case that is being tried.
///
/// Call [`Self::next`] until it says [`Act::End`]; after each [`Act::Send`] call [`Self::answered`], after each
/// [`Act::Elapse`] call [`Self::elapsed`]. What is to be told of it waits in [`Self::take_events`].
#[derive(Debug)]
pub struct Trial {
    pub(super) case: CaseId,
    pub(super) suite: Arc<Suite>,
    pub(super) body: Body,
    pub(super) case_names: CaseNames,
    pub(super) base_url: String,
    pub(super) frames: Vec<Frame>,
    pub(super) doing: Option<Doing>,
    pub(super) progress: Progress,
    pub(super) events: Vec<Event>,
    pub(super) undos: Vec<PendingUndo>,
    /// The time by the target's clock as far as exchanges have told it.
    pub(super) now: Timestamp,
    pub(super) ending: Option<Ending>,
    pub(super) waiving: Waiving,
    /// Whether the step at hand of the innermost frame has begun.
    pub(super) has_begun: bool,
}

/// The step at hand, once it has begun.
#[derive(Debug)]
pub(super) struct Doing {
    pub(super) path: StepPath,
    /// The attempt that was sent last, from 1.
    pub(super) attempt: u32,
    /// When the first was sent.
    pub(super) first_sent: Timestamp,
    /// What the last attempt has set.
    pub(super) own: BTreeMap<String, Json>,
    /// What all attempts have set.
    pub(super) bindings: BTreeMap<String, Json>,
    pub(super) findings: Vec<Finding>,
    pub(super) facts: Vec<Fact>,
    /// Where in [`Trial::undos`] its undo stands.
    pub(super) undo: Option<usize>,
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

impl Doing {
    pub(super) fn new(path: StepPath, now: Timestamp, waits_for: WaitsFor) -> Self {
        Self {
            path,
            attempt: 0,
            first_sent: now,
            own: BTreeMap::new(),
            bindings: BTreeMap::new(),
            findings: Vec::new(),
            facts: Vec::new(),
            undo: None,
            waits_for,
        }
    }
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
            progress: Progress::default(),
            events: Vec::new(),
            undos: Vec::new(),
            now,
            ending: None,
            waiving: Waiving::default(),
            has_begun: false,
        }
    }

    /// The same trial with what waivers forgive; the narrowest first.
    #[must_use]
    pub fn waived_by(mut self, waivers: Arc<[Waiver]>) -> Self {
        self.waiving = Waiving::by(waivers);
        self
    }

    /// What is to be done next. `clock` tells the time by the target's clock, and is asked when a request is put
    /// together: that is the time at which it counts as sent, and must stand in its exchange.
    pub fn next(&mut self, clock: &mut dyn FnMut() -> Timestamp) -> Act {
        loop {
            if let Some(ending) = &self.ending {
                return Act::End(ending.clone());
            }
            let waits_for = self.doing.as_ref().map(|doing| doing.waits_for);
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

    /// Ends the case here, as with a deadline or a signal.
    pub fn stop(&mut self, outcome: Outcome) -> Ending {
        if self.ending.is_none() {
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
        let mut undos = std::mem::take(&mut self.undos);
        undos.reverse();
        undos
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
