use std::sync::Arc;

use tokio::sync::watch;

use super::client::Client;
use super::event_log::EventLog;
use super::{ClientNumber, Event};

/// How many clients may join one session.
const MOST_CLIENTS: usize = 5_000;

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
}

impl Audience {
    /// The one who started the session.
    pub(crate) fn first() -> Self {
        Self {
            phase: Phase::Live,
            log: EventLog::default(),
            clients: vec![Client::new(Vec::new())],
            news: watch::Sender::new(()),
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
        self.clients.push(Client::new(greeting.into_iter().map(Arc::new).collect()));
        Some(Cursor { client, serial: 0, position: self.log.end() })
    }

    /// Tells everyone.
    pub(crate) fn tell(&mut self, event: Event) {
        if self.phase == Phase::Live {
            self.log.push(Arc::new(event));
            self.news.send_replace(());
        }
    }

    /// Nothing is told after this.
    pub(crate) fn close(&mut self) {
        self.phase = Phase::Ended;
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
        let news = if cursor.serial == client.newest { self.log.since(cursor.position) } else { None };
        match (news, self.phase) {
            (Some(news), _) => {
                let events: Vec<_> = client.greeting.iter().chain(news).cloned().collect();
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
        *client = Client { newest: serial, greeting: Vec::new(), told_of_end };
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
