use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Notify, watch};

use super::agenda::{Agenda, Timed};
use super::agent_session::Found;
use super::audience::Phase;
use super::{
    AgentSession, ClientNumber, EndCause, Event, SessionId, SessionIds, SessionNumber, Start, StartRefusal,
    StateRequest,
};
use crate::clock::Timestamp;
use crate::sandbox::defects::{Defect, Switches};
use crate::sandbox::interaction::{ContactId, Contacts, Route, Stage};
use crate::sandbox::tenant::{AgentId, Entropy};

/// How long the queue of a session that ended is kept for those who were not told yet.
pub(super) const QUEUE_KEPT: Duration = Duration::from_mins(1);
/// The number before that of the first session.
const FIRST_NUMBER: u32 = 58_070_815;

/// Why an id of a session is of no use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SessionRefusal {
    /// 404: no such id was issued to this agent.
    #[error("unknown session")]
    Unknown,
    /// 409 (FAQ Q13).
    #[error("Session Ended")]
    Ended,
    /// 409: a state that needs a contact.
    #[error("Invalid State.")]
    NoContact,
    /// 409: someone is still talking.
    #[error("Agent must handle all contacts before ending the session.")]
    HasContacts,
    /// 409: someone waits for this agent and nobody else.
    #[error("Personal queue must be empty before ending the session.")]
    HasPersonalQueue,
}

/// What becomes of contacts when their session is ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct EndOptions {
    /// The session ends whatever there is. That this is more than both others together is [INF].
    pub(crate) force_logoff: bool,
    /// The agent's contacts end too.
    pub(crate) end_contacts: bool,
    /// Those who wait for the agent go on waiting.
    pub(crate) ignore_personal_queue: bool,
}

/// What a client finds at once when it asks for events.
#[derive(Debug)]
pub(crate) enum Glance {
    /// These, and its next id.
    Events(Vec<Arc<Event>>, String),
    /// Nothing yet; this changes when there is.
    Nothing(watch::Receiver<()>),
}

/// Every session and contact of a tenant: at most one live session for an agent (FAQ Q13).
///
/// What it may be asked stands in several files: sessions here, contacts in `handling`, who gets which contact in
/// `routing`, what the clock does in `settle`. Whatever is asked, what was due before happens first.
pub(crate) struct Desk {
    ids: SessionIds,
    pub(super) live: HashMap<AgentId, SessionNumber>,
    pub(super) sessions: HashMap<SessionNumber, AgentSession>,
    pub(super) contacts: Contacts,
    /// Who waits for an agent, first come first.
    pub(super) queue: VecDeque<ContactId>,
    pub(super) agenda: Agenda,
    /// When those who have no session left theirs.
    left: HashMap<AgentId, Timestamp>,
    last_number: u32,
    pub(super) last_leg: u32,
    /// Ids that are not known any more, by defect.
    lost: HashSet<String>,
    defects: Switches,
}

impl Desk {
    /// Nobody has a session yet.
    pub(crate) fn new(entropy: &Entropy) -> Self {
        Self {
            ids: SessionIds::new(entropy),
            live: HashMap::new(),
            sessions: HashMap::new(),
            contacts: Contacts::default(),
            queue: VecDeque::new(),
            agenda: Agenda::default(),
            left: HashMap::new(),
            last_number: FIRST_NUMBER,
            last_leg: 0,
            lost: HashSet::new(),
            defects: Switches::default(),
        }
    }

    /// The same with the tenant's defects.
    pub(crate) fn with(self, defects: Switches) -> Self {
        Self { defects, ..self }
    }

    /// Starts a session and gives its first id.
    pub(crate) fn start(&mut self, agent: AgentId, start: Start, now: Timestamp) -> Result<String, StartRefusal> {
        self.settle(now);
        if let Some(number) = self.live.get(&agent).copied() {
            if self.defects.has(Defect::SecondStart202) || self.defects.has(Defect::StartRaceBoth202) {
                return self.join(agent, now);
            }
            if self.defects.has(Defect::SecondStartKillsFirst) {
                self.close(number, EndCause::Asked, now);
            }
            return Err(StartRefusal::AlreadyStarted);
        }
        if (!self.live.is_empty() && self.defects.has(Defect::OtherUser409))
            || (self.left.contains_key(&agent) && self.defects.has(Defect::StartAfterEnd409))
        {
            return Err(StartRefusal::AlreadyStarted);
        }
        let line = start.station.line();
        if line.is_some() && self.live_sessions().any(|other| other.station().line() == line) {
            return Err(StartRefusal::StationInUse);
        }
        self.last_number += 1;
        let number = SessionNumber(self.last_number);
        self.agenda.put(now.plus(start.inactivity.timeout), Timed::Inactivity(number));
        let session = AgentSession::start(agent, number, start, now, self.defects.clone());
        let id = self.ids.write(session.first_id());
        self.live.insert(agent, number);
        self.sessions.insert(number, session);
        Ok(id)
    }

