use std::fmt;
use std::sync::Arc;

use crate::diag::Span;

use super::{Breach, Reading, Schema, SnapshotName, StatusSet, Subject};

/// What a check demands of an answer.
pub trait Rule: fmt::Debug + Send + Sync {
    /// Puts it to an answer. Total: whatever came, there is a reading.
    fn judge(&self, subject: &Subject<'_>) -> Reading;

    /// Why it cannot fail, where it cannot.
    fn vacuous(&self) -> Option<String> {
        None
    }

    /// Whether it needs an answer; `values` does not.
    fn needs_answer(&self) -> bool {
        true
    }

    /// Whether it judges the answers of the members of a set.
    fn judges_members(&self) -> bool {
        false
    }

    /// Whether it names this status, alone or by its class: then the status is an answer and no disturbance.
    fn names_status(&self, status: u16) -> bool {
        self.statuses().is_some_and(|statuses| statuses.names(status))
    }

    /// Whether it is about the author's request rather than the endpoint's answer: then it is a note at most.
    fn is_remark(&self) -> bool {
        false
    }

    /// The schemas that it puts to the whole body.
    fn schemas(&self) -> Vec<&Schema> {
        Vec::new()
    }

    /// The name of the snapshot that it compares with, where it does.
    fn snapshot(&self) -> Option<&SnapshotName> {
        None
    }

    /// That name as it is for this answer.
    fn compared(&self, _subject: &Subject<'_>) -> Option<Arc<str>> {
        None
    }

    /// The statuses it is about, where it is about nothing else.
    fn statuses(&self) -> Option<&StatusSet> {
        None
    }
}

/// One check of a block.
#[derive(Debug)]
pub struct Check {
    /// Its id within the block: `status`, `json[$.a]`, `meets[set].status`.
    pub id: Arc<str>,
    /// Where it stands.
    pub span: Span,
    /// What it demands.
    pub rule: Box<dyn Rule>,
    /// Why it may stand although it cannot fail (`vacuous: REASON`).
    pub excuse: Option<Arc<str>>,
}

impl Check {
    /// What it missed, as one line among those of other checks: its id, where the message does not name the place.
    #[must_use]
    pub fn told(&self, breach: &Breach) -> String {
        let names_it = breach.at.as_ref().is_some_and(|at| breach.message.starts_with(at.as_str()));
        if names_it { breach.message.clone() } else { format!("{}: {}", self.id, breach.message) }
    }
}
