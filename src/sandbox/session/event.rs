use serde_json::{Value, json};

use super::{AgentState, SessionNumber, Station};
use crate::clock::Timestamp;
use crate::sandbox::tenant::{AgentId, BUSINESS_UNIT};

/// Which machines an event came from. Every event names them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hosts;

impl Hosts {
    const WEB: &'static str = "SANDBOX-IIS01";
    const CONTACT: &'static str = "SANDBOX-VC01";
}

/// Something that happened in a session, told to every client that joined it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    /// The session is there.
    SessionStart { agent: AgentId, session: SessionNumber, station: Station },
    /// The agent's state is now this.
    State { state: AgentState, since: Timestamp },
    /// The session is over.
    SessionEnd,
}

impl Event {
    /// What clients get: keys in Pascal case, and every value a text, numbers and truth values too (NICE reference,
    /// agent session events).
    pub(crate) fn to_json(&self) -> Value {
        match self {
            Self::SessionStart { agent, session, station } => {
                let (phone_number, station_id) = match station {
                    Station::PhoneNumber(number) => (number.as_str(), ""),
                    Station::Id(id) => ("", id.as_str()),
                };
                json!({
                    "Type": "AgentSessionStart",
                    "IISHost": Hosts::WEB,
                    "VCHost": Hosts::CONTACT,
                    "BusNo": BUSINESS_UNIT.number.to_string(),
                    "AgentId": agent.to_string(),
                    "SessionId": session.0.to_string(),
                    "StationId": station_id,
                    "StationPhoneNumber": phone_number,
                    "StationCallerId": "",
                    "DialerCampaign": "",
                    "DialerCampaignStartTime": "",
                    "SupervisorPermissionLevel": "0",
                    "CanMask": "False",
                    "AgentSchedulePermission": "False",
                    "ScoreRecordingsPermission": "False",
                    "HideAgentStatePermission": "False",
                    "CanMultiPartyConference": "False",
                })
            }
            Self::State { state, since } => json!({
                "Type": "AgentState",
                "IISHost": Hosts::WEB,
                "VCHost": Hosts::CONTACT,
                "CurrentState": state.name(),
                "CurrentOutReason": state.out_reason(),
                "NextStates": [],
                "StartTimeUTC": since.iso(),
                "IsAcw": "False",
                "AcwTimeout": "0",
            }),
            Self::SessionEnd => json!({
                "Type": "AgentSessionEnd",
                "IISHost": Hosts::WEB,
                "VCHost": Hosts::CONTACT,
                "Success": "True",
                "Message": "",
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_of_an_event_is_a_text() {
        let events = [
            Event::SessionStart {
                agent: AgentId(1),
                session: SessionNumber(58_070_815),
                station: Station::PhoneNumber("+15550100".into()),
            },
            Event::State { state: AgentState::Available, since: Timestamp::from_millis(0) },
            Event::SessionEnd,
        ];
        for event in events {
            let json = event.to_json();
            let members = json.as_object().unwrap();
            assert!(["Type", "IISHost", "VCHost"].iter().all(|key| members.contains_key(*key)));
            assert!(members.iter().all(|(key, value)| value.is_string() || key == "NextStates"), "{json}");
        }
    }
}
