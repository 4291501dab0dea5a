mod bodies;
mod byte_server;
mod connections;
mod doors;
mod heads;
mod multiplexed;
mod proxies;
mod secure;

pub(crate) use byte_server::{ByteServer, Reply};

use std::time::Duration;

use url::Url;

use crate::clock::Deadline;
use crate::event::{FaultKind, Phase};

use super::{Client, LaneId, Limits, Network, NetworkOptions, Transport, WireOutcome, WireRequest};

/// A deadline that no working test reaches.
pub(crate) fn soon() -> Limits {
    Limits::until(Deadline::after(Duration::from_secs(20)))
}

fn request(method: &str, url: &str, limits: Limits) -> WireRequest {
    WireRequest {
        method: method.to_owned(),
        url: Url::parse(url).expect("a URL of the test"),
        dotted: None,
        hostless: false,
        headers: Vec::new(),
        body: hyper::body::Bytes::new(),
        limits,
    }
}

fn network() -> Network {
    Network::new(&NetworkOptions::default()).expect("the default options are fine")
}

fn client() -> Client {
    Client::new(&NetworkOptions::default()).expect("the default options are fine")
}

/// What `Network` and `Client` make of the same bytes, in this order; the connection is closed after them.
async fn answered_by(bytes: impl Into<Vec<u8>>) -> [WireOutcome; 2] {
    let bytes = bytes.into();
    let server = ByteServer::start(move |_| Reply::close(bytes.clone())).await;
    both(|| request("GET", &server.url("/"), soon())).await
}

/// What `Network` and `Client` make of the same request, in this order.
async fn both(request: impl Fn() -> WireRequest) -> [WireOutcome; 2] {
    [network().send(LaneId(1), request()).await, client().send(LaneId(1), request()).await]
}

async fn get(url: &str) -> WireOutcome {
    network().send(LaneId(1), request("GET", url, soon())).await
}

fn within(millis: u64) -> Limits {
    Limits::until(Deadline::after(Duration::from_millis(millis)))
}

/// `kind (phase: detail)` of the fault; nothing when there is none.
fn fault(outcome: &WireOutcome) -> String {
    outcome.fault.as_ref().map(ToString::to_string).unwrap_or_default()
}

fn place(outcome: &WireOutcome) -> Option<(FaultKind, Phase)> {
    outcome.fault.as_ref().map(|fault| (fault.kind, fault.phase))
}

fn kinds(outcome: &WireOutcome) -> Vec<&str> {
    outcome.irregular.iter().map(|one| one.kind.as_str()).collect()
}

fn body(outcome: &WireOutcome) -> &[u8] {
    outcome.answer.as_ref().map(|answer| answer.body.as_slice()).unwrap_or_default()
}
