use std::time::Duration;

use crate::event::{Purpose, StepPath};

use super::{Draft, Ending};

/// What is to be done next.
#[derive(Debug)]
pub enum Act {
    /// Send this, and tell the trial by [`Trial::answered`](super::Trial::answered).
    Send(Box<Sending>),
    /// Wait so long in real time, then ask again.
    Pause(Duration),
    /// Let so much time pass by the target's clock, and tell the trial by [`Trial::elapsed`](super::Trial::elapsed).
    Elapse {
        /// The step.
        step: StepPath,
        /// How long.
        span: Duration,
    },
    /// The case has ended. Undo what it made.
    End(Ending),
}

/// A request that is to be sent for a step.
#[derive(Debug)]
pub struct Sending {
    /// The step.
    pub step: StepPath,
    /// Which attempt of a poll, from 1.
    pub attempt: Option<u32>,
    /// Why it is sent.
    pub purpose: Purpose,
    /// The request.
    pub draft: Draft,
    /// Whether it may make something that has to be removed.
    pub makes: bool,
    /// How long it may take.
    pub deadline: Duration,
}
