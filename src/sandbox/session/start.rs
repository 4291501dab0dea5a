use std::time::Duration;

use crate::sandbox::tenant::{AgentId, Directory};
use crate::sandbox::wire::Params;

/// The time without activity after which a session may end, when a request names none.
const USUAL_INACTIVITY: Duration = Duration::from_mins(5);

/// The longest name of a station, in bytes: every event that names it holds a copy.
const LONGEST_STATION: usize = 100;

/// How the numbers begin that any number of agents may have.
const SHARED: &str = "155501";

/// Where the agent's calls go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Station {
    /// A telephone number.
    PhoneNumber(String),
    /// The id of a station that was set up before.
    Id(String),
}

/// What becomes of a session in which nobody does anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Inactivity {
    /// How long nothing must have happened.
    pub(crate) timeout: Duration,
    /// Whether the session ends whatever the agent's state, or only when the agent is unavailable.
    pub(crate) force_logout: bool,
}

/// A request to start a session, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Start {
    pub(crate) station: Station,
    pub(crate) inactivity: Inactivity,
}

/// Why a session is not started, or not joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum StartRefusal {
    /// 400.
    #[error("stationId or stationPhoneNumber is required")]
    NoStation,
    /// 400.
    #[error("Invalid station")]
    BadStation,
    /// 400: another agent has it.
    #[error("Phone number already in use")]
    StationInUse,
    /// 400.
    #[error("Invalid session timeout value (30-300 or 0)")]
    BadTimeout,
    /// 400.
    #[error("Invalid inactivityForceLogout value. Use true or false.")]
    BadForceLogout,
    /// 400.
    #[error("Invalid Agent Id")]
    BadAgent,
    /// 400.
    #[error("Concurrent agent limit exceeded")]
    TooMany,
    /// 403: acting as another agent needs a permission that nobody here has.
    #[error("Insufficient permissions")]
    NotPermitted,
    /// 409 (FAQ Q13).
    #[error("Cannot start a session at this time. Agent session already started.")]
    AlreadyStarted,
    /// 409: there is nothing to join.
    #[error("Invalid Session")]
    NothingToJoin,
}

impl Station {
    /// The digits of a number that only one agent can have at a time (NICE reference, start of a session).
    ///
    /// Those that are set aside for examples, +1 555 0100 to 0199, stand for a switchboard: any number of agents may have
    /// them. [INF]
    pub(crate) fn line(&self) -> Option<String> {
        let Self::PhoneNumber(number) = self else { return None };
        let digits: String = number.chars().filter(char::is_ascii_digit).collect();
        let is_shared = digits.len() == SHARED.len() + 2 && digits.starts_with(SHARED);
        (!digits.is_empty() && !is_shared).then_some(digits)
    }
}

impl Start {
    /// One that nothing was said about.
    pub(crate) fn anywhere() -> Self {
        let inactivity = Inactivity { timeout: USUAL_INACTIVITY, force_logout: false };
        Self { station: Station::Id("nowhere".to_owned()), inactivity }
    }

    /// Reads the parameters of a request.
    pub(crate) fn read(params: &Params) -> Result<Self, StartRefusal> {
        // A phone number wins over an id when both are given.
        let station = match (params.text("stationPhoneNumber"), params.text("stationId")) {
            (Some(text), _) | (None, Some(text)) if text.len() > LONGEST_STATION => {
                return Err(StartRefusal::BadStation);
            }
            (Some(number), _) => Station::PhoneNumber(number.to_owned()),
            (None, Some(id)) => Station::Id(id.to_owned()),
            (None, None) => return Err(StartRefusal::NoStation),
        };
        let timeout = match params.integer("inactivityTimeout").map_err(|_| StartRefusal::BadTimeout)? {
            None | Some(0) => USUAL_INACTIVITY,
            Some(seconds @ 30..=300) => Duration::from_secs(seconds.unsigned_abs()),
            Some(_) => return Err(StartRefusal::BadTimeout),
        };
        let force_logout = params.flag("inactivityForceLogout").map_err(|_| StartRefusal::BadForceLogout)?;
        Ok(Self { station, inactivity: Inactivity { timeout, force_logout: force_logout.unwrap_or(false) } })
    }
}

/// The agent that a request to start or join is for: the caller, unless `asAgentId` names another one.
pub(crate) fn agent_for(params: &Params, caller: AgentId, directory: &Directory) -> Result<AgentId, StartRefusal> {
    let Some(number) = params.integer("asAgentId").map_err(|_| StartRefusal::BadAgent)? else { return Ok(caller) };
    let named = u32::try_from(number).map(AgentId).map_err(|_| StartRefusal::BadAgent)?;
    if named == caller {
        Ok(caller)
    } else if directory.person(named).is_some() {
        Err(StartRefusal::NotPermitted)
    } else {
        Err(StartRefusal::BadAgent)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> Result<Start, StartRefusal> {
        Start::read(&Params::from_body(body.as_bytes()).unwrap())
    }

    #[test]
    fn a_phone_number_wins_over_a_station() {
        let start = read(r#"{"stationId":"7","stationPhoneNumber":"+15550100"}"#).unwrap();
        assert_eq!(start.station, Station::PhoneNumber("+15550100".into()));
        assert_eq!(read(r#"{"stationId":"","stationPhoneNumber":""}"#), Err(StartRefusal::NoStation));
        assert_eq!(read(&format!("stationId={}", "1".repeat(101))), Err(StartRefusal::BadStation));
    }

    #[test]
    fn a_number_is_a_line_of_its_own_unless_it_is_set_aside_for_examples() {
        let line = |number: &str| Station::PhoneNumber(number.into()).line();
        assert_eq!(line("+1 (555) 867-5309"), line("1.555.867.5309"));
        assert_eq!(line("+49 30 123456").as_deref(), Some("4930123456"));
        for shared in ["+15550100", "+1 555 0199", "none", "+"] {
            assert_eq!(line(shared), None, "{shared}");
        }
        assert!(line("+155501").is_some() && line("+155501001").is_some() && line("+15550200").is_some());
        assert_eq!(Station::Id("7".into()).line(), None);
    }

    #[test]
    fn the_inactivity_timeout_is_30_to_300_seconds_or_zero() {
        let with = |value: &str| read(&format!("stationId=1&inactivityTimeout={value}"));
        for (value, seconds) in [("0", 300), ("30", 30), ("300", 300), ("", 300)] {
            assert_eq!(with(value).unwrap().inactivity.timeout, Duration::from_secs(seconds));
        }
        for value in ["29", "301", "-1", "abc", "1.5"] {
            assert_eq!(with(value), Err(StartRefusal::BadTimeout), "{value}");
        }
        assert_eq!(read("stationId=1&inactivityForceLogout=maybe"), Err(StartRefusal::BadForceLogout));
    }
}
