use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Instant;

use hyper::Response;
use hyper::body::{Body as _, Incoming};
use tokio::sync::Notify;
use tokio::time::timeout_at;
use url::Position;

use crate::event::{Fault, FaultKind, Phase};

use super::connect::Connector;
use super::connection::{Afterwards, Connection};
use super::message::compose;
use super::options::{BadNetworkOptions, NetworkOptions};
use super::pool::Pool;
use super::progress::Progress;
use super::transport::{Sending, Transport};
use super::{LaneId, Limits, WireOutcome, WireRequest, failure, framing};

/// The network: HTTP/1.1 and 2 over TCP and TLS.
///
/// It follows no redirect, asks no environment for a proxy, sends nothing twice and adds no header field of its own
/// but `Host` and `Content-Length`.
pub struct Network {
    connector: Connector,
    pool: Pool,
}

impl Network {
    /// The network with these options.
    ///
    /// # Errors
    /// [`BadNetworkOptions`] when a certificate, a key, a proxy or an address cannot be used.
    pub fn new(options: &NetworkOptions) -> Result<Self, BadNetworkOptions> {
        Ok(Self { connector: Connector::new(options)?, pool: Pool::default() })
    }

    async fn exchange(&self, lane: LaneId, request: WireRequest) -> WireOutcome {
        let mut progress = Progress::new(Instant::now());
        let deadline = request.limits.deadline.instant().into();
        let fault = match timeout_at(deadline, self.attempt(lane, &request, &mut progress)).await {
            Ok(Ok(())) => None,
            Ok(Err(fault)) => Some(fault),
            Err(_) => Some(progress.out_of_time()),
        };
        progress.into_outcome(fault)
    }

    async fn attempt(&self, lane: LaneId, request: &WireRequest, progress: &mut Progress) -> Result<(), Fault> {
        let url = &request.url;
        let route = self.connector.route(url);
        let origin = format!("{}://{}", url.scheme(), &url[Position::BeforeHost..Position::AfterPort]);
        progress.phase = Phase::Connect;
        let mut connection = match self.pool.take(lane, &origin).await {
            Some(connection) => connection,
            None => self.connect(request).await?,
        };
        let message = compose(request, connection.spoken(), &route)?;
        progress.phase = Phase::Headers;
        progress.gauge = Some(connection.gauge());
        let answer = head(&mut connection, message, request.limits.max_interim, progress).await?;
        if answer.status() == 101 {
            return Err(protocol(Phase::Headers, "the protocol was switched, which nobody asked for".to_owned()));
        }
        let coding = progress.head_came(&answer)?;
        let status = answer.status().as_u16();
        body(&mut connection, answer.into_body(), &request.limits, progress).await?;
        let afterwards = connection.look().await;
        if afterwards == Afterwards::Bytes {
            progress.irregular.push(framing::bytes_after_end(&request.method, status));
        }
        if afterwards == Afterwards::Usable && progress.irregular.is_empty() {
            self.pool.keep(lane, origin, connection);
        }
        progress.decode(coding, request.limits.max_body_bytes).await
    }

    async fn connect(&self, request: &WireRequest) -> Result<Connection, Fault> {
        let (stream, spoken) = self.connector.open(&request.url, request.limits.connect_timeout).await?;
        Connection::greet(stream, spoken, &request.limits)
            .await
            .map_err(|error| protocol(Phase::Connect, error.to_string()))
    }
}

impl Transport for Network {
    fn send(&self, lane: LaneId, request: WireRequest) -> Sending<'_> {
        Box::pin(self.exchange(lane, request))
    }
}

/// Sends the request and waits for the head of its answer.
async fn head(
    connection: &mut Connection,
    mut message: hyper::Request<super::payload::Payload>,
    max_interim: u32,
    progress: &mut Progress,
) -> Result<Response<Incoming>, Fault> {
    let interim = Arc::new(Interim::default());
    let counter = Arc::clone(&interim);
    hyper::ext::on_informational(&mut message, move |_| counter.count(max_interim));
    let sent = tokio::select! {
        biased;
        () = interim.too_many.notified() => None,
        sent = connection.send(message) => Some(sent),
    };
    match sent {
        Some(Ok(answer)) if interim.seen.load(Ordering::Relaxed) <= max_interim => Ok(answer),
        Some(Err(error)) => {
            let fault = failure::head(&error, progress.read());
            if fault.kind == FaultKind::Protocol {
                progress.keep_junk();
            }
            Err(fault)
        }
        None | Some(Ok(_)) => {
            Err(protocol(Phase::Headers, format!("more than {max_interim} interim answers came before the answer")))
        }
    }
}

/// Reads the body to its end.
async fn body(
    connection: &mut Connection,
    mut body: Incoming,
    limits: &Limits,
    progress: &mut Progress,
) -> Result<(), Fault> {
    progress.expected = body.size_hint().exact();
    let max = limits.max_body_bytes;
    if let Some(length) = progress.expected.filter(|length| *length > max) {
        return Err(too_large(format!("{length} bytes are announced, {max} are allowed")));
    }
    loop {
        let frame = connection.during(poll_fn(|cx| Pin::new(&mut body).poll_frame(cx))).await;
        let got = progress.raw.len() as u64;
        let data = match frame {
            None => return Ok(()),
            Some(Err(error)) => return Err(failure::body(&error, got, progress.expected)),
            Some(Ok(frame)) => frame.into_data().unwrap_or_default(),
        };
        if got + data.len() as u64 > max {
            return Err(too_large(format!("more than {max} bytes")));
        }
        progress.raw.extend_from_slice(&data);
    }
}

fn protocol(phase: Phase, detail: String) -> Fault {
    Fault { phase, kind: FaultKind::Protocol, detail }
}

fn too_large(detail: String) -> Fault {
    Fault { phase: Phase::Body, kind: FaultKind::TooLarge, detail }
}

/// Counts interim answers.
#[derive(Default)]
struct Interim {
    seen: AtomicU32,
    too_many: Notify,
}

impl Interim {
    fn count(&self, max: u32) {
        if self.seen.fetch_add(1, Ordering::Relaxed) >= max {
            self.too_many.notify_one();
        }
    }
}
