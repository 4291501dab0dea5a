use std::collections::VecDeque;
use std::sync::Arc;

use tokio::sync::watch;

use super::audience::{Audience, Cursor, Look, Phase};
use super::{
    AgentState, EndCause, Event, Failure, Inactivity, Leg, LegStep, Next, Presence, SessionId, SessionNumber, Standing,
    Start, Station, WrongLeg,
};
use crate::clock::Timestamp;
use crate::sandbox::interaction::{ContactId, Contacts, Stage, Told};
use crate::sandbox::tenant::AgentId;

/// How many failures may be planned at once.
const MOST_FAILURES: usize = 20;

/// What a client finds when it asks for events.
#[derive(Debug)]
pub(crate) enum Found {
    /// These; its next id is this.
    Events(Vec<Arc<Event>>, SessionId),
    /// None yet; it may wait for the next one.
    Nothing(watch::Receiver<()>),
    /// The session is over, and the client has been told.
    Over,
}

/// One agent's session.
#[derive(Debug)]
pub(crate) struct AgentSession {
    agent: AgentId,
    number: SessionNumber,
    station: Station,
    inactivity: Inactivity,
    /// Until when somebody did something, or will.
    pub(super) active_until: Timestamp,
    /// Whether nobody has done anything for too long, and the session waits for its contacts to end.
    pub(super) is_overdue: bool,
    /// What the next accepted commands fail with.
    pub(super) failures: VecDeque<String>,
    standing: Standing,
    since: Timestamp,
    leg: Leg,
    contacts: Vec<ContactId>,
    audience: Audience,
}

impl AgentSession {
    /// A session that starts now. Its agent is unavailable without a reason; its first events say so.
    pub(crate) fn start(agent: AgentId, number: SessionNumber, start: Start, now: Timestamp) -> Self {
        let resting = AgentState::Unavailable(None);
        let mut session = Self {
            agent,
            number,
            station: start.station,
            inactivity: start.inactivity,
            active_until: now,
            is_overdue: false,
            failures: VecDeque::new(),
            standing: Standing { presence: Presence::Free, resting, next: None },
            since: now,
            leg: Leg::Down,
            contacts: Vec::new(),
            audience: Audience::first(),
        };
        for event in session.refresh(&Contacts::default()) {
            session.audience.tell(event);
        }
        session
    }

    /// Lets another client in; `None` when there are too many.
    ///
    /// It has no history, so the first it gets is the refresh collection as of now, and then whatever happens from now on.
    pub(crate) fn join(&mut self, contacts: &Contacts) -> Option<SessionId> {
        let greeting = self.refresh(contacts);
        let cursor = self.audience.join(greeting)?;
        Some(self.id(cursor))
    }

    /// What the holder of `id` finds.
    pub(crate) fn find(&mut self, id: SessionId, contacts: &Contacts) -> Found {
        let cursor = Cursor { client: id.client, serial: id.serial, position: id.position };
        let events = match self.audience.look(cursor) {
            Look::Over => return Found::Over,
            Look::Quiet(news) => return Found::Nothing(news),
            Look::News(events) => events,
            Look::OutOfSync => self.refresh(contacts).into_iter().map(Arc::new).collect(),
        };
        let next = self.audience.hand_out(cursor);
        Found::Events(events, self.id(next))
    }

    /// Everything that is so now, as events: the refresh collection.
    fn refresh(&self, contacts: &Contacts) -> Vec<Event> {
        let start = Event::SessionStart { agent: self.agent, session: self.number, station: self.station.clone() };
        let state = Event::State { standing: self.standing, since: self.since };
        let leg = self.leg.id().map(|id| Event::Leg { id, leg: self.leg });
        let contacts = self.contacts.iter().filter_map(|id| contacts.get(*id));
        let contacts = contacts.map(|contact| Event::Contact(Box::new(Told::of(contact))));
        [start, state].into_iter().chain(leg).chain(contacts).collect()
    }

    /// Tells everyone who joined.
    pub(crate) fn tell(&mut self, event: Event) {
        self.audience.tell(event);
    }

    /// The agent wants to be in `state`; now, or after the contact.
    ///
    /// A request for what already is also gives an event, so that whoever got a 202 and waits for the event never waits
    /// in vain (FAQ Q16: all state changes trigger an event).
    pub(crate) fn rest_in(&mut self, state: AgentState, now: Timestamp) {
        match self.standing.presence {
            Presence::Free => {
                if state != self.standing.resting {
                    self.since = now;
                }
                self.standing.resting = state;
            }
            Presence::OnContact(_) | Presence::WrapUp { .. } => self.standing.next = Some(Next::State(state)),
        }
        self.tell(Event::State { standing: self.standing, since: self.since });
    }

    /// The agent wants all the time there is to finish the contact.
    pub(crate) fn linger_next(&mut self) {
        self.standing.next = Some(Next::AfterCallWork);
        self.tell(Event::State { standing: self.standing, since: self.since });
    }

