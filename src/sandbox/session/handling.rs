//! What becomes of the contacts that agents have.

use super::audience::Phase;
use super::command::{CommandRefusal, Effect};
use super::routing::Place;
use super::{AgentState, Command, Desk, Event, Failure, Presence, SessionNumber, SessionRefusal, StateRequest};
use crate::clock::Timestamp;
use crate::sandbox::interaction::{ContactId, Media, Misplaced, Stage, Step, Told};
use crate::sandbox::session::agenda::Timed;
use crate::sandbox::tenant::AgentId;

/// The reason of an agent who did not take a contact (NICE documentation, contact life cycle).
pub(super) const REFUSED: &str = "Refused";

impl Desk {
    /// An agent does something with a contact.
    pub(crate) fn handle(
        &mut self,
        agent: AgentId,
        session: &str,
        contact: &str,
        command: Command,
        now: Timestamp,
    ) -> Result<(), CommandRefusal> {
        let (number, id) = self.held_contact(agent, session, contact, now)?;
        let held = self.contacts.get(id).ok_or(CommandRefusal::UnknownContact)?;
        let media = held.media;
        let effect = command.effect(held)?;
        if let Effect::Step(step) = effect {
            held.stage().after(step, now)?;
        }
        if self.fails(number, command.name(), Some(id)) {
            return Ok(());
        }
        match effect {
            Effect::Step(step) => {
                if step == Step::Accept && media == Media::Call {
                    self.raise_leg(number, now);
                }
                self.step(id, step, now)?;
            }
            Effect::Recorded => {
                if let Some(held) = self.contacts.get_mut(id) {
                    held.is_recorded = true;
                }
                self.tell_of(id);
            }
            Effect::Told => self.tell_of(id),
        }
        Ok(())
    }

    /// Judges a contact that is being finished.
    pub(crate) fn dispose(
        &mut self,
        agent: AgentId,
        session: &str,
        contact: &str,
        disposition: u32,
        now: Timestamp,
    ) -> Result<(), CommandRefusal> {
        let (_, id) = self.held_contact(agent, session, contact, now)?;
        let held = self.contacts.get_mut(id).ok_or(CommandRefusal::UnknownContact)?;
        if held.stage().is_live() {
            return Err(CommandRefusal::StillConnected);
        }
        held.disposition = Some(disposition);
        Ok(())
    }

    /// The patron hangs up, or a supervisor ends the contact.
    pub(crate) fn hang_up(&mut self, id: ContactId, now: Timestamp) -> Result<(), CommandRefusal> {
        self.settle(now);
        self.contacts.get(id).ok_or(CommandRefusal::UnknownContact)?;
        Ok(self.step(id, Step::Disconnect, now)?)
    }

    /// The live session of an id, and the contact of this number if the agent has it.
    pub(super) fn held_contact(
        &mut self,
        agent: AgentId,
        session: &str,
        contact: &str,
        now: Timestamp,
    ) -> Result<(SessionNumber, ContactId), CommandRefusal> {
        let session = self.live_session(agent, session, now)?;
        let id = contact.parse().ok().filter(|id| session.contacts().contains(id));
        Ok((session.number(), id.ok_or(CommandRefusal::UnknownContact)?))
    }

    /// A contact takes a step, and everything that follows from it happens.
    pub(super) fn step(&mut self, id: ContactId, step: Step, now: Timestamp) -> Result<(), Misplaced> {
        if let Some(number) = self.move_on(id, step, now)? {
            self.follow(number, now);
        }
        self.place(id, now);
        Ok(())
    }

