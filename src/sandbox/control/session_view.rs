use serde_json::{Value, json};

use crate::sandbox::interaction::ContactId;
use crate::sandbox::session::{AgentSession, Phase};

/// A session as the control API tells it.
pub(crate) fn session_view(session: &AgentSession) -> Value {
    let standing = session.standing();
    let contacts: Vec<u32> = session.contacts().iter().map(|ContactId(id)| *id).collect();
    json!({
        // The number that `AgentSessionStart` calls `SessionId`.
        "number": session.number().0,
        "agent": session.agent().0,
        "state": standing.state(),
        "out_reason": standing.out_reason(),
        "leg": session.leg().status(),
        "contacts": contacts,
        // How many clients started or joined it.
        "clients": session.clients(),
        "ended": session.phase() == Phase::Ended,
        "inactivity_seconds": session.inactivity().timeout.as_secs(),
        "inactivity_force_logout": session.inactivity().force_logout,
    })
}
