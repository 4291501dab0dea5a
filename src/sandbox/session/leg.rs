use std::time::Duration;

use crate::clock::Timestamp;
use crate::sandbox::interaction::is_unreachable;

/// How long it takes until the agent's telephone answers. [INF]
const ANSWERED_AFTER: Duration = Duration::from_millis(250);

/// Counts the calls to an agent's telephone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct LegId(pub(crate) u32);

/// Whether an agent's microphone is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Microphone {
    Open,
    Muted,
}

/// The call to the agent's own telephone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Leg {
    /// There is none.
    Down,
    /// It is dialled; it answers then.
    Dialing { id: LegId, until: Timestamp },
    /// It is there.
    Up { id: LegId, microphone: Microphone },
}

/// What can happen to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LegStep {
    /// The telephone is dialled, as this call.
    Dial(LegId),
    /// It answers, or is answered for the sake of a contact.
    Answer,
    /// It is hung up, or does not answer.
    HangUp,
    Mute,
    Unmute,
}

/// A step that is impossible where the leg is: 409.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("Invalid call status.")]
pub(crate) struct WrongLeg;

impl Leg {
    /// The table of transitions.
    pub(crate) fn after(self, step: LegStep, now: Timestamp) -> Result<Self, WrongLeg> {
        match (step, self) {
            (LegStep::Dial(id), Self::Down) => Ok(Self::Dialing { id, until: now.plus(ANSWERED_AFTER) }),
            (LegStep::Answer, Self::Dialing { id, .. }) | (LegStep::Unmute, Self::Up { id, .. }) => {
                Ok(Self::Up { id, microphone: Microphone::Open })
            }
            (LegStep::Mute, Self::Up { id, .. }) => Ok(Self::Up { id, microphone: Microphone::Muted }),
            (LegStep::HangUp, Self::Dialing { .. } | Self::Up { .. }) => Ok(Self::Down),
            (LegStep::Dial(_), Self::Dialing { .. } | Self::Up { .. })
            | (LegStep::Answer, Self::Down | Self::Up { .. })
            | (LegStep::Mute | LegStep::Unmute, Self::Down | Self::Dialing { .. })
            | (LegStep::HangUp, Self::Down) => Err(WrongLeg),
        }
    }

    /// Its number, while there is one.
    pub(crate) fn id(self) -> Option<LegId> {
        match self {
            Self::Down => None,
            Self::Dialing { id, .. } | Self::Up { id, .. } => Some(id),
        }
    }

    /// When it answers.
    pub(crate) fn due(self) -> Option<Timestamp> {
        match self {
            Self::Dialing { until, .. } => Some(until),
            Self::Down | Self::Up { .. } => None,
        }
    }

    /// The `Status` of its event.
    pub(crate) fn status(self) -> &'static str {
        match self {
            Self::Down => "Disconnected",
            Self::Dialing { .. } => "Dialing",
            Self::Up { .. } => "Active",
        }
    }

    /// Whether the agent can be heard.
    pub(crate) fn is_muted(self) -> bool {
        matches!(self, Self::Up { microphone: Microphone::Muted, .. })
    }
}

impl super::Station {
    /// Whether a telephone answers there. [INF]
    pub(crate) fn is_reachable(&self) -> bool {
        match self {
            Self::PhoneNumber(number) => !is_unreachable(number),
            Self::Id(_) => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_leg_is_dialled_answered_muted_and_hung_up() {
        let now = Timestamp::from_millis(0);
        let steps = [LegStep::Dial(LegId(1)), LegStep::Answer, LegStep::Mute, LegStep::Unmute, LegStep::HangUp];
        let mut leg = Leg::Down;
        for step in steps {
            assert_eq!(leg.after(LegStep::Dial(LegId(2)), now).is_ok(), leg == Leg::Down);
            leg = leg.after(step, now).unwrap();
        }
        assert_eq!((leg, leg.after(LegStep::HangUp, now)), (Leg::Down, Err(WrongLeg)));
    }
}
