use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use serde::Serialize;
use tokio::sync::watch;

use super::agent_session::Found;
use super::{AgentSession, Event, Phase, SessionId, SessionIds, SessionNumber, Start, StartRefusal, StateRequest};
use crate::clock::Timestamp;
use crate::sandbox::tenant::{AgentId, Entropy};

/// How long the queue of a session that ended is kept for those who were not told yet.
const QUEUE_KEPT: Duration = Duration::from_mins(1);
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
}

/// What a client finds at once when it asks for events.
#[derive(Debug)]
pub(crate) enum Glance {
    /// These, and its next id.
    Events(Vec<Event>, String),
    /// Nothing yet; this changes when there is.
    Nothing(watch::Receiver<()>),
}

/// A session as the control API tells it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct SessionView {
    /// The number that `AgentSessionStart` calls `SessionId`.
    pub(crate) number: u32,
    pub(crate) agent: u32,
    pub(crate) state: &'static str,
    pub(crate) out_reason: &'static str,
    /// How many clients started or joined it.
    pub(crate) clients: usize,
    pub(crate) ended: bool,
    pub(crate) inactivity_seconds: u64,
    pub(crate) inactivity_force_logout: bool,
}

/// Every session of a tenant: at most one live session for an agent (FAQ Q13).
pub(crate) struct Desk {
    ids: SessionIds,
    live: HashMap<AgentId, SessionNumber>,
    sessions: HashMap<SessionNumber, AgentSession>,
    ended: VecDeque<(Timestamp, SessionNumber)>,
    last_number: u32,
}

impl Desk {
    /// Nobody has a session yet.
    pub(crate) fn new(entropy: &Entropy) -> Self {
        Self {
            ids: SessionIds::new(entropy),
            live: HashMap::new(),
            sessions: HashMap::new(),
            ended: VecDeque::new(),
            last_number: FIRST_NUMBER,
        }
    }

    /// Starts a session and gives its first id.
    pub(crate) fn start(&mut self, agent: AgentId, start: Start, now: Timestamp) -> Result<String, StartRefusal> {
        self.settle(now);
        if self.live.contains_key(&agent) {
            return Err(StartRefusal::AlreadyStarted);
        }
        self.last_number += 1;
        let number = SessionNumber(self.last_number);
        let session = AgentSession::start(agent, number, start, now);
        let id = self.ids.write(session.first_id());
        self.live.insert(agent, number);
        self.sessions.insert(number, session);
        Ok(id)
    }

    /// Joins the agent's session and gives an id that nobody else has (FAQ Q14).
    pub(crate) fn join(&mut self, agent: AgentId, now: Timestamp) -> Result<String, StartRefusal> {
        self.settle(now);
        let number = self.live.get(&agent).ok_or(StartRefusal::NothingToJoin)?;
        let session = self.sessions.get_mut(number).ok_or(StartRefusal::NothingToJoin)?;
        let id = session.join().ok_or(StartRefusal::TooMany)?;
        Ok(self.ids.write(id))
    }

    /// Ends a session, for everyone who joined it.
    pub(crate) fn end(&mut self, agent: AgentId, id: &str, now: Timestamp) -> Result<(), SessionRefusal> {
        let (session, _) = self.live_session(agent, id, now)?;
        session.end();
        let number = session.number();
        self.live.remove(&agent);
        self.ended.push_back((now, number));
        Ok(())
    }

    /// Changes the state of the agent.
    pub(crate) fn change(
        &mut self,
        agent: AgentId,
        id: &str,
        request: StateRequest,
        now: Timestamp,
    ) -> Result<(), SessionRefusal> {
        let (session, _) = self.live_session(agent, id, now)?;
        match request {
            StateRequest::AfterCallWork => Err(SessionRefusal::NoContact),
            StateRequest::Change(state) => {
                session.change(state, now);
                Ok(())
            }
        }
    }

