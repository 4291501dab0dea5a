use std::pin::Pin;

use super::{LaneId, WireOutcome, WireRequest};

/// The future of an exchange.
pub type Sending<'a> = Pin<Box<dyn Future<Output = WireOutcome> + Send + 'a>>;

/// Sends requests over something: the network, or in a test whatever the test likes.
///
/// Secrets are put in before and masked after, by the [`Door`](super::Door); a transport knows nothing of them.
pub trait Transport: Send + Sync {
    /// Sends `request` over the connections of `lane`. Every fault is part of the outcome.
    fn send(&self, lane: LaneId, request: WireRequest) -> Sending<'_>;
}
