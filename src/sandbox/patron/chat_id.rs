use crate::sandbox::interaction::ContactId;
use crate::sandbox::tenant::{Entropy, Seals};

/// What the opaque `chatSession` of a patron means: which chat, and what the patron has read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ChatId {
    pub(crate) contact: ContactId,
    /// Counts the ids of the chat, so that no two are the same.
    pub(crate) serial: u32,
    /// How many messages the patron has been given.
    pub(crate) position: u32,
}

/// Turns ids of chats into text and back.
#[derive(Clone)]
pub(crate) struct ChatIds(Seals);

impl ChatIds {
    /// A tenant's own.
    pub(crate) fn new(entropy: &Entropy) -> Self {
        Self(Seals::new(entropy, "chat-ids"))
    }

    /// The text of an id.
    pub(crate) fn write(&self, id: ChatId) -> String {
        self.0.write([id.contact.0, id.serial, id.position, 0, 0])
    }

    /// What a text means; `None` when this tenant never issued it.
    pub(crate) fn read(&self, text: &str) -> Option<ChatId> {
        let [contact, serial, position, _, _] = self.0.read(text)?;
        Some(ChatId { contact: ContactId(contact), serial, position })
    }
}
