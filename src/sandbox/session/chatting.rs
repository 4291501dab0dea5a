//! What agents and patrons write to each other.

use super::command::CommandRefusal;
use super::{Desk, Event};
use crate::clock::Timestamp;
use crate::sandbox::interaction::{Contact, ContactId, Media, Message, Misplaced, Party, Route, Stage, Step};
use crate::sandbox::tenant::{AgentId, Skill};

/// Where an agent sends a chat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Destination {
    /// To whoever has this skill.
    Skill(&'static Skill),
    /// To this agent.
    Agent(AgentId),
}

impl Desk {
    /// An agent writes in a chat.
    pub(crate) fn write_as_agent(
        &mut self,
        agent: AgentId,
        session: &str,
        contact: &str,
        message: Message,
        now: Timestamp,
    ) -> Result<(), CommandRefusal> {
        let (number, id) = self.held_contact(agent, session, contact, now)?;
        let chat = self.contacts.get(id).ok_or(CommandRefusal::UnknownContact)?;
        if chat.media != Media::Chat || chat.stage() != Stage::Active {
            return Err(Misplaced.into());
        }
        if !self.fails(number, "SendChatText", Some(id)) {
            self.write(id, message);
        }
        Ok(())
    }

    /// The patron writes in a chat, whether an agent has it already or not.
    pub(crate) fn write_as_patron(
        &mut self,
        id: ContactId,
        label: String,
        text: String,
        now: Timestamp,
    ) -> Result<(), CommandRefusal> {
        self.settle(now);
        let chat = self.contacts.get(id).filter(|chat| chat.media == Media::Chat);
        let chat = chat.ok_or(CommandRefusal::UnknownContact)?;
        if !chat.conversation.is_open() {
            return Err(Misplaced.into());
        }
        self.write(id, Message { party: Party::Patron, label, text, at: now });
        Ok(())
    }

    /// Adds a message. The agent who has the chat is told of it, whoever wrote it: other clients have joined too. An
    /// agent to whom it is only offered reads it after taking it.
    fn write(&mut self, id: ContactId, message: Message) {
        let Some(chat) = self.contacts.get_mut(id) else { return };
        chat.conversation.write(message.clone());
        let is_taken = chat.stage() == Stage::Active;
        let session = chat.handler().filter(|_| is_taken).and_then(|handler| self.sessions.get_mut(&handler.session));
        if let Some(session) = session {
            session.tell(Event::ChatText { contact: id, message });
        }
    }

    /// An agent hands a chat to someone else.
    pub(crate) fn transfer_chat(
        &mut self,
        agent: AgentId,
        session: &str,
        contact: &str,
        to: Destination,
        now: Timestamp,
    ) -> Result<(), CommandRefusal> {
        let (number, id) = self.held_contact(agent, session, contact, now)?;
        let chat = self.contacts.get_mut(id).ok_or(CommandRefusal::UnknownContact)?;
        if chat.media != Media::Chat {
            return Err(Misplaced.into());
        }
        chat.stage().after(Step::Transfer, now)?;
        if self.fails(number, "TransferChat", Some(id)) {
            return Ok(());
        }
        if let Some(chat) = self.contacts.get_mut(id) {
            match to {
                Destination::Skill(skill) => (chat.skill, chat.route) = (skill, Route::Skill),
                Destination::Agent(agent) => chat.route = Route::Agent(agent),
            }
        }
        Ok(self.step(id, Step::Transfer, now)?)
    }

    /// A contact, to be changed by its patron's side.
    pub(crate) fn contact_mut(&mut self, id: ContactId, now: Timestamp) -> Option<&mut Contact> {
        self.settle(now);
        self.contacts.get_mut(id)
    }
}