    /// What the holder of an id finds at once.
    pub(crate) fn glance(&mut self, agent: AgentId, id: &str, now: Timestamp) -> Result<Glance, SessionRefusal> {
        self.settle(now);
        let id = self.own_id(agent, id)?;
        let session = self.sessions.get_mut(&id.session).ok_or(SessionRefusal::Ended)?;
        match session.find(id) {
            Found::Events(events, next) => Ok(Glance::Events(events, self.ids.write(next))),
            Found::Nothing(news) => Ok(Glance::Nothing(news)),
            Found::Over => Err(SessionRefusal::Ended),
        }
    }

    /// Every session whose queue is still kept, by number.
    pub(crate) fn views(&mut self, now: Timestamp) -> Vec<SessionView> {
        self.settle(now);
        let mut views: Vec<_> = self.sessions.values().map(view).collect();
        views.sort_by_key(|view| view.number);
        views
    }

    /// Forgets the queues whose time is over. An id of such a session still means a session that ended.
    fn settle(&mut self, now: Timestamp) {
        while let Some((at, number)) = self.ended.front().copied() {
            if now.since(at) < QUEUE_KEPT {
                return;
            }
            self.sessions.remove(&number);
            self.ended.pop_front();
        }
    }

    fn live_session(
        &mut self,
        agent: AgentId,
        id: &str,
        now: Timestamp,
    ) -> Result<(&mut AgentSession, SessionId), SessionRefusal> {
        self.settle(now);
        let id = self.own_id(agent, id)?;
        let session = self.sessions.get_mut(&id.session).ok_or(SessionRefusal::Ended)?;
        match session.phase() {
            Phase::Live => Ok((session, id)),
            Phase::Ended => Err(SessionRefusal::Ended),
        }
    }

    /// Sessions belong to an agent: whatever the device, only the agent's own tokens may use them, and to others there is
    /// no such session.
    fn own_id(&self, agent: AgentId, id: &str) -> Result<SessionId, SessionRefusal> {
        self.ids.read(id).filter(|id| id.agent == agent).ok_or(SessionRefusal::Unknown)
    }
}

fn view(session: &AgentSession) -> SessionView {
    SessionView {
        number: session.number().0,
        agent: session.agent().0,
        state: session.state().name(),
        out_reason: session.state().out_reason(),
        clients: session.clients(),
        ended: session.phase() == Phase::Ended,
        inactivity_seconds: session.inactivity().timeout.as_secs(),
        inactivity_force_logout: session.inactivity().force_logout,
    }
}

#[cfg(test)]
mod tests {
    use super::super::{AgentState, Inactivity, Station};
    use super::*;

    const ANNA: AgentId = AgentId(1);
    const BEN: AgentId = AgentId(2);
    const AVAILABLE: StateRequest = StateRequest::Change(AgentState::Available);

    fn now() -> Timestamp {
        Timestamp::from_millis(1_000_000)
    }

    fn a_start() -> Start {
        Start {
            station: Station::Id("1".into()),
            inactivity: Inactivity { timeout: Duration::from_mins(5), force_logout: false },
        }
    }

    fn desk() -> (Desk, String) {
        let mut desk = Desk::new(&Entropy::from_seed(1));
        let id = desk.start(ANNA, a_start(), now()).unwrap();
        (desk, id)
    }

    fn types(glance: Result<Glance, SessionRefusal>) -> (Vec<String>, String) {
        match glance.unwrap() {
            Glance::Events(events, next) => {
                let name = |event: &Event| event.to_json()["Type"].as_str().unwrap_or_default().to_owned();
                (events.iter().map(name).collect(), next)
            }
            Glance::Nothing(_) => (Vec::new(), String::new()),
        }
    }

    fn drained(desk: &mut Desk, id: &str) -> String {
        types(desk.glance(ANNA, id, now())).1
    }

    #[test]
    fn an_agent_has_one_session_at_a_time() {
        let (mut desk, id) = desk();
        assert_eq!(desk.start(ANNA, a_start(), now()), Err(StartRefusal::AlreadyStarted));
        assert!(desk.start(BEN, a_start(), now()).is_ok());
        assert_eq!(desk.end(ANNA, &id, now()), Ok(()));
        assert!(desk.start(ANNA, a_start(), now()).is_ok());
    }

