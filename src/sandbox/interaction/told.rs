use serde_json::{Map, Value, json};

use super::contact::Route;
use super::stage::OFFER_OPEN;
use super::{Contact, ContactId, Direction, Media, Message, Stage};
use crate::clock::Timestamp;

/// How many messages the event of a chat repeats.
const MOST_REPEATED: usize = 50;

/// Whether an event is the last one of its contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Finality {
    /// The agent has nothing more to do with it.
    Final,
    /// More may come.
    Open,
}

/// A contact as its agent is told of it: what was so at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Told {
    id: ContactId,
    pub(crate) media: Media,
    status: &'static str,
    finality: Finality,
    before: &'static str,
    direction: Direction,
    call_type: &'static str,
    skill: &'static str,
    from: String,
    to: String,
    began: Timestamp,
    changed: Timestamp,
    is_recorded: bool,
    messages: Vec<Message>,
}

impl Told {
    /// What is so now.
    pub(crate) fn of(contact: &Contact) -> Self {
        let finality = if contact.stage() == Stage::Ended { Finality::Final } else { Finality::Open };
        Self::as_status(contact, contact.stage().status(), finality)
    }

    /// For an agent who loses it while it goes on: to them, it is over.
    pub(crate) fn lost(contact: &Contact) -> Self {
        Self::as_status(contact, Stage::Ended.status(), Finality::Final)
    }

    fn as_status(contact: &Contact, status: &'static str, finality: Finality) -> Self {
        let written = contact.conversation.end();
        let first = written.saturating_sub(u32::try_from(MOST_REPEATED).unwrap_or(u32::MAX));
        Self {
            id: contact.id,
            media: contact.media,
            status,
            finality,
            before: contact.before().status(),
            direction: contact.direction,
            call_type: match contact.route {
                Route::Skill => "Regular",
                Route::Agent(_) => "PersonalQueue",
            },
            skill: contact.skill.name,
            from: contact.from.clone(),
            to: contact.to.clone(),
            began: contact.began,
            changed: contact.changed(),
            is_recorded: contact.is_recorded,
            messages: contact.conversation.since(first).cloned().collect(),
        }
    }

    /// The members of its event: `CallContactEvent` or `ChatContactEvent`.
    ///
    /// Those of a call are the reference's. Of a chat's the facts name only the type: the members are those that it
    /// shares with a call, and what was written. [INF]
    pub(crate) fn members(&self) -> Map<String, Value> {
        let mut members = Map::new();
        let mut add = |name: &str, value: Value| members.insert(name.to_owned(), value);
        add("ContactID", json!(self.id.to_string()));
        add("Status", json!(self.status));
        add("OriginalState", json!(self.before));
        add("Skill", json!(self.skill));
        add("IsInbound", truth(self.direction == Direction::Inbound));
        add("StartTimeUTC", json!(self.began.iso()));
        add("LastStateChangeTimeUTC", json!(self.changed.iso()));
        add("ScreenPopUrl", json!(""));
        add("Timeout", json!(OFFER_OPEN.as_secs().to_string()));
        add("AllowDispositions", truth(true));
        add("Label", json!(""));
        add("OtherInformation", json!(""));
        add("FinalState", truth(self.finality == Finality::Final));
        match self.media {
            Media::Call => {
                add("CallType", json!(self.call_type));
                add("DNIS", json!(self.to));
                add("ANI", json!(self.from));
                add("DisconnectCode", json!("NA"));
                add("IsLogging", truth(self.is_recorded));
                add("IsLinked", truth(self.status == "Joined"));
                add("TimeZones", json!(""));
                add("BlendingToSkillName", json!(""));
            }
            Media::Chat => {
                add("RoomId", json!(self.id.to_string()));
                add("From", json!(self.from));
                let messages = self.messages.iter().map(|message| Value::Object(message.members()));
                add("Messages", messages.collect());
            }
        }
        members
    }
}

impl Message {
    /// The members that tell of it in an event. [INF]
    pub(crate) fn members(&self) -> Map<String, Value> {
        let mut members = Map::new();
        members.insert("PartyType".to_owned(), json!(self.party.name()));
        members.insert("Label".to_owned(), json!(self.label));
        members.insert("Text".to_owned(), json!(self.text));
        members.insert("Timestamp".to_owned(), json!(self.at.iso()));
        members
    }
}

/// A truth value as events tell it.
pub(crate) fn truth(is_so: bool) -> Value {
    json!(if is_so { "True" } else { "False" })
}
