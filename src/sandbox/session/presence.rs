use std::time::Duration;

use serde_json::{Value, json};

use super::AgentState;
use crate::sandbox::interaction::Direction;
use crate::sandbox::tenant::AFTER_CALL_WORK;

/// What an agent is doing, as far as contacts go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Presence {
    /// No contact: the agent is what they asked to be.
    Free,
    /// On a contact, or offered one.
    OnContact(Direction),
    /// Finishing the last contact, for this long or as long as it takes.
    WrapUp { limit: Option<Duration> },
}

/// What an agent wants to be after the contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// In this state.
    State(AgentState),
    /// Finishing it for as long as it takes.
    AfterCallWork,
}

/// Everything that an `AgentState` event tells but the time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Standing {
    pub(crate) presence: Presence,
    /// What the agent asked to be, or was made, when free.
    pub(crate) resting: AgentState,
    pub(crate) next: Option<Next>,
}

impl Standing {
    /// What an agent without a session is.
    pub(crate) const LOGGED_OUT: &'static str = "LoggedOut";

    /// Every state that the reference names; its number is its place. [INF]
    pub(crate) const NAMES: [&'static str; 9] = [
        Self::LOGGED_OUT,
        "LoggedIn",
        "Available",
        "Unavailable",
        "InboundContact",
        "OutboundContact",
        "InboundConsult",
        "OutboundConsult",
        "Dialer",
    ];

    /// The number of a state. [INF]
    pub(crate) fn id_of(state: &str) -> Option<usize> {
        Self::NAMES.iter().position(|name| *name == state)
    }

    /// `CurrentState`. That an agent in after-call work counts as unavailable is [INF].
    pub(crate) fn state(self) -> &'static str {
        match self.presence {
            Presence::Free => self.resting.name(),
            Presence::OnContact(Direction::Inbound) => "InboundContact",
            Presence::OnContact(Direction::Outbound) => "OutboundContact",
            Presence::WrapUp { .. } => "Unavailable",
        }
    }

    /// `CurrentOutReason`.
    pub(crate) fn out_reason(self) -> &'static str {
        match self.presence {
            Presence::Free => self.resting.out_reason(),
            Presence::OnContact(_) => "",
            Presence::WrapUp { .. } => AFTER_CALL_WORK,
        }
    }

    /// `NextStates`: what was asked for while on a contact.
    pub(crate) fn next_states(self) -> Value {
        match self.next {
            None => json!([]),
            Some(Next::State(state)) => json!([{ "State": state.name(), "OutReason": state.out_reason() }]),
            Some(Next::AfterCallWork) => json!([{ "State": "Unavailable", "OutReason": AFTER_CALL_WORK }]),
        }
    }

    /// How long after-call work may take; `None` when it is not that, or has no limit.
    pub(crate) fn wrap_up_limit(self) -> Option<Duration> {
        match self.presence {
            Presence::WrapUp { limit } => limit,
            Presence::Free | Presence::OnContact(_) => None,
        }
    }

    /// Whether it is after-call work.
    pub(crate) fn is_wrap_up(self) -> bool {
        match self.presence {
            Presence::WrapUp { .. } => true,
            Presence::Free | Presence::OnContact(_) => false,
        }
    }

    /// Whether a contact may be offered.
    pub(crate) fn is_ready(self) -> bool {
        self.presence == Presence::Free && self.resting == AgentState::Available
    }
}