    #[test]
    fn the_first_events_are_the_start_and_the_state() {
        let (mut desk, id) = desk();
        let (events, next) = types(desk.glance(ANNA, &id, now()));
        assert_eq!(events, ["AgentSessionStart", "AgentState"]);
        assert_ne!(next, id);
        assert_eq!(types(desk.glance(ANNA, &next, now())).0, Vec::<String>::new());
    }

    #[test]
    fn an_older_id_gives_the_refresh_collection_and_another_id() {
        let (mut desk, id) = desk();
        let first = drained(&mut desk, &id);
        let (events, second) = types(desk.glance(ANNA, &id, now()));
        assert_eq!(events, ["AgentSessionStart", "AgentState"]);
        assert!(second != first && second != id);
    }

    #[test]
    fn everyone_is_told_of_a_change_and_of_the_end_once() {
        let (mut desk, id) = desk();
        let joined = desk.join(ANNA, now()).unwrap();
        assert_ne!(joined, id);
        let (mut ours, mut theirs) = (drained(&mut desk, &id), drained(&mut desk, &joined));
        desk.change(ANNA, &theirs, AVAILABLE, now()).unwrap();
        for id in [&mut ours, &mut theirs] {
            let (events, next) = types(desk.glance(ANNA, id, now()));
            assert_eq!(events, ["AgentState"]);
            *id = next;
        }
        desk.end(ANNA, &theirs, now()).unwrap();
        for id in [&mut ours, &mut theirs] {
            let (events, next) = types(desk.glance(ANNA, id, now()));
            assert_eq!(events, ["AgentSessionEnd"]);
            assert_eq!(desk.glance(ANNA, &next, now()).unwrap_err(), SessionRefusal::Ended);
            assert_eq!(desk.glance(ANNA, id, now()).unwrap_err(), SessionRefusal::Ended);
        }
    }

    #[test]
    fn a_joiner_misses_nothing_that_happens_before_its_first_poll() {
        let (mut desk, id) = desk();
        let joined = desk.join(ANNA, now()).unwrap();
        desk.change(ANNA, &id, AVAILABLE, now()).unwrap();
        let (events, _) = types(desk.glance(ANNA, &joined, now()));
        assert_eq!(events, ["AgentSessionStart", "AgentState", "AgentState"]);
    }

    #[test]
    fn ending_twice_is_a_conflict_and_ending_nothing_is_not() {
        let (mut desk, id) = desk();
        desk.end(ANNA, &id, now()).unwrap();
        assert_eq!(desk.end(ANNA, &id, now()), Err(SessionRefusal::Ended));
        assert_eq!(desk.change(ANNA, &id, AVAILABLE, now()), Err(SessionRefusal::Ended));
        let later = now().plus(Duration::from_hours(24));
        assert_eq!(desk.end(ANNA, &id, later), Err(SessionRefusal::Ended));
        assert_eq!(desk.end(ANNA, "bm9uZXhpc3RlbnQ=", now()), Err(SessionRefusal::Unknown));
    }

    #[test]
    fn the_queue_of_an_ended_session_is_kept_for_a_minute() {
        let (mut desk, id) = desk();
        desk.end(ANNA, &id, now()).unwrap();
        assert_eq!(desk.views(now()).len(), 1);
        let later = now().plus(QUEUE_KEPT);
        assert_eq!(desk.glance(ANNA, &id, later).unwrap_err(), SessionRefusal::Ended);
        assert_eq!(desk.views(later), []);
    }

    #[test]
    fn to_another_agent_there_is_no_such_session() {
        let (mut desk, id) = desk();
        assert_eq!(desk.end(BEN, &id, now()), Err(SessionRefusal::Unknown));
        assert_eq!(desk.change(BEN, &id, AVAILABLE, now()), Err(SessionRefusal::Unknown));
        assert_eq!(desk.glance(BEN, &id, now()).unwrap_err(), SessionRefusal::Unknown);
        assert_eq!(desk.join(BEN, now()), Err(StartRefusal::NothingToJoin));
    }

    #[test]
    fn after_call_work_needs_a_contact() {
        let (mut desk, id) = desk();
        assert_eq!(desk.change(ANNA, &id, StateRequest::AfterCallWork, now()), Err(SessionRefusal::NoContact));
    }
}
