//! Who gets which contact.

use super::agenda::Timed;
use super::desk::is_queued;
use super::{AgentSession, Desk, Phase, SessionNumber};
use crate::clock::Timestamp;
use crate::sandbox::interaction::{Contact, ContactId, Handler, NewContact, Route, Stage, Step, TooManyContacts};
use crate::sandbox::tenant::AgentId;

/// How many contacts may be still to come in.
const MOST_ARRIVALS: usize = 1000;

/// Where in the queue a contact goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// It has waited before.
    First,
    Last,
}

impl Desk {
    /// A contact comes in: it is offered to whoever has been available for the longest time, or waits.
    pub(crate) fn arrive(&mut self, new: NewContact, now: Timestamp) -> Result<ContactId, TooManyContacts> {
        self.settle(now);
        self.admit(new, now)
    }

    /// The same, when everything that was due before has happened.
    pub(super) fn admit(&mut self, new: NewContact, now: Timestamp) -> Result<ContactId, TooManyContacts> {
        let id = self.contacts.begin(new, Stage::Queued, now)?;
        self.enqueue(id, Place::Last);
        self.place(id, now);
        Ok(id)
    }

    /// A contact comes in later.
    pub(crate) fn arrive_at(&mut self, new: NewContact, at: Timestamp, now: Timestamp) -> Result<(), TooManyContacts> {
        self.settle(now);
        if at <= now {
            return self.arrive(new, now).map(|_| ());
        }
        if self.agenda.arrivals() >= MOST_ARRIVALS {
            return Err(TooManyContacts);
        }
        self.agenda.put(at, Timed::Arrival(Box::new(new)));
        Ok(())
    }

    /// Lets a contact wait.
    pub(super) fn enqueue(&mut self, id: ContactId, place: Place) {
        match place {
            Place::First => self.queue.push_front(id),
            Place::Last => self.queue.push_back(id),
        }
    }

    /// Offers a contact that waits to whoever may take it and has been available for the longest time.
    pub(super) fn place(&mut self, id: ContactId, now: Timestamp) {
        let Some(contact) = self.contacts.get(id).filter(|contact| contact.stage() == Stage::Queued) else { return };
        let ready = match contact.route {
            Route::Agent(agent) => self.live.get(&agent).copied().filter(|number| self.is_ready(*number)),
            Route::Skill => {
                let ready = self.live.values().filter(|number| self.is_ready(**number));
                ready
                    .filter_map(|number| self.sessions.get(number))
                    .min_by_key(|one| (one.since(), one.number()))
                    .map(AgentSession::number)
            }
        };
        if let Some(number) = ready {
            self.offer(id, number, now);
        }
    }

    /// Offers an agent who has become available the first contact that waits for them.
    pub(super) fn occupy(&mut self, number: SessionNumber, now: Timestamp) {
        if !self.is_ready(number) {
            return;
        }
        let Some(agent) = self.sessions.get(&number).map(AgentSession::agent) else { return };
        if let Some(first) = self.first_for(agent, |_| true) {
            self.offer(first, number, now);
        }
    }

    /// The first contact that waits for an agent, of those that are wanted.
    pub(super) fn first_for(&mut self, agent: AgentId, is_wanted: impl Fn(&Contact) -> bool) -> Option<ContactId> {
        self.queue.retain(|id| is_queued(&self.contacts, *id));
        let is_for_them = |contact: &Contact| match contact.route {
            Route::Skill => true,
            Route::Agent(wanted) => wanted == agent,
        };
        let is_it = |contact: &Contact| is_for_them(contact) && is_wanted(contact);
        self.queue.iter().copied().find(|id| self.contacts.get(*id).is_some_and(is_it))
    }

    /// Offers a contact that waits to the agent of a session.
    pub(super) fn offer(&mut self, id: ContactId, number: SessionNumber, now: Timestamp) {
        let Some(session) = self.sessions.get_mut(&number) else { return };
        let Some(contact) = self.contacts.get_mut(id) else { return };
        self.queue.retain(|queued| *queued != id);
        contact.hand_to(Handler { session: number, agent: session.agent() });
        session.gain(id);
        // It waits, so it can be offered.
        let _ = self.step(id, Step::Offer, now);
    }

    fn is_ready(&self, number: SessionNumber) -> bool {
        let is_ready = |session: &AgentSession| session.phase() == Phase::Live && session.standing().is_ready();
        self.sessions.get(&number).is_some_and(is_ready)
    }
}
