use std::collections::{BTreeMap, HashMap};

use crate::clock::Rng;
use crate::sandbox::tenant::{Entropy, PointOfContact};

/// How many chats may be open at once; then the oldest is given up.
const MOST_CHATS: usize = 10_000;
/// The number before that of the first contact.
const FIRST_CONTACT: u32 = 1_569_814;

/// A chat that has been started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Chat {
    /// Its opaque id.
    pub(crate) session: String,
    /// The number of its contact.
    pub(crate) contact: u32,
    /// The skill that it waits for.
    pub(crate) skill: u32,
}

/// There is no such chat: it was never started, or it is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("Invalid chat session")]
pub(crate) struct NoSuchChat;

/// The open chats of a tenant.
pub(crate) struct Chats {
    by_contact: BTreeMap<u32, Chat>,
    contacts: HashMap<String, u32>,
    rng: Rng,
    last_contact: u32,
}

impl Chats {
    /// None is open.
    pub(crate) fn new(entropy: &Entropy) -> Self {
        Self {
            by_contact: BTreeMap::new(),
            contacts: HashMap::new(),
            rng: entropy.stream("chats"),
            last_contact: FIRST_CONTACT,
        }
    }

    /// Starts a chat.
    pub(crate) fn start(&mut self, at: &PointOfContact) -> Chat {
        if self.by_contact.len() >= MOST_CHATS
            && let Some((_, oldest)) = self.by_contact.pop_first()
        {
            self.contacts.remove(&oldest.session);
        }
        self.last_contact += 1;
        let chat = Chat { session: self.rng.uuid(), contact: self.last_contact, skill: at.skill };
        self.contacts.insert(chat.session.clone(), chat.contact);
        self.by_contact.insert(chat.contact, chat.clone());
        chat
    }

    /// Ends a chat.
    pub(crate) fn end(&mut self, session: &str) -> Result<Chat, NoSuchChat> {
        let contact = self.contacts.remove(session).ok_or(NoSuchChat)?;
        self.by_contact.remove(&contact).ok_or(NoSuchChat)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const POINT: PointOfContact = PointOfContact { id: 1, name: "x", skill: 4002 };

    #[test]
    fn a_chat_ends_once() {
        let mut chats = Chats::new(&Entropy::from_seed(1));
        let chat = chats.start(&POINT);
        assert_eq!(chats.end(&chat.session), Ok(chat.clone()));
        assert_eq!(chats.end(&chat.session), Err(NoSuchChat));
    }

    #[test]
    fn of_too_many_chats_the_oldest_is_given_up() {
        let mut chats = Chats::new(&Entropy::from_seed(1));
        let first = chats.start(&POINT);
        for _ in 0..MOST_CHATS {
            chats.start(&POINT);
        }
        assert_eq!(chats.end(&first.session), Err(NoSuchChat));
        assert_eq!(chats.contacts.len(), MOST_CHATS);
    }
}
