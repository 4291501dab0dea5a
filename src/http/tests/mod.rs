mod bodies;
mod byte_server;
mod connections;
mod doors;
mod heads;
mod secure;

pub(crate) use byte_server::{ByteServer, Reply};

use std::time::Duration;

use url::Url;

use crate::clock::Deadline;

use super::{LaneId, Limits, Network, NetworkOptions, Transport as _, WireOutcome, WireRequest};

/// A deadline that no working test reaches.
pub(crate) fn soon() -> Limits {
    Limits::until(Deadline::after(Duration::from_secs(20)))
}

fn request(method: &str, url: &str, limits: Limits) -> WireRequest {
    WireRequest {
        method: method.to_owned(),
        url: Url::parse(url).expect("a URL of the test"),
        headers: Vec::new(),
        body: hyper::body::Bytes::new(),
        limits,
    }
}

fn network() -> Network {
    Network::new(&NetworkOptions::default()).expect("the default options are fine")
}

async fn get(url: &str) -> WireOutcome {
    network().send(LaneId(1), request("GET", url, soon())).await
}

async fn get_within(url: &str, millis: u64) -> WireOutcome {
    let limits = Limits::until(Deadline::after(Duration::from_millis(millis)));
    network().send(LaneId(1), request("GET", url, limits)).await
}

/// `kind (phase: detail)` of the fault; nothing when there is none.
fn fault(outcome: &WireOutcome) -> String {
    outcome.fault.as_ref().map(ToString::to_string).unwrap_or_default()
}

fn kinds(outcome: &WireOutcome) -> Vec<&str> {
    outcome.irregular.iter().map(|one| one.kind.as_str()).collect()
}

fn body(outcome: &WireOutcome) -> &[u8] {
    outcome.answer.as_ref().map(|answer| answer.body.as_slice()).unwrap_or_default()
}
