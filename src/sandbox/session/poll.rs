use std::sync::Arc;
use std::time::Duration;

use super::{Event, Glance, SessionRefusal};
use crate::sandbox::tenant::{AgentId, Tenant};

/// How a long poll ends.
#[derive(Debug)]
pub(crate) enum PollEnd {
    /// With events, and the client's next id.
    Events(Vec<Arc<Event>>, String),
    /// Its time was up.
    NoEvents,
    /// The tenant is closing.
    Closing,
    /// There is nothing to wait for.
    Refused(SessionRefusal),
}

/// Waits for the next events of a session, up to `timeout` by the tenant's clock.
///
/// It costs no thread, only a waiting task, which only its own session, the clock and the closing of the tenant wake.
/// Nothing is marked as delivered before it is answered, so that a client that goes away while waiting loses nothing.
pub(crate) async fn next_events(tenant: &Tenant, agent: AgentId, id: &str, timeout: Duration) -> PollEnd {
    let until = tenant.now().plus(timeout);
    let time_is_up = tenant.time.until(until);
    tokio::pin!(time_is_up);
    let mut hold = None;
    let mut is_last_look = timeout.is_zero();
    loop {
        let glance = tenant.desk().glance(agent, id, tenant.now(), until);
        let mut news = match glance {
            Ok(Glance::Events(events, next)) => return PollEnd::Events(events, next),
            Err(refusal) => return PollEnd::Refused(refusal),
            Ok(Glance::Nothing(_)) if is_last_look => return PollEnd::NoEvents,
            Ok(Glance::Nothing(news)) => news,
        };
        hold.get_or_insert_with(|| tenant.held.hold());
        tokio::select! {
            () = tenant.closing.cancelled() => return PollEnd::Closing,
            () = &mut time_is_up => is_last_look = true,
            // The sender goes away with the queue of a session that ended: the next look says so.
            _ = news.changed() => {}
        }
    }
}
