use std::time::Duration;

use crate::clock::Timestamp;
use crate::event::{Exchange, Purpose, StepPath};
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
    /// Do all of these at the same moment, and tell the trial by [`Trial::came_together`](super::Trial::came_together).
    Together {
        /// The set.
        step: StepPath,
        /// Its members, in the order of the list; at least one.
        members: Vec<SetMember>,
    },
    /// The case has ended. Undo what it made.
    End(Ending),
}

/// A member of a set, on its way.
#[derive(Debug)]
pub struct SetMember {
    /// How long after the others it starts, in real time.
    pub after: Duration,
    /// What it does.
    pub act: MemberAct,
}

/// What a member of a set does.
#[derive(Debug)]
pub enum MemberAct {
    /// It sends this. Its exchange says when that was, by the target's clock.
    Send(Box<Sending>),
    /// It lets so much time pass by the target's clock.
    Elapse {
        /// The member.
        step: StepPath,
        /// How long.
        span: Duration,
    },
}

/// What came of a member of a set.
#[derive(Clone, Debug)]
pub enum MemberCame {
    /// The answer to what it sent, or the fault.
    Answer(Box<Exchange>),
    /// The time passed that was asked for; if not, why.
    Time(Result<Duration, String>),
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
