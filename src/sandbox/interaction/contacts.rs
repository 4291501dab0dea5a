use std::collections::BTreeMap;

use super::{Contact, ContactId, Direction, Media, Route, Stage};
use crate::clock::Timestamp;
use crate::sandbox::tenant::Skill;

/// How many contacts a tenant remembers.
const MOST_CONTACTS: usize = 10_000;
/// The number before that of the first contact.
const FIRST_NUMBER: u32 = 1_569_814;

/// What a contact begins with.
#[derive(Clone, Debug)]
pub(crate) struct NewContact {
    pub(crate) media: Media,
    pub(crate) direction: Direction,
    pub(crate) route: Route,
    pub(crate) skill: &'static Skill,
    pub(crate) from: String,
    pub(crate) to: String,
}

/// There are as many contacts as can be, and none of them is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("Too many contacts")]
pub(crate) struct TooManyContacts;

/// Every contact of a tenant, those that are over included, until there are too many.
#[derive(Debug)]
pub(crate) struct Contacts {
    by_id: BTreeMap<ContactId, Contact>,
    last: u32,
}

impl Default for Contacts {
    fn default() -> Self {
        Self { by_id: BTreeMap::new(), last: FIRST_NUMBER }
    }
}

impl Contacts {
    /// A contact that begins at `stage`. The oldest one that is over makes room when there is none.
    pub(crate) fn begin(
        &mut self,
        new: NewContact,
        stage: Stage,
        now: Timestamp,
    ) -> Result<ContactId, TooManyContacts> {
        if self.by_id.len() >= MOST_CONTACTS {
            let over = self.by_id.values().find(|contact| contact.stage() == Stage::Ended);
            let over = over.ok_or(TooManyContacts)?.id;
            self.by_id.remove(&over);
        }
        self.last += 1;
        let id = ContactId(self.last);
        self.by_id.insert(id, Contact::new(id, new, stage, now));
        Ok(id)
    }

    /// The contact of this number.
    pub(crate) fn get(&self, id: ContactId) -> Option<&Contact> {
        self.by_id.get(&id)
    }

    /// The same, to change it.
    pub(crate) fn get_mut(&mut self, id: ContactId) -> Option<&mut Contact> {
        self.by_id.get_mut(&id)
    }

    /// Every contact, oldest first.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Contact> {
        self.by_id.values()
    }
}

#[cfg(test)]
mod tests {
    use super::super::Step;
    use super::*;
    use crate::sandbox::tenant::Directory;

    const NOW: Timestamp = Timestamp::from_millis(0);

    fn chat() -> NewContact {
        NewContact {
            media: Media::Chat,
            direction: Direction::Inbound,
            route: Route::Skill,
            skill: Directory::skill(4002).unwrap(),
            from: String::new(),
            to: String::new(),
        }
    }

    #[test]
    fn of_too_many_contacts_the_oldest_that_is_over_is_forgotten() {
        let mut contacts = Contacts::default();
        let first = contacts.begin(chat(), Stage::Queued, NOW).unwrap();
        let second = contacts.begin(chat(), Stage::Queued, NOW).unwrap();
        for _ in 2..MOST_CONTACTS {
            contacts.begin(chat(), Stage::Queued, NOW).unwrap();
        }
        assert_eq!(contacts.begin(chat(), Stage::Queued, NOW), Err(TooManyContacts));
        contacts.get_mut(second).unwrap().take(Step::Disconnect, NOW).unwrap();
        assert!(contacts.begin(chat(), Stage::Queued, NOW).is_ok());
        assert!(contacts.get(first).is_some() && contacts.get(second).is_none());
    }
}
