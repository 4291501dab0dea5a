use std::time::Duration;

use crate::clock::Timestamp;
use crate::event::{Purpose, StepPath};
use crate::value::Json;

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
    /// What is sent.
    pub order: Order,
    /// Whether it may make something that has to be removed.
    pub makes: bool,
    /// When it counts as sent, by the target's clock.
    pub sent: Timestamp,
    /// How long it may take.
    pub deadline: Duration,
}

/// What is sent for a step.
#[derive(Clone, Debug, PartialEq)]
pub enum Order {
    /// This request.
    Request(Box<Draft>),
    /// The token request of the device's identity, as the target declares it.
    Token {
        /// The device.
        device: String,
        /// Parameters over those of the grant, by their OAuth names; a null leaves one out.
        with: Vec<(String, Json)>,
    },
    /// The sign-in of the device's identity as in a browser.
    Authorize {
        /// The device.
        device: String,
        /// Parameters of the authorization request over those of the grant, by their OAuth names; a null leaves one out.
        with: Vec<(String, Json)>,
    },
}

impl Order {
    /// The device that sends it.
    #[must_use]
    pub fn device(&self) -> Option<&str> {
        match self {
            Self::Request(draft) => draft.device.as_deref(),
            Self::Token { device, .. } | Self::Authorize { device, .. } => Some(device),
        }
    }
}
