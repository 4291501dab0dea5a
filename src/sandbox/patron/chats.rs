use std::collections::HashMap;

use crate::clock::Rng;
use crate::sandbox::tenant::{Entropy, PointOfContact};

/// How many chats may be open at once.
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
}

/// There is no such chat: it was never started, or it is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("Invalid chat session")]
pub(crate) struct NoSuchChat;

/// The open chats of a tenant.
pub(crate) struct Chats {
    /// Contacts and the skills they wait for, by chat.
    open: HashMap<String, u32>,
    rng: Rng,
    contacts: u32,
}

impl Chats {
    /// None is open.
    pub(crate) fn new(entropy: &Entropy) -> Self {
        Self { open: HashMap::new(), rng: entropy.stream("chats"), contacts: FIRST_CONTACT }
    }

    /// Starts a chat; `None` when too many are open.
    pub(crate) fn start(&mut self, _at: &PointOfContact) -> Option<Chat> {
        if self.open.len() >= MOST_CHATS {
            return None;
        }
        self.contacts += 1;
        let chat = Chat { session: self.rng.uuid(), contact: self.contacts };
        self.open.insert(chat.session.clone(), chat.contact);
        Some(chat)
    }

    /// Ends a chat.
    pub(crate) fn end(&mut self, session: &str) -> Result<(), NoSuchChat> {
        self.open.remove(session).map(|_| ()).ok_or(NoSuchChat)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chat_ends_once() {
        let mut chats = Chats::new(&Entropy::from_seed(1));
        let chat = chats.start(&PointOfContact { id: 1, name: "x", skill: 1 }).unwrap();
        assert_eq!(chats.end(&chat.session), Ok(()));
        assert_eq!(chats.end(&chat.session), Err(NoSuchChat));
    }
}
