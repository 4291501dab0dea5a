use serde_json::{Map, Value, json};

use super::{Leg, LegId, MOST_CHATS, SessionNumber, Standing, Station};
use crate::clock::Timestamp;
use crate::sandbox::interaction::{ContactId, Media, Message, Told, truth};
use crate::sandbox::tenant::{AgentId, BUSINESS_UNIT};

/// Which machines an event came from. Every event names them.
const WEB_HOST: &str = "SANDBOX-IIS01";
const CONTACT_HOST: &str = "SANDBOX-VC01";

/// How a session came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EndCause {
    /// A client asked for it.
    Asked,
    /// Someone else did.
    Remote,
    /// Nobody did anything for too long.
    Inactivity,
}

/// A command that was accepted and could not be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    pub(crate) command: &'static str,
    pub(crate) result: String,
    pub(crate) contact: Option<ContactId>,
}

/// Something that happened in a session, told to every client that joined it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    /// The session is there.
    SessionStart { agent: AgentId, session: SessionNumber, station: Station },
    /// The agent's state is now this.
    State { standing: Standing, since: Timestamp },
    /// The call to the agent's telephone is now this.
    Leg { id: LegId, leg: Leg },
    /// A contact is now this.
    Contact(Box<Told>),
    /// The patron of a chat, or the agent, wrote something.
    ChatText { contact: ContactId, message: Message },
    /// What was accepted failed.
    Error(Failure),
    /// Someone else ends the session.
    RemoteEnd,
    /// The session is over.
    SessionEnd(EndCause),
}

impl Event {
    /// What clients get: keys in Pascal case, and every value a text, numbers and truth values too (NICE reference,
    /// agent session events).
    pub(crate) fn to_json(&self) -> Value {
        let (kind, own) = match self {
            Self::SessionStart { agent, session, station } => {
                ("AgentSessionStart", session_start(*agent, *session, station))
            }
            Self::State { standing, since } => ("AgentState", state(*standing, *since)),
            Self::Leg { id, leg } => ("AgentLeg", agent_leg(*id, *leg)),
            Self::Contact(told) => {
                let kind = match told.media {
                    Media::Call => "CallContactEvent",
                    Media::Chat => "ChatContactEvent",
                };
                (kind, Value::Object(told.members()))
            }
            Self::ChatText { contact, message } => ("ChatText", chat_text(*contact, message)),
            Self::Error(failure) => ("AgentError", agent_error(failure)),
            Self::RemoteEnd => ("RemoteAgentSessionEnd", json!({ "Message": "RemoteLogoff" })),
            Self::SessionEnd(cause) => ("AgentSessionEnd", session_end(*cause)),
        };
        let mut members = Map::new();
        members.insert("Type".to_owned(), json!(kind));
        members.insert("IISHost".to_owned(), json!(WEB_HOST));
        members.insert("VCHost".to_owned(), json!(CONTACT_HOST));
        if let Value::Object(own) = own {
            members.extend(own);
        }
        Value::Object(members)
    }
}

fn session_start(agent: AgentId, session: SessionNumber, station: &Station) -> Value {
    let (phone_number, station_id) = match station {
        Station::PhoneNumber(number) => (number.as_str(), ""),
        Station::Id(id) => ("", id.as_str()),
    };
    json!({
        "BusNo": BUSINESS_UNIT.number.to_string(),
        "AgentId": agent.to_string(),
        "SessionId": session.0.to_string(),
        "StationId": station_id,
        "StationPhoneNumber": phone_number,
        "StationCallerId": "",
        "DialerCampaign": "",
        "DialerCampaignStartTime": "",
        "SupervisorPermissionLevel": "0",
        "CanMask": "True",
        "AgentSchedulePermission": "False",
        "ScoreRecordingsPermission": "False",
        "HideAgentStatePermission": "False",
        "CanMultiPartyConference": "False",
        "MaxConcurrentChats": MOST_CHATS.to_string(),
    })
}