    /// Joins the agent's session and gives an id that nobody else has (FAQ Q14).
    pub(crate) fn join(&mut self, agent: AgentId, now: Timestamp) -> Result<String, StartRefusal> {
        self.settle(now);
        let Some(number) = self.live.get(&agent).copied() else { return self.join_nothing(agent) };
        let session = self.sessions.get_mut(&number).ok_or(StartRefusal::NothingToJoin)?;
        let id = session.join(&self.contacts).ok_or(StartRefusal::TooMany)?;
        self.note_activity(number, now);
        Ok(self.ids.write(id))
    }

    /// There is nothing to join; by defect, an id is given that leads nowhere.
    fn join_nothing(&self, agent: AgentId) -> Result<String, StartRefusal> {
        let defect = if self.left.contains_key(&agent) { Defect::JoinAfterEnd202 } else { Defect::JoinNothing202 };
        if !self.defects.has(defect) {
            return Err(StartRefusal::NothingToJoin);
        }
        let nowhere = SessionId { agent, session: SessionNumber(0), client: ClientNumber(0), serial: 0, position: 0 };
        Ok(self.ids.write(nowhere))
    }

    /// Ends a session, for everyone who joined it.
    pub(crate) fn end(
        &mut self,
        agent: AgentId,
        id: &str,
        options: EndOptions,
        now: Timestamp,
    ) -> Result<(), SessionRefusal> {
        let number = self.live_session(agent, id, now)?.number();
        let is_live = |id: &ContactId| self.contacts.get(*id).is_some_and(|contact| contact.stage().is_live());
        let session = self.sessions.get(&number).ok_or(SessionRefusal::Ended)?;
        if session.contacts().iter().any(is_live) && !options.end_contacts && !options.force_logoff {
            return Err(SessionRefusal::HasContacts);
        }
        let waits_for = |id: &ContactId| self.contacts.get(*id).is_some_and(|one| one.route == Route::Agent(agent));
        if self.queue.iter().any(waits_for) && !options.ignore_personal_queue && !options.force_logoff {
            return Err(SessionRefusal::HasPersonalQueue);
        }
        if self.defects.has(Defect::EndLeavesJoiners)
            && let Ok(id) = self.own_id(agent, id)
            && let Some(session) = self.sessions.get_mut(&number).filter(|session| session.clients() > 1)
        {
            session.dismiss(id.client);
            return Ok(());
        }
        if !self.fails(number, "EndSession", None) {
            self.close(number, EndCause::Asked, now);
        }
        Ok(())
    }

    /// Ends the session of an agent from outside; whether there was one.
    pub(crate) fn log_out(&mut self, agent: AgentId, now: Timestamp) -> bool {
        self.settle(now);
        let Some(number) = self.live.get(&agent).copied() else { return false };
        self.close(number, EndCause::Remote, now);
        true
    }

    /// Changes the state of the agent.
    pub(crate) fn change(
        &mut self,
        agent: AgentId,
        id: &str,
        request: StateRequest,
        now: Timestamp,
    ) -> Result<(), SessionRefusal> {
        let number = self.live_session(agent, id, now)?.number();
        self.change_state(number, request, now)
    }

    /// Tells the state again, though nothing has changed; by defect.
    pub(crate) fn tell_again(&mut self, agent: AgentId, id: &str, now: Timestamp) {
        if let Ok(session) = self.live_session(agent, id, now) {
            session.tell_state();
        }
    }

    /// Forgets an id; by defect.
    pub(crate) fn lose(&mut self, id: &str) {
        self.lost.insert(id.to_owned());
    }

    /// Changes the state of an agent from outside.
    pub(crate) fn change_for(
        &mut self,
        agent: AgentId,
        request: StateRequest,
        now: Timestamp,
    ) -> Result<(), SessionRefusal> {
        self.settle(now);
        let number = *self.live.get(&agent).ok_or(SessionRefusal::Unknown)?;
        self.change_state(number, request, now)
    }

