use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::event::{Exchange, FaultKind, Left, Phase, StepPath, UndoEnd};
use crate::judge::{AnswerBody, Captured, Subject};
use crate::suite::{Acting, CaptureFrom, Present, Step, Suite, Undo, UndoEntry};
use crate::value::{Facts, Json, Missing, MissingKind, NamePath, Scope, Template};

use super::scope::{NOTHING, Names};
use super::trial::{Doing, Trial};
use super::{Draft, Shown};

/// Something that a step may have made, and how it is removed: a small machine that says what is sent next.
///
/// Call [`Self::next_act`] until it says [`UndoAct::End`]; after each request call [`Self::answered`].
#[derive(Clone, Debug)]
pub struct PendingUndo {
    step: StepPath,
    undo: Arc<Undo>,
    suite: Arc<Suite>,
    base_url: String,
    /// Who did the step.
    by: Doer,
    names: Frozen,
    /// The entry at hand.
    at: usize,
    turn: Turn,
    /// The request that said that it is gone, by its status.
    gone: Option<u16>,
    /// Why the last entry did not remove it.
    left: Left,
}

/// What is to be done next to remove something.
#[derive(Clone, Debug, PartialEq)]
pub enum UndoAct {
    /// Send this, and tell by [`PendingUndo::answered`].
    Send(Box<Draft>),
    /// The token was not accepted: sign in again, then send this.
    SendAnew(Box<Draft>),
    /// There is nothing more to do.
    End(UndoEnd),
}

/// How often an entry was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Turn {
    First,
    /// Once, and the answer was 401.
    Anew,
}

/// Who sends something, and what they show.
#[derive(Clone, Debug)]
pub(super) struct Doer {
    pub(super) device: Option<String>,
    pub(super) shown: Shown,
}

impl Doer {
    /// Who acts, with names put in.
    ///
    /// # Errors
    /// When a name has no value.
    pub(super) fn of(acting: &Acting, scope: &dyn Scope) -> Result<Self, Missing> {
        let shown = match &acting.present {
            Present::Own => Shown::Own,
            Present::Bearer(token) => Shown::Bearer(token.render(scope)?),
            Present::Basic => Shown::ClientBasic,
        };
        Ok(Self { device: acting.device.clone(), shown })
    }

    /// Nobody, who shows nothing.
    pub(super) fn nobody() -> Self {
        Self { device: None, shown: Shown::Own }
    }

    /// The draft, sent by this one.
    pub(super) fn sends(self, draft: Draft) -> Draft {
        Draft { device: self.device, shown: self.shown, ..draft }
    }
}

/// What the names of an undo meant right after the step's own captures, and what its entries have found since.
#[derive(Clone, Debug, Default)]
struct Frozen {
    values: BTreeMap<NamePath, Result<Json, Missing>>,
    found: BTreeMap<String, Json>,
}

impl Frozen {
    fn new<'p>(paths: impl IntoIterator<Item = &'p NamePath>, names: &Names<'_>) -> Self {
        let values = paths.into_iter().map(|path| (path.clone(), names.lookup(path)));
        Self { values: values.collect(), found: BTreeMap::new() }
    }
}

impl Scope for Frozen {
    fn lookup(&self, path: &NamePath) -> Result<Json, Missing> {
        if let Some(value) = self.found.get(path.root.as_str()) {
            return path.follow(value).cloned();
        }
        self.values.get(path).cloned().unwrap_or_else(|| Err(path.missing(MissingKind::NoValue)))
    }
}

impl PendingUndo {
    /// The step that may have made it.
    #[must_use]
    pub fn step(&self) -> &StepPath {
        &self.step
    }

    /// What is to be done next.
    pub fn next_act(&mut self) -> UndoAct {
        let undo = Arc::clone(&self.undo);
        while let (None, Some(entry)) = (self.gone, undo.entries.get(self.at)) {
            match self.draft(entry) {
                Ok(draft) if self.turn == Turn::Anew => return UndoAct::SendAnew(Box::new(draft)),
                Ok(draft) => return UndoAct::Send(Box::new(draft)),
                Err(missing) => {
                    self.left = Left { request: entry.shown(), why: missing.to_string() };
                    self.go_on();
                }
            }
        }
        UndoAct::End(match self.gone {
            Some(status) => UndoEnd::Gone { status },
            None => UndoEnd::Left(self.left.clone()),
        })
    }

