use hyper::body::Bytes;
use url::Url;

use crate::event::{Fault, Irregularity, Timing};

use super::Limits;

/// A request as it goes over the wire: secrets are in it, so it has no `Debug` and is never kept.
#[derive(Clone)]
pub struct WireRequest {
    /// Method, in capitals.
    pub method: String,
    /// The whole URL.
    pub url: Url,
    /// Path and query as they go over the wire, where the path has `.` or `..` in it, which the URL has not any more.
    pub dotted: Option<String>,
    /// Whether `Host` is left out, which HTTP/1.1 forbids (RFC 9112 §3.2) and a server must refuse.
    pub hostless: bool,
    /// Header fields in order, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Bytes,
    /// What the exchange may cost.
    pub limits: Limits,
}

/// An answer as it came over the wire, its body decoded: secrets may be in it, so it has no `Debug` and is never kept.
#[derive(Clone)]
pub struct WireAnswer {
    /// Protocol version, such as `HTTP/1.1`.
    pub version: &'static str,
    /// Status code.
    pub status: u16,
    /// Reason phrase; absent over HTTP/2.
    pub reason: Option<Vec<u8>>,
    /// Header fields, names in lower case; of one name, in the order in which they came.
    pub headers: Vec<(String, Vec<u8>)>,
    /// The body, decoded; of an answer with a fault, what could be had of it.
    pub body: Vec<u8>,
}

impl WireAnswer {
    /// The values of header `name` (in lower case), in order.
    pub fn header<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a [u8]> {
        self.headers.iter().filter(move |(field, _)| field == name).map(|(_, value)| value.as_slice())
    }
}

/// What came of a request. A fault is data: sending never fails otherwise.
#[derive(Clone, Default)]
pub struct WireOutcome {
    /// What came back, with a fault only the part before it.
    pub answer: Option<WireAnswer>,
    /// Why there is no complete answer.
    pub fault: Option<Fault>,
    /// The first line of what came instead of an answer, to be shown with the fault.
    pub junk: Vec<u8>,
    /// Faults of the protocol that left the answer readable.
    pub irregular: Vec<Irregularity>,
    /// How long it took.
    pub timing: Timing,
}
