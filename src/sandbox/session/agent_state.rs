use crate::sandbox::tenant::{Directory, UnavailableCode};
use crate::sandbox::wire::Params;

/// Whether an agent takes contacts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AgentState {
    /// Contacts are routed to the agent.
    Available,
    /// They are not; with the name of an unavailable code, or without a reason.
    Unavailable(Option<&'static str>),
}

/// A request to change the state, checked as far as it can be without the session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StateRequest {
    /// Into one of the two states.
    Change(AgentState),
    /// Into after-call work, which needs a contact to be finished.
    AfterCallWork,
}

/// Why a state is not changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum StateRefusal {
    /// 400.
    #[error("Invalid state request. Use \"Available\" or \"Unavailable\".")]
    BadState,
    /// 400.
    #[error("Invalid unavailable code.")]
    BadReason,
}

impl StateRequest {
    /// Reads the parameters of a request. A reason matters only with `Unavailable`.
    pub(crate) fn read(params: &Params, directory: &Directory) -> Result<Self, StateRefusal> {
        let state = params.text("state").ok_or(StateRefusal::BadState)?;
        if state.eq_ignore_ascii_case("Available") {
            return Ok(Self::Change(AgentState::Available));
        }
        if !state.eq_ignore_ascii_case("Unavailable") {
            return Err(StateRefusal::BadState);
        }
        let Some(reason) = params.text("reason") else { return Ok(Self::Change(AgentState::Unavailable(None))) };
        let is_reason = |code: &&UnavailableCode| code.name.eq_ignore_ascii_case(reason.trim());
        let code = directory.unavailable_codes().iter().find(is_reason).ok_or(StateRefusal::BadReason)?;
        Ok(Self::of(code))
    }

    /// To be unavailable for a reason.
    pub(crate) fn of(code: &UnavailableCode) -> Self {
        if code.is_after_call_work {
            Self::AfterCallWork
        } else {
            Self::Change(AgentState::Unavailable(Some(code.name)))
        }
    }
}

impl AgentState {
    /// What events call it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Available => "Available",
            Self::Unavailable(_) => "Unavailable",
        }
    }

    /// The unavailable code, or nothing.
    pub(crate) fn out_reason(self) -> &'static str {
        match self {
            Self::Available | Self::Unavailable(None) => "",
            Self::Unavailable(Some(reason)) => reason,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::credentials::CredentialSource;
    use crate::sandbox::tenant::Entropy;

    fn read(body: &str) -> Result<StateRequest, StateRefusal> {
        let credentials = CredentialSource::Fixed.credentials(&Entropy::from_seed(1), 1);
        StateRequest::read(&Params::from_body(body.as_bytes()).unwrap(), &Directory::of(&credentials))
    }

    #[test]
    fn a_state_and_its_reason_are_known_by_name() {
        let lunch = AgentState::Unavailable(Some("Lunch"));
        assert_eq!(read("state=Unavailable&reason=lunch"), Ok(StateRequest::Change(lunch)));
        assert_eq!(read(r#"{"state":"Available","reason":""}"#), Ok(StateRequest::Change(AgentState::Available)));
        assert_eq!(read("state=Unavailable&reason=After Call Work"), Ok(StateRequest::AfterCallWork));
    }

    #[test]
    fn anything_else_is_refused() {
        assert_eq!(read("state=Sleeping"), Err(StateRefusal::BadState));
        assert_eq!(read(""), Err(StateRefusal::BadState));
        assert_eq!(read("state=Unavailable&reason=Nap"), Err(StateRefusal::BadReason));
    }
}