    /// What the holder of an id finds at once. Who asks may wait until `until`, and is not inactive until then.
    pub(crate) fn glance(
        &mut self,
        agent: AgentId,
        id: &str,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Glance, SessionRefusal> {
        self.settle(now);
        if self.lost.contains(id) {
            return Err(SessionRefusal::Unknown);
        }
        let id = self.own_id(agent, id)?;
        self.note_activity(id.session, until.max(now));
        let session = self.sessions.get_mut(&id.session).ok_or(SessionRefusal::Ended)?;
        match session.find(id, &self.contacts) {
            Found::Events(events, next) => Ok(Glance::Events(events, self.ids.write(next))),
            Found::Nothing(news) => Ok(Glance::Nothing(news)),
            Found::Over => Err(SessionRefusal::Ended),
        }
    }

    /// Plans that the next command of an agent is accepted and then fails; whether there is a session to plan it for.
    pub(crate) fn plan_failure(&mut self, agent: AgentId, result: String, now: Timestamp) -> bool {
        self.settle(now);
        let session = self.live.get(&agent).and_then(|number| self.sessions.get_mut(number));
        session.is_some_and(|session| session.plan_failure(result))
    }

    /// When something happens by the clock alone.
    pub(crate) fn next_due(&self) -> Option<Timestamp> {
        self.agenda.next()
    }

    /// Is notified when something is to happen sooner than anything else.
    pub(crate) fn sooner(&self) -> Arc<Notify> {
        self.agenda.sooner()
    }

    /// Every session whose queue is still kept, by number.
    pub(crate) fn sessions(&self) -> Vec<&AgentSession> {
        let mut sessions: Vec<_> = self.sessions.values().collect();
        sessions.sort_by_key(|session| session.number());
        sessions
    }

    /// The live session of an agent.
    pub(crate) fn session_of(&self, agent: AgentId) -> Option<&AgentSession> {
        self.sessions.get(self.live.get(&agent)?)
    }

    /// Every live session.
    pub(crate) fn live_sessions(&self) -> impl Iterator<Item = &AgentSession> {
        self.live.values().filter_map(|number| self.sessions.get(number))
    }

    /// When an agent's last session ended.
    pub(crate) fn left(&self, agent: AgentId) -> Option<Timestamp> {
        self.left.get(&agent).copied()
    }

    /// Every contact.
    pub(crate) fn contacts(&self) -> &Contacts {
        &self.contacts
    }

    fn change_state(
        &mut self,
        number: SessionNumber,
        request: StateRequest,
        now: Timestamp,
    ) -> Result<(), SessionRefusal> {
        let session = self.sessions.get(&number).ok_or(SessionRefusal::Ended)?;
        if request == StateRequest::AfterCallWork && session.contacts().is_empty() {
            return Err(SessionRefusal::NoContact);
        }
        if !self.fails(number, "SetState", None) {
            self.rest(number, request, now);
        }
        Ok(())
    }

    /// Ends a session: what is offered goes back to the queue, what goes on ends. Both are [INF].
    pub(super) fn close(&mut self, number: SessionNumber, cause: EndCause, now: Timestamp) {
        let returned = self.give_up(number, now);
        let Some(session) = self.sessions.get_mut(&number) else { return };
        session.end(cause);
        let agent = session.agent();
        self.live.remove(&agent);
        self.left.insert(agent, now);
        self.agenda.put(now.plus(QUEUE_KEPT), Timed::Forget(number));
        for contact in returned {
            self.place(contact, now);
        }
    }

    /// Tells of the failure that was planned for a command, if one was.
    pub(super) fn fails(&mut self, number: SessionNumber, command: &'static str, contact: Option<ContactId>) -> bool {
        self.sessions.get_mut(&number).is_some_and(|session| session.fails(command, contact))
    }

    /// Notes that somebody does something, or will until then.
    pub(super) fn note_activity(&mut self, number: SessionNumber, until: Timestamp) {
        let Some(session) = self.sessions.get_mut(&number) else { return };
        session.active_until = session.active_until.max(until);
        if session.is_overdue {
            session.is_overdue = false;
            self.agenda.put(session.active_until.plus(session.inactivity().timeout), Timed::Inactivity(number));
        }
    }

    /// The live session that an id belongs to.
    pub(super) fn live_session(
        &mut self,
        agent: AgentId,
        id: &str,
        now: Timestamp,
    ) -> Result<&mut AgentSession, SessionRefusal> {
        self.settle(now);
        let SessionId { session: number, .. } = self.own_id(agent, id)?;
        self.note_activity(number, now);
        let session = self.sessions.get_mut(&number).ok_or(SessionRefusal::Ended)?;
        match session.phase() {
            Phase::Live => Ok(session),
            Phase::Ended => Err(SessionRefusal::Ended),
        }
    }

    /// Sessions belong to an agent: whatever the device, only the agent's own tokens may use them, and to others there is
    /// no such session.
    fn own_id(&self, agent: AgentId, id: &str) -> Result<SessionId, SessionRefusal> {
        self.ids.read(id).filter(|id| id.agent == agent).ok_or(SessionRefusal::Unknown)
    }
}

/// Whether a contact waits in the queue.
pub(super) fn is_queued(contacts: &Contacts, id: ContactId) -> bool {
    contacts.get(id).is_some_and(|contact| contact.stage() == Stage::Queued)
}