    /// A contact takes a step, and the agent who has it is told. The session is returned that has it, or had it.
    pub(super) fn move_on(
        &mut self,
        id: ContactId,
        step: Step,
        now: Timestamp,
    ) -> Result<Option<SessionNumber>, Misplaced> {
        let contact = self.contacts.get_mut(id).ok_or(Misplaced)?;
        contact.take(step, now)?;
        if let Some((at, _)) = contact.due() {
            self.agenda.put(at, Timed::Contact(id));
        }
        let stage = contact.stage();
        let goes_on = !matches!(stage, Stage::Queued | Stage::Ended);
        let told = if stage == Stage::Queued { Told::lost(contact) } else { Told::of(contact) };
        let handler = if goes_on { contact.handler() } else { contact.let_go() };
        if stage == Stage::Queued {
            self.enqueue(id, Place::First);
        }
        let session = handler.and_then(|handler| self.sessions.get_mut(&handler.session));
        Ok(session.map(|session| {
            if step == Step::Fail {
                let failure = Failure { command: "DialPhone", result: "BadNumber".to_owned(), contact: Some(id) };
                session.tell(Event::Error(failure));
            }
            session.tell(Event::Contact(Box::new(told)));
            if !goes_on {
                session.lose(id);
            }
            if step == Step::Return {
                session.will_rest_in(AgentState::Unavailable(Some(REFUSED)));
            }
            session.number()
        }))
    }

    /// Takes a contact from a session that ends, and tells how far it then is.
    pub(super) fn part(&mut self, id: ContactId, now: Timestamp) -> Option<Stage> {
        let is_offered = matches!(self.contacts.get(id)?.stage(), Stage::Offered { .. });
        self.move_on(id, if is_offered { Step::Return } else { Step::Finish }, now).ok()?;
        self.contacts.get(id).map(crate::sandbox::interaction::Contact::stage)
    }

    /// What a session's contacts make of its agent.
    pub(super) fn follow(&mut self, number: SessionNumber, now: Timestamp) {
        let Some(session) = self.sessions.get_mut(&number) else { return };
        if session.phase() == Phase::Ended {
            return;
        }
        let held: Vec<_> = session.contacts().iter().filter_map(|id| self.contacts.get(*id)).collect();
        let is_finishing = !held.is_empty() && held.iter().all(|contact| !contact.stage().is_live());
        if is_finishing && session.take_linger() {
            self.linger(number, now);
        }
        if let Some(session) = self.sessions.get_mut(&number) {
            session.settle(&self.contacts, now);
        }
        self.end_if_overdue(number, now);
        self.occupy(number, now);
    }

    /// The agent of a session wants to be in a state: now, or after the contact; one that is being finished is over then.
    pub(super) fn rest(&mut self, number: SessionNumber, request: StateRequest, now: Timestamp) {
        let Some(session) = self.sessions.get_mut(&number) else { return };
        match (session.standing().presence, request) {
            (Presence::WrapUp { .. }, StateRequest::Change(state)) => {
                session.will_rest_in(state);
                for id in session.contacts().to_vec() {
                    // What is being finished can be over.
                    let _ = self.move_on(id, Step::Finish, now);
                }
            }
            (Presence::Free | Presence::OnContact(_), StateRequest::Change(state)) => session.rest_in(state, now),
            (Presence::WrapUp { limit: Some(_) }, StateRequest::AfterCallWork) => self.linger(number, now),
            (
                Presence::WrapUp { limit: None } | Presence::OnContact(_) | Presence::Free,
                StateRequest::AfterCallWork,
            ) => {
                session.linger_next();
            }
        }
        self.follow(number, now);
    }

    /// Lifts the limit of what is being finished.
    fn linger(&mut self, number: SessionNumber, now: Timestamp) {
        let held = self.sessions.get(&number).map(|session| session.contacts().to_vec()).unwrap_or_default();
        for contact in held {
            if let Some(contact) = self.contacts.get_mut(contact) {
                // Those that are not being finished have no limit.
                let _ = contact.take(Step::Linger, now);
            }
        }
    }

    /// Tells the agent who has a contact how far it is.
    pub(super) fn tell_of(&mut self, id: ContactId) {
        let Some(contact) = self.contacts.get(id) else { return };
        let session = contact.handler().and_then(|handler| self.sessions.get_mut(&handler.session));
        if let Some(session) = session {
            session.tell(Event::Contact(Box::new(Told::of(contact))));
        }
    }

    /// The agent of an id, if the session is live.
    pub(crate) fn touch(&mut self, agent: AgentId, session: &str, now: Timestamp) -> Result<(), SessionRefusal> {
        self.live_session(agent, session, now).map(|_| ())
    }
}