    /// Whether the agent asked for that, once: the answer uses it up.
    pub(crate) fn take_linger(&mut self) -> bool {
        let lingers = self.standing.next == Some(Next::AfterCallWork);
        if lingers {
            self.standing.next = None;
        }
        lingers
    }

    /// What the agent is when free, without telling it: an offer was refused, or after-call work is cut short.
    pub(crate) fn will_rest_in(&mut self, state: AgentState) {
        self.standing.next = None;
        self.standing.resting = state;
    }

    /// Takes over what the contacts make of the agent, and tells of it when it is something else.
    pub(crate) fn settle(&mut self, contacts: &Contacts, now: Timestamp) {
        let presence = self.presence(contacts, now);
        if presence == self.standing.presence {
            return;
        }
        self.standing.presence = presence;
        if presence == Presence::Free
            && let Some(Next::State(state)) = self.standing.next.take()
        {
            self.standing.resting = state;
        }
        self.since = now;
        self.tell(Event::State { standing: self.standing, since: now });
    }

    fn presence(&self, contacts: &Contacts, now: Timestamp) -> Presence {
        let mine = || self.contacts.iter().filter_map(|id| contacts.get(*id));
        if let Some(live) = mine().find(|contact| contact.stage().is_live()) {
            return Presence::OnContact(live.direction);
        }
        let mut limits = mine().filter_map(|contact| match contact.stage() {
            Stage::WrapUp { until } => Some(until.map(|until| until.since(now))),
            Stage::Queued
            | Stage::Offered { .. }
            | Stage::Dialing { .. }
            | Stage::Ringing { .. }
            | Stage::Active
            | Stage::Holding
            | Stage::Masking
            | Stage::Joined
            | Stage::Ended => None,
        });
        match (limits.next(), self.standing.presence) {
            (None, _) => Presence::Free,
            // The limit is told once, as it was when after-call work began, unless it is lifted.
            (Some(Some(_)), was @ Presence::WrapUp { limit: Some(_) }) => was,
            (Some(limit), _) => Presence::WrapUp { limit },
        }
    }

    /// Takes a step of the agent's leg and tells of it.
    pub(crate) fn step_leg(&mut self, step: LegStep, now: Timestamp) -> Result<(), WrongLeg> {
        let before = self.leg.id();
        self.leg = self.leg.after(step, now)?;
        if let Some(id) = self.leg.id().or(before) {
            self.tell(Event::Leg { id, leg: self.leg });
        }
        Ok(())
    }

    /// Plans that an accepted command fails; whether that was possible.
    pub(crate) fn plan_failure(&mut self, result: String) -> bool {
        let has_room = self.failures.len() < MOST_FAILURES;
        if has_room {
            self.failures.push_back(result);
        }
        has_room
    }

    /// Tells of the failure that was planned for the next command; whether there was one.
    pub(crate) fn fails(&mut self, command: &'static str, contact: Option<ContactId>) -> bool {
        let Some(result) = self.failures.pop_front() else { return false };
        self.tell(Event::Error(Failure { command, result, contact }));
        true
    }

    /// Ends the session for everyone who joined it (FAQ Q15).
    pub(crate) fn end(&mut self, cause: EndCause) {
        if cause == EndCause::Remote {
            self.tell(Event::RemoteEnd);
        }
        self.tell(Event::SessionEnd(cause));
        self.audience.close();
    }

    /// Adds a contact to those that the agent has.
    pub(crate) fn gain(&mut self, contact: ContactId) {
        self.contacts.push(contact);
    }

    /// Removes it again.
    pub(crate) fn lose(&mut self, contact: ContactId) {
        self.contacts.retain(|id| *id != contact);
    }

    /// The contacts that the agent has, oldest first.
    pub(crate) fn contacts(&self) -> &[ContactId] {
        &self.contacts
    }

    /// The id of the client that started it.
    pub(crate) fn first_id(&self) -> SessionId {
        self.id(Audience::beginning())
    }

    fn id(&self, Cursor { client, serial, position }: Cursor) -> SessionId {
        SessionId { agent: self.agent, session: self.number, client, serial, position }
    }

    /// Whose it is.
    pub(crate) fn agent(&self) -> AgentId {
        self.agent
    }

    /// Which it is.
    pub(crate) fn number(&self) -> SessionNumber {
        self.number
    }

    /// Where its calls go.
    pub(crate) fn station(&self) -> &Station {
        &self.station
    }

    /// What would become of it if nobody did anything.
    pub(crate) fn inactivity(&self) -> Inactivity {
        self.inactivity
    }

    /// What the agent is.
    pub(crate) fn standing(&self) -> Standing {
        self.standing
    }

    /// Since when.
    pub(crate) fn since(&self) -> Timestamp {
        self.since
    }

    /// The call to the agent's telephone.
    pub(crate) fn leg(&self) -> Leg {
        self.leg
    }

    /// Whether it is still there.
    pub(crate) fn phase(&self) -> Phase {
        self.audience.phase()
    }

    /// How many clients started or joined it.
    pub(crate) fn clients(&self) -> usize {
        self.audience.size()
    }
}
