use std::pin::Pin;

use url::Url;

use super::{LaneId, Limits, WireOutcome, WireRequest};

/// The future of an exchange.
pub type Sending<'a> = Pin<Box<dyn Future<Output = WireOutcome> + Send + 'a>>;

/// The future of connections that are being opened.
pub type Warming<'a> = Pin<Box<dyn Future<Output = ()> + Send + 'a>>;

/// Sends requests over something: the network, or in a test whatever the test likes.
///
/// Secrets are put in before and masked after, by the [`Door`](super::Door); a transport knows nothing of them.
pub trait Transport: Send + Sync {
    /// Sends `request` over the connections of `lane`. Every fault is part of the outcome.
    fn send(&self, lane: LaneId, request: WireRequest) -> Sending<'_>;

    /// Sees to it that `lane` has so many open connections to the origin of `url`, where it holds connections itself.
    /// What goes wrong is told by the requests that need them.
    fn warm<'a>(&'a self, lane: LaneId, url: &'a Url, count: usize, limits: &'a Limits) -> Warming<'a> {
        let _ = (lane, url, count, limits);
        Box::pin(std::future::ready(()))
    }
}
