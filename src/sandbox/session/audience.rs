use std::sync::Arc;

use tokio::sync::watch;

use super::client::Client;
use super::event_log::EventLog;
use super::{ClientNumber, Event};
use crate::sandbox::defects::{Defect, Switches};

/// How many clients may join one session.
const MOST_CLIENTS: usize = 5_000;

/// The first who joined.
const SECOND: ClientNumber = ClientNumber(1);

/// Where a client stands: which of its ids, and how many events it has been given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cursor {
    pub(crate) client: ClientNumber,
    pub(crate) serial: u32,
    pub(crate) position: u32,
}

/// What there is for a client that asks for events.
#[derive(Debug)]
pub(crate) enum Look {
    /// These, which it has not been given.
    News(Vec<Arc<Event>>),
    /// It asks by an older id, or is too far behind: it has to be told everything that is so now.
    OutOfSync,
    /// Nothing yet; it may wait for the next one.
    Quiet(watch::Receiver<()>),
    /// The session is over, and the client has been told.
    Over,
}

/// Whether more will be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// The session is there.
    Live,
    /// It ended; its queue is kept for a while, so that everyone can be told.
    Ended,
}

/// Everyone who started or joined a session, and what they are told: each the same, in the same order.
#[derive(Debug)]
pub(crate) struct Audience {
    phase: Phase,
    log: EventLog,
    clients: Vec<Client>,
    /// Wakes those who wait for an event of this session, and nobody else.
    news: watch::Sender<()>,
    defects: Switches,
}

impl Audience {
    /// The one who started the session.
    pub(crate) fn first(defects: Switches) -> Self {
        Self {
            phase: Phase::Live,
            log: EventLog::default(),
            clients: vec![Client::new(Vec::new(), 0)],
            news: watch::Sender::new(()),
            defects,
        }
    }

    /// Where the first client begins.
    pub(crate) fn beginning() -> Cursor {
        Cursor { client: ClientNumber(0), serial: 0, position: 0 }
    }

    /// Lets another client in, who is first told `greeting` and then whatever happens from now on; `None` when there are
    /// too many.
    pub(crate) fn join(&mut self, greeting: Vec<Event>) -> Option<Cursor> {
        if self.clients.len() >= MOST_CLIENTS {
            return None;
        }
        let client = ClientNumber(u32::try_from(self.clients.len()).ok()?);
        let position = self.log.end();
        self.clients.push(Client::new(greeting.into_iter().map(Arc::new).collect(), position));
        let client = if self.defects.has(Defect::JoinRepeatsId) {
            return Some(Self::beginning());
        } else if client > SECOND && self.defects.has(Defect::ThirdJoinRepeatsSecondId) {
            SECOND
        } else {
            client
        };
        Some(Cursor { client, serial: 0, position })
    }

    /// Tells everyone.
    pub(crate) fn tell(&mut self, event: Event) {
        if self.phase == Phase::Live {
            if self.loses(&event) {
                self.log.take_back(self.clients.iter().map(|client| client.given).max().unwrap_or_default());
            }
            self.log.push(Arc::new(event));
            self.news.send_replace(());
        }
    }

    /// Whether this event takes the place of the one before it; by defect.
    fn loses(&self, event: &Event) -> bool {
        let is_state = |event: &Event| matches!(event, Event::State { .. });
        self.defects.has(Defect::EventLost) && is_state(event) && self.log.last().is_some_and(|last| is_state(last))
    }

    /// Ends for one client alone; by defect.
    pub(crate) fn dismiss(&mut self, client: ClientNumber) {
        if let Some(client) = usize::try_from(client.0).ok().and_then(|index| self.clients.get_mut(index)) {
            client.told_of_end = true;
        }
    }

    /// Nothing is told after this.
    pub(crate) fn close(&mut self) {
        self.phase = Phase::Ended;
        if self.defects.has(Defect::EndNotToldToJoiners) {
            for joined in self.clients.iter_mut().skip(1) {
                joined.told_of_end = true;
            }
            self.news.send_replace(());
        }
    }

    /// What there is for the client at `cursor`. Nothing is marked as given yet.
    ///
    /// The newest id of a client gets what happened since; an older one means that the client lost sync, and gets the
    /// refresh collection (NICE reference, using events; FAQ Q17).
    pub(crate) fn look(&self, cursor: Cursor) -> Look {
        let Some(client) = self.client(cursor) else { return Look::Over };
        if client.told_of_end {
            return Look::Over;
        }
        let is_deaf = cursor.client >= SECOND && cursor.serial > 0 && self.defects.has(Defect::JoinerSeesNothing);
        if is_deaf && self.phase == Phase::Live {
            return Look::Quiet(self.news.subscribe());
        }
        let repeats_ids = self.defects.has(Defect::SameIdEveryPoll);
        // Either way it is the client that is known, and not what its id says.
        let follows_client = repeats_ids || self.defects.has(Defect::OldIdNotRefreshed);
        let is_newest = cursor.serial == client.newest || follows_client;
        let position = if follows_client { client.given } else { cursor.position };
        let news = if is_newest { self.log.since(position) } else { None };
        match (news, self.phase) {
            (Some(news), _) => {
                let mut events: Vec<_> = client.greeting.iter().chain(news).cloned().collect();
                if cursor.client >= SECOND && self.defects.has(Defect::JoinerOrderReversed) {
                    events.reverse();
                }
                if events.is_empty() { Look::Quiet(self.news.subscribe()) } else { Look::News(events) }
            }
            (None, Phase::Live) => Look::OutOfSync,
            (None, Phase::Ended) => Look::News(self.log.last().into_iter().cloned().collect()),
        }
    }

    /// Marks everything so far as given to the client at `cursor`, who stands at the returned place from now on.
    pub(crate) fn hand_out(&mut self, cursor: Cursor) -> Cursor {
        let position = self.log.end();
        let told_of_end = self.phase == Phase::Ended;
        let client = usize::try_from(cursor.client.0).ok().and_then(|index| self.clients.get_mut(index));
        let Some(client) = client else { return cursor };
        let serial = client.newest + 1;
        if self.defects.has(Defect::SameIdEveryPoll) {
            *client = Client { newest: client.newest, given: position, greeting: Vec::new(), told_of_end };
            return cursor;
        }
        if self.defects.has(Defect::NewestIdRepeats) {
            client.newest = serial;
            client.told_of_end = told_of_end;
            return Cursor { serial, ..cursor };
        }
        *client = Client { newest: serial, given: position, greeting: Vec::new(), told_of_end };
        Cursor { serial, position, ..cursor }
    }

    fn client(&self, cursor: Cursor) -> Option<&Client> {
        self.clients.get(usize::try_from(cursor.client.0).ok()?)
    }

    /// Whether more will be told.
    pub(crate) fn phase(&self) -> Phase {
        self.phase
    }

    /// How many clients there are.
    pub(crate) fn size(&self) -> usize {
        self.clients.len()
    }
}
