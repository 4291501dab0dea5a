use super::ClientNumber;
use crate::sandbox::tenant::{AgentId, Entropy, Seals};

/// Counts the sessions of a tenant. It is also what `AgentSessionStart` calls `SessionId`, which is not the id that the
/// API takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct SessionNumber(pub(crate) u32);

/// What the opaque id of a session means: which client of which session it belongs to, and what that client has seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SessionId {
    /// Whose session it is.
    pub(crate) agent: AgentId,
    /// Which session.
    pub(crate) session: SessionNumber,
    /// Which of the clients that joined it.
    pub(crate) client: ClientNumber,
    /// Counts the ids of that client, so that no two are the same.
    pub(crate) serial: u32,
    /// How many events of the session that client has been given: the "timestamp" of FAQ Q17, the "event sequence
    /// number" of the NICE reference.
    pub(crate) position: u32,
}

/// Turns ids into text and back. Only text that it made itself is an id.
#[derive(Clone)]
pub(crate) struct SessionIds(Seals);

impl SessionIds {
    /// A tenant's own; no other tenant knows its ids.
    pub(crate) fn new(entropy: &Entropy) -> Self {
        Self(Seals::new(entropy, "session-ids"))
    }

    /// The text of an id.
    pub(crate) fn write(&self, id: SessionId) -> String {
        self.0.write([id.agent.0, id.session.0, id.client.0, id.serial, id.position])
    }

    /// What a text means; `None` when this tenant never issued it.
    pub(crate) fn read(&self, text: &str) -> Option<SessionId> {
        let [agent, session, client, serial, position] = self.0.read(text)?;
        Some(SessionId {
            agent: AgentId(agent),
            session: SessionNumber(session),
            client: ClientNumber(client),
            serial,
            position,
        })
    }
}
