use tokio::sync::watch;

use super::client::Client;
use super::event_log::EventLog;
use super::{AgentState, ClientNumber, Event, Inactivity, SessionId, SessionNumber, Start, Station};
use crate::clock::Timestamp;
use crate::sandbox::tenant::AgentId;

/// How many clients may join one session.
const MOST_CLIENTS: usize = 5_000;

/// Whether a session is still there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// It is.
    Live,
    /// It ended; its queue is kept for a while, so that everyone can be told.
    Ended,
}

/// What a client finds when it asks for events.
#[derive(Debug)]
pub(crate) enum Found {
    /// These; its next id is this.
    Events(Vec<Event>, SessionId),
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
    state: AgentState,
    since: Timestamp,
    phase: Phase,
    log: EventLog,
    clients: Vec<Client>,
    /// Wakes those who wait for an event of this session, and nobody else.
    news: watch::Sender<()>,
}

impl AgentSession {
    /// A session that starts now. Its agent is unavailable without a reason; its first events say so.
    pub(crate) fn start(agent: AgentId, number: SessionNumber, start: Start, now: Timestamp) -> Self {
        let mut session = Self {
            agent,
            number,
            station: start.station,
            inactivity: start.inactivity,
            state: AgentState::Unavailable(None),
            since: now,
            phase: Phase::Live,
            log: EventLog::default(),
            clients: vec![Client::new(Vec::new())],
            news: watch::Sender::new(()),
        };
        for event in session.refresh() {
            session.log.push(event);
        }
        session
    }

    /// Lets another client in; `None` when there are too many.
    ///
    /// It has no history, so the first it gets is the refresh collection as of now, and then whatever happens from now on.
    pub(crate) fn join(&mut self) -> Option<SessionId> {
        if self.clients.len() >= MOST_CLIENTS {
            return None;
        }
        let client = ClientNumber(u32::try_from(self.clients.len()).ok()?);
        let position = self.log.end();
        let greeting = self.refresh();
        self.clients.push(Client::new(greeting));
        Some(SessionId { agent: self.agent, session: self.number, client, serial: 0, position })
    }

    /// Changes the state. A request for the state that already is also gives an event, so that whoever got a 202 and
    /// waits for the event never waits in vain (FAQ Q16: all state changes trigger an event).
    pub(crate) fn change(&mut self, state: AgentState, now: Timestamp) {
        if self.phase == Phase::Live {
            if state != self.state {
                self.since = now;
            }
            self.state = state;
            self.tell(Event::State { state, since: self.since });
        }
    }

    /// Ends the session for everyone who joined it (FAQ Q15).
    pub(crate) fn end(&mut self) {
        if self.phase == Phase::Live {
            self.phase = Phase::Ended;
            self.tell(Event::SessionEnd);
        }
    }

    /// What the holder of `id` finds.
    ///
    /// The newest id of a client gets what happened since; an older one means that the client lost sync, and gets the
    /// refresh collection (NICE reference, using events; FAQ Q17).
    pub(crate) fn find(&mut self, id: SessionId) -> Found {
        let index = usize::try_from(id.client.0).unwrap_or(usize::MAX);
        let Some(client) = self.clients.get(index) else { return Found::Over };
        if client.told_of_end {
            return Found::Over;
        }
        let news = if id.serial == client.newest { self.log.since(id.position) } else { None };
        let events: Vec<Event> = match (news, self.phase) {
            (Some(news), _) => client.greeting.iter().chain(news).cloned().collect(),
            (None, Phase::Live) => self.refresh(),
            (None, Phase::Ended) => vec![Event::SessionEnd],
        };
        if events.is_empty() {
            return Found::Nothing(self.news.subscribe());
        }
        let end = self.log.end();
        let told_of_end = self.phase == Phase::Ended;
        let Some(client) = self.clients.get_mut(index) else { return Found::Over };
        let newest = client.newest + 1;
        *client = Client { newest, greeting: Vec::new(), told_of_end };
        Found::Events(events, SessionId { serial: newest, position: end, ..id })
    }

    /// The id of the client that started it.
    pub(crate) fn first_id(&self) -> SessionId {
        SessionId { agent: self.agent, session: self.number, client: ClientNumber(0), serial: 0, position: 0 }
    }

    /// Whose it is.
    pub(crate) fn agent(&self) -> AgentId {
        self.agent
    }

    /// Which it is.
    pub(crate) fn number(&self) -> SessionNumber {
        self.number
    }

    /// The agent's state.
    pub(crate) fn state(&self) -> AgentState {
        self.state
    }

    /// Whether it is still there.
    pub(crate) fn phase(&self) -> Phase {
        self.phase
    }

    /// What would become of it if nobody did anything.
    pub(crate) fn inactivity(&self) -> Inactivity {
        self.inactivity
    }

    /// How many clients started or joined it.
    pub(crate) fn clients(&self) -> usize {
        self.clients.len()
    }

    /// Everything that is so now, as events.
    fn refresh(&self) -> Vec<Event> {
        vec![
            Event::SessionStart { agent: self.agent, session: self.number, station: self.station.clone() },
            Event::State { state: self.state, since: self.since },
        ]
    }

    fn tell(&mut self, event: Event) {
        self.log.push(event);
        self.news.send_replace(());
    }
}
