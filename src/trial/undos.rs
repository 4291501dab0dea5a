use std::collections::BTreeMap;

use super::PendingUndo;

/// What the steps of a case may have made, in the order in which they were sent.
#[derive(Debug, Default)]
pub(super) struct Undos {
    noted: BTreeMap<UndoNumber, Option<PendingUndo>>,
    last: UndoNumber,
}

/// Under which number an undo is noted. It stays the same whatever becomes of others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct UndoNumber(u32);

impl Undos {
    /// Notes that something may be made, before the request is sent that makes it.
    pub(super) fn note(&mut self) -> UndoNumber {
        self.last.0 += 1;
        self.noted.insert(self.last, None);
        self.last
    }

    /// Nothing was made.
    pub(super) fn cancel(&mut self, number: UndoNumber) {
        self.noted.remove(&number);
    }

    /// How it is removed.
    pub(super) fn settle(&mut self, number: UndoNumber, undo: PendingUndo) {
        self.noted.insert(number, Some(undo));
    }

    /// All of them, the last first. Whatever was only noted was never sent, or it would have been answered.
    pub(super) fn take(&mut self) -> Vec<PendingUndo> {
        std::mem::take(&mut self.noted).into_values().rev().flatten().collect()
    }
}