fn state(standing: Standing, since: Timestamp) -> Value {
    let limit = standing.wrap_up_limit().map_or(0, |limit| limit.as_secs());
    json!({
        "CurrentState": standing.state(),
        "CurrentOutReason": standing.out_reason(),
        "NextStates": standing.next_states(),
        "StartTimeUTC": since.iso(),
        "IsAcw": truth(standing.is_wrap_up()),
        "AcwTimeout": limit.to_string(),
    })
}

/// `Muted` is [INF]: a change of the microphone is told as the leg that it belongs to.
fn agent_leg(id: LegId, leg: Leg) -> Value {
    json!({
        "AgentLegId": id.0.to_string(),
        "Status": leg.status(),
        "FinalState": truth(leg == Leg::Down),
        "Muted": truth(leg.is_muted()),
    })
}

fn chat_text(contact: ContactId, message: &Message) -> Value {
    let mut members = message.members();
    members.insert("ContactID".to_owned(), json!(contact.to_string()));
    members.insert("RoomId".to_owned(), json!(contact.to_string()));
    Value::Object(members)
}

/// The names of commands and the targets but `AgentLeg` are [INF].
fn agent_error(failure: &Failure) -> Value {
    json!({
        "Command": failure.command,
        "ResultCode": failure.result,
        "ContactID": failure.contact.map_or_else(String::new, |contact| contact.to_string()),
        "Target": if failure.contact.is_some() { "Contact" } else { "AgentLeg" },
        "ErrorLevel": "Error",
    })
}

/// The message of an end by inactivity is [INF].
fn session_end(cause: EndCause) -> Value {
    let message = match cause {
        EndCause::Asked | EndCause::Remote => "",
        EndCause::Inactivity => "InactivityTimeout",
    };
    json!({ "Success": "True", "Message": message })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::interaction::{Contacts, Direction, NewContact, Party, Route, Stage};
    use crate::sandbox::session::{AgentState, Next, Presence};
    use crate::sandbox::tenant::Directory;

    const NOW: Timestamp = Timestamp::from_millis(0);

    fn told(media: Media) -> Box<Told> {
        let skill = Directory::find_skill(|skill| skill.media_type == media.id()).unwrap();
        let new = NewContact {
            media,
            direction: Direction::Inbound,
            route: Route::Skill,
            skill,
            from: "+15550101".into(),
            to: "+15550100".into(),
        };
        let mut contacts = Contacts::default();
        let id = contacts.begin(new, Stage::Active, NOW).unwrap();
        let message = Message { party: Party::Patron, label: "Someone".into(), text: "Hello".into(), at: NOW };
        contacts.get_mut(id).unwrap().conversation.write(message);
        Box::new(Told::of(contacts.get(id).unwrap()))
    }

    #[test]
    fn every_value_of_an_event_is_a_text() {
        let presence = Presence::OnContact(Direction::Inbound);
        let standing = Standing { presence, resting: AgentState::Available, next: Some(Next::AfterCallWork) };
        let message = Message { party: Party::Agent, label: "Anna".into(), text: "Hello".into(), at: NOW };
        let events = [
            Event::SessionStart {
                agent: AgentId(1),
                session: SessionNumber(58_070_815),
                station: Station::PhoneNumber("+15550100".into()),
            },
            Event::State { standing, since: NOW },
            Event::Leg { id: LegId(1), leg: Leg::Down },
            Event::Contact(told(Media::Call)),
            Event::Contact(told(Media::Chat)),
            Event::ChatText { contact: ContactId(1), message },
            Event::Error(Failure { command: "DialPhone", result: "BadNumber".into(), contact: None }),
            Event::RemoteEnd,
            Event::SessionEnd(EndCause::Inactivity),
        ];
        let lists = ["NextStates", "Messages"];
        for event in events {
            let json = event.to_json();
            let members = json.as_object().unwrap();
            assert!(["Type", "IISHost", "VCHost"].iter().all(|key| members.contains_key(*key)));
            assert!(members.iter().all(|(key, value)| value.is_string() || lists.contains(&key.as_str())), "{json}");
        }
    }
}
