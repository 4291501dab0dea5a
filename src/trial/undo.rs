use crate::event::StepPath;
use crate::suite::StatusSpan;

use super::Draft;

/// Something that a step may have made, and how it is removed.
#[derive(Clone, Debug)]
pub struct PendingUndo {
    /// The step.
    pub step: StepPath,
    /// How far it is known.
    pub state: UndoState,
    /// The request as it stands in the suite, for a person.
    pub shown: String,
    /// The answers that count as gone.
    pub done: Vec<StatusSpan>,
}

/// How far an undo is known.
#[derive(Clone, Debug)]
pub enum UndoState {
    /// The request that makes it is on its way.
    Intended,
    /// This removes it.
    Ready(Box<Draft>),
    /// It cannot be removed, for this reason.
    Stuck(String),
}
