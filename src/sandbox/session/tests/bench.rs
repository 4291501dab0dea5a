//! A desk with agents at it, and what they are told.

use std::time::Duration;

use serde_json::Value;

use super::super::{Desk, Glance, Inactivity, SessionRefusal, Start, Station};
use crate::clock::Timestamp;
use crate::sandbox::interaction::{ContactId, Direction, Media, NewContact, Route};
use crate::sandbox::tenant::{AgentId, Directory, Entropy};

pub(super) const ANNA: AgentId = AgentId(1);
pub(super) const BEN: AgentId = AgentId(2);

pub(super) fn now() -> Timestamp {
    Timestamp::from_millis(1_000_000)
}

pub(super) fn a_start() -> Start {
    Start {
        station: Station::PhoneNumber("+15550100".into()),
        inactivity: Inactivity { timeout: Duration::from_mins(5), force_logout: false },
    }
}

pub(super) fn a_contact(media: Media) -> NewContact {
    let skill = Directory::find_skill(|skill| skill.media_type == media.id());
    NewContact {
        media,
        direction: Direction::Inbound,
        route: Route::Skill,
        skill: skill.expect("every medium has a skill"),
        from: "+15550123".into(),
        to: "4500".into(),
    }
}

/// A desk, and the time there.
pub(super) struct Bench {
    pub(super) desk: Desk,
    pub(super) now: Timestamp,
}

impl Bench {
    pub(super) fn new() -> Self {
        Self { desk: Desk::new(&Entropy::from_seed(1)), now: now() }
    }

    /// A session whose first events have been read.
    pub(super) fn session(&mut self, agent: AgentId) -> String {
        let mut id = self.desk.start(agent, a_start(), self.now).unwrap();
        self.told(agent, &mut id);
        id
    }

    pub(super) fn call(&mut self) -> ContactId {
        self.desk.arrive(a_contact(Media::Call), self.now).unwrap()
    }

    pub(super) fn wait(&mut self, seconds: u64) {
        self.now = self.now.plus(Duration::from_secs(seconds));
    }

    /// The next events of a client, whose id moves on.
    pub(super) fn events(&mut self, agent: AgentId, id: &mut String) -> Vec<Value> {
        match self.desk.glance(agent, id, self.now, self.now) {
            Ok(Glance::Events(events, next)) => {
                *id = next;
                events.iter().map(|event| event.to_json()).collect()
            }
            Ok(Glance::Nothing(_)) => Vec::new(),
            Err(refusal) => panic!("{refusal}"),
        }
    }

    /// The same, each as a line.
    pub(super) fn told(&mut self, agent: AgentId, id: &mut String) -> Vec<String> {
        self.events(agent, id).iter().map(line).collect()
    }

    pub(super) fn refusal(&mut self, agent: AgentId, id: &str) -> Option<SessionRefusal> {
        self.desk.glance(agent, id, self.now, self.now).err()
    }
}

/// An event in a few words.
fn line(event: &Value) -> String {
    let text = |name: &str| event[name].as_str().unwrap_or_default().to_owned();
    let kind = text("Type");
    let words = match kind.as_str() {
        "AgentState" => {
            let next = event["NextStates"][0]["State"].as_str().map(|next| format!("then {next}")).unwrap_or_default();
            vec![kind, text("CurrentState"), text("CurrentOutReason"), next]
        }
        "CallContactEvent" | "ChatContactEvent" | "AgentLeg" => {
            let last = if text("FinalState") == "True" { "final" } else { "" };
            vec![kind, text("Status"), last.to_owned()]
        }
        "AgentError" => vec![kind, text("Command"), text("ResultCode")],
        "ChatText" => vec![kind, text("Text")],
        "AgentSessionEnd" => vec![kind, text("Message")],
        _ => vec![kind],
    };
    words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}
