use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::LaneId;
use super::connection::{Afterwards, Connection};

/// How long a connection may lie idle: shorter than the five seconds after which common servers close it.
pub(super) const MAX_IDLE: Duration = Duration::from_secs(4);
/// How many idle connections a lane keeps to one origin.
pub(super) const MAX_KEPT: usize = 16;

/// Open connections that nobody uses, by lane and origin.
#[derive(Default)]
pub(super) struct Pool {
    idle: Mutex<HashMap<(LaneId, String), Vec<Idle>>>,
}

struct Idle {
    connection: Connection,
    since: Instant,
}

impl Pool {
    /// An open connection of `lane` to `origin`, the one used last first.
    pub(super) async fn take(&self, lane: LaneId, origin: &str) -> Option<Connection> {
        loop {
            let Idle { mut connection, since } = {
                let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
                idle.get_mut(&(lane, origin.to_owned()))?.pop()?
            };
            if since.elapsed() < MAX_IDLE && connection.look().await == Afterwards::Usable {
                return Some(connection);
            }
        }
    }

    /// Keeps a connection for the next request of `lane` to `origin`.
    pub(super) fn keep(&self, lane: LaneId, origin: String, connection: Connection) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = idle.entry((lane, origin)).or_default();
        kept.retain(|idle| idle.since.elapsed() < MAX_IDLE);
        if kept.len() < MAX_KEPT {
            kept.push(Idle { connection, since: Instant::now() });
        }
    }
}
