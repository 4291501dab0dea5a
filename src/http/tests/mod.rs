mod bodies;
mod byte_server;
mod connections;
mod doors;
mod heads;
mod multiplexed;
mod proxies;
mod secure;

pub(crate) use byte_server::{ByteServer, Reply};

use std::time::{Duration, Instant};

use url::Url;

use crate::clock::Deadline;
use crate::event::{FaultKind, Phase};

use super::{Client, LaneId, Limits, Network, NetworkOptions, Transport, WireOutcome, WireRequest};

/// A deadline that no working test reaches.
pub(crate) fn soon() -> Limits {
    Limits::until(Deadline::after(Duration::from_mins(1)))
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

/// What comes of a request whose time is to be over in `phase`. A slow machine may not get that far within a moment: then
/// there is more time, and the test is none of speed.
async fn late_in(phase: Phase, transport: &dyn Transport, ask: impl Fn(Limits) -> WireRequest) -> WireOutcome {
    let mut time = Duration::from_millis(150);
    loop {
        let began = Instant::now();
        let sending = transport.send(LaneId(1), ask(Limits::until(Deadline::after(time))));
        let outcome = tokio::time::timeout(Duration::from_mins(1), sending).await.expect("a deadline ends it");
        let is_late = outcome.fault.as_ref().is_some_and(|fault| fault.kind == FaultKind::Deadline);
        assert!(!is_late || began.elapsed() >= time, "{} after {:?}", fault(&outcome), began.elapsed());
        if !is_late || place(&outcome) == Some((FaultKind::Deadline, phase)) || time > Duration::from_secs(8) {
            return outcome;
        }
        time *= 8;
    }
}

/// What `Network` and `Client` make of a request whose time is to be over in `phase`, in this order.
async fn both_late_in(phase: Phase, ask: impl Fn(Limits) -> WireRequest) -> [WireOutcome; 2] {
    [late_in(phase, &network(), &ask).await, late_in(phase, &client(), &ask).await]
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