    /// Tells what came of the request that was sent last.
    pub fn answered(&mut self, exchange: &Exchange, facts: &dyn Facts) {
        let undo = Arc::clone(&self.undo);
        let Some(entry) = undo.entries.get(self.at) else { return };
        let status = exchange.complete().map(|answer| answer.status);
        match status {
            Some(status) if entry.done.iter().any(|done| done.holds(status)) => self.gone = Some(status),
            Some(401) if self.turn == Turn::First => self.turn = Turn::Anew,
            Some(_) | None => {
                let why = match (status, &exchange.fault) {
                    (Some(status), _) => format!("the answer was {status}"),
                    (None, Some(fault)) => fault.to_string(),
                    (None, None) => "there was no answer".to_owned(),
                };
                let request = format!("{} {}", exchange.request.method, exchange.request.url);
                self.left = Left { request, why };
                self.find(entry, exchange, facts);
                self.go_on();
            }
        }
    }

    fn go_on(&mut self) {
        self.at += 1;
        self.turn = Turn::First;
    }

    fn draft(&self, entry: &UndoEntry) -> Result<Draft, Missing> {
        let draft = Draft::of(&entry.request, &self.suite.defaults, &self.base_url, &self.names)?;
        let by = match &entry.acting {
            Some(acting) => Doer::of(acting, &self.names)?,
            None => self.by.clone(),
        };
        Ok(by.sends(draft))
    }

    /// Takes what the entry captures; finding nothing is all right.
    fn find(&mut self, entry: &UndoEntry, exchange: &Exchange, facts: &dyn Facts) {
        let Some(answer) = exchange.complete() else { return };
        let body = AnswerBody::new(Some(answer));
        let subject = Subject {
            body: &body,
            url: Some(&exchange.request.url),
            request: Some(&exchange.request),
            members: &[],
            elapsed: exchange.timing.elapsed(),
            sent: &self.names,
            settled: &self.names,
            facts,
            snapshots: None,
        };
        let mut found = Vec::new();
        for capture in &entry.captures {
            if let CaptureFrom::Answer(source) = &capture.from
                && let Ok(Some(value)) = source.take(&subject).map(Captured::into_value)
            {
                found.push((capture.name.clone(), value));
            }
        }
        self.names.found.extend(found);
    }
}

impl Trial {
    /// Fixes the names of the step's undo, or cancels it where nothing was made.
    pub(super) fn settle_undo(&mut self, doing: &mut Doing, step: &Step, exchange: &Exchange) {
        let (Some(number), Some(undo)) = (doing.undo.take(), &step.undo) else { return };
        let was_refused = exchange.complete().is_some_and(|answer| (400..500).contains(&answer.status));
        let never_left = exchange.fault.as_ref().is_some_and(|fault| {
            matches!(fault.phase, Phase::Prepare | Phase::Connect) || fault.kind == FaultKind::Unreachable
        });
        match self.pending(doing, step, undo) {
            Some(pending) if !was_refused && !never_left => self.undos.settle(number, pending),
            Some(_) | None => self.undos.cancel(number),
        }
    }

    fn pending(&self, doing: &Doing, step: &Step, undo: &Arc<Undo>) -> Option<PendingUndo> {
        let (sent, settled) = (self.names(&NOTHING)?, self.names(&doing.own)?);
        let acting = step.acting.as_ref().or_else(|| self.frame()?.acting.as_ref());
        // The step was sent with it, so its names have their values.
        let by = acting.and_then(|acting| Doer::of(acting, &sent).ok()).unwrap_or_else(Doer::nobody);
        let of_defaults = self.suite.defaults.headers.values().flat_map(Template::slots);
        let paths: BTreeSet<&NamePath> = undo.names.iter().chain(of_defaults.map(|slot| &slot.path)).collect();
        Some(PendingUndo {
            step: doing.path.clone(),
            undo: Arc::clone(undo),
            suite: Arc::clone(&self.suite),
            base_url: self.base_url.clone(),
            by,
            names: Frozen::new(paths, &settled),
            at: 0,
            turn: Turn::First,
            gone: None,
            left: Left { request: String::new(), why: String::new() },
        })
    }
}
