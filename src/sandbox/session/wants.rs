//! Contacts that agents ask for themselves.

use super::command::CommandRefusal;
use super::{Desk, Event, Failure, SessionNumber};
use crate::clock::Timestamp;
use crate::sandbox::interaction::{Contact, ContactId, Media, Misplaced};
use crate::sandbox::tenant::AgentId;

/// How many chats an agent may have at once. [INF]
pub(crate) const MOST_CHATS: usize = 5;

impl Desk {
    /// An agent who is chatting takes the next chat that waits as well (NICE reference, `interactions/add-chat`).
    ///
    /// That only somebody with nothing but chats, and not too many, may ask for one is [INF]. So is that `AgentError`
    /// tells that none waits: the call has been answered by 202.
    pub(crate) fn add_chat(&mut self, agent: AgentId, session: &str, now: Timestamp) -> Result<(), CommandRefusal> {
        let number = self.live_session(agent, session, now)?.number();
        let held = self.sessions.get(&number).map(super::AgentSession::contacts).unwrap_or_default();
        let live: Vec<&Contact> =
            held.iter().filter_map(|id| self.contacts.get(*id)).filter(|one| one.stage().is_live()).collect();
        let is_chatting = !live.is_empty() && live.iter().all(|one| one.media == Media::Chat);
        if !is_chatting || live.len() >= MOST_CHATS {
            return Err(Misplaced.into());
        }
        if self.fails(number, "AddChat", None) {
            return Ok(());
        }
        match self.first_for(agent, |contact| contact.media == Media::Chat) {
            Some(chat) => self.offer(chat, number, now),
            None => self.tell_nothing_waits(number),
        }
        Ok(())
    }

    /// The live session of an id, whose agent must have a contact; nothing becomes of it.
    pub(crate) fn touch_contact(
        &mut self,
        agent: AgentId,
        session: &str,
        contact: &str,
        now: Timestamp,
    ) -> Result<ContactId, CommandRefusal> {
        self.held_contact(agent, session, contact, now).map(|(_, id)| id)
    }

    fn tell_nothing_waits(&mut self, number: SessionNumber) {
        if let Some(session) = self.sessions.get_mut(&number) {
            let failure = Failure { command: "AddChat", result: "NoContact".to_owned(), contact: None };
            session.tell(Event::Error(failure));
        }
    }
}
