use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Instant;

use futures_util::future::join_all;
use hyper::Response;
use hyper::body::{Body as _, Incoming};
use tokio::sync::Notify;
use tokio::time::timeout_at;
use url::{Position, Url};

use crate::event::{Fault, FaultKind, Phase};

use super::connection::{Afterwards, Connection, Unanswered};
use super::dial::Dialer;
use super::message::compose;
use super::options::{BadNetworkOptions, NetworkOptions};
use super::places::Places;
use super::pool::{MAX_KEPT, Pool};
use super::progress::Progress;
use super::tls::Tls;
use super::transport::{Sending, Transport, Warming};
use super::{LaneId, Limits, WireOutcome, WireRequest, failure, framing};

/// HTTP/1.1 over connections to the origin that this room holds itself, so that every byte is accounted for.
///
/// It follows no redirect and adds no header field of its own but `Host` and `Content-Length`. It sends nothing twice, with one
/// exception: a server may close a connection that it kept at any time (RFC 9112 §9.3.1, §9.5). Where it does so before a byte
/// of the answer, what was not sent yet, or is safe (RFC 9110 §9.2.1), goes over a new connection.
pub struct Network {
    dialer: Dialer,
    pool: Pool,
}

impl Network {
    /// The network with these options; of them, trust and addresses matter here, not the proxy and the versions.
    ///
    /// # Errors
    /// [`BadNetworkOptions`] when a certificate, a key or an address cannot be used.
    pub fn new(options: &NetworkOptions) -> Result<Self, BadNetworkOptions> {
        let (tls, places) = (Tls::new(&options.tls)?, Places::new(&options.resolve)?);
        Ok(Self::with(Arc::new(tls), Arc::new(places)))
    }

    /// The network with trust and addresses that are shared.
    pub(super) fn with(tls: Arc<Tls>, places: Arc<Places>) -> Self {
        Self { dialer: Dialer::new(tls, places), pool: Pool::default() }
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
        let origin = origin(url);
        progress.phase = Phase::Connect;
        let kept = self.ask_again(lane, &origin, request, progress).await?;
        let (mut connection, answer) = if let Some(answered) = kept {
            answered
        } else {
            progress.phase = Phase::Connect;
            let mut connection = self.connect(&request.url, &request.limits).await?;
            let answer = ask(&mut connection, request, progress).await.map_err(|unheard| unheard.fault)?;
            (connection, answer)
        };
        if answer.status() == 101 {
            return Err(failure::switched());
        }
        let coding = progress.head_came(&answer, &request.limits)?;
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

    /// Sends the request over a connection that is open already. Nothing when there is none that the server still listens to.
    async fn ask_again(
        &self,
        lane: LaneId,
        origin: &str,
        request: &WireRequest,
        progress: &mut Progress,
    ) -> Result<Option<(Connection, Response<Incoming>)>, Fault> {
        let Some(mut connection) = self.pool.take(lane, origin).await else { return Ok(None) };
        match ask(&mut connection, request, progress).await {
            Ok(answer) => Ok(Some((connection, answer))),
            Err(unheard) if unheard.may_go_again(&request.method) => Ok(None),
            Err(unheard) => Err(unheard.fault),
        }
    }

    async fn connect(&self, url: &Url, limits: &Limits) -> Result<Connection, Fault> {
        let stream = self.dialer.open(url, limits.connect_timeout).await?;
        Connection::greet(stream, limits).await.map_err(|error| failure::protocol(Phase::Connect, error.to_string()))
    }

    /// Opens what is missing of `count` connections; those that are open already are looked at and kept.
    async fn open(&self, lane: LaneId, url: &Url, count: usize, limits: &Limits) {
        let origin = origin(url);
        let mut open = Vec::new();
        while open.len() < count.min(MAX_KEPT) {
            match self.pool.take(lane, &origin).await {
                Some(connection) => open.push(connection),
                None => break,
            }
        }
        let missing = count.min(MAX_KEPT) - open.len();
        let opening = join_all((0..missing).map(|_| self.connect(url, limits)));
        // Whatever could not be opened is tried again, and told, by the request that needs it.
        if let Ok(opened) = timeout_at(limits.deadline.instant().into(), opening).await {
            open.extend(opened.into_iter().flatten());
        }
        for connection in open {
            self.pool.keep(lane, origin.clone(), connection);
        }
    }
}

fn origin(url: &Url) -> String {
    format!("{}://{}", url.scheme(), &url[Position::BeforeHost..Position::AfterPort])
}

impl Transport for Network {
    fn send(&self, lane: LaneId, request: WireRequest) -> Sending<'_> {
        Box::pin(self.exchange(lane, request))
    }

    fn warm<'a>(&'a self, lane: LaneId, url: &'a Url, count: usize, limits: &'a Limits) -> Warming<'a> {
        Box::pin(self.open(lane, url, count, limits))
    }
}

/// A request without the head of an answer.
struct Unheard {
    fault: Fault,
    sent: Sent,
}

#[derive(PartialEq, Eq)]
enum Sent {
    Nothing,
    Something,
}

impl Unheard {
    /// Whether it may be sent over another connection, after this one was closed.
    fn may_go_again(&self, method: &str) -> bool {
        self.fault.kind == FaultKind::NoAnswer
            && (self.sent == Sent::Nothing || matches!(method, "GET" | "HEAD" | "OPTIONS" | "TRACE"))
    }
}

impl From<Fault> for Unheard {
    fn from(fault: Fault) -> Self {
        Self { fault, sent: Sent::Something }
    }
}

/// Sends the request and waits for the head of its answer.
async fn ask(
    connection: &mut Connection,
    request: &WireRequest,
    progress: &mut Progress,
) -> Result<Response<Incoming>, Unheard> {
    let mut message = compose(request)?;
    let max_interim = request.limits.max_interim;
    progress.phase = Phase::Headers;
    progress.gauge = Some(connection.gauge());
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
        Some(Err(Unanswered::Unsent(error))) => {
            Err(Unheard { fault: failure::head(&error, progress.read()), sent: Sent::Nothing })
        }
        Some(Err(Unanswered::Sent(error))) => {
            let fault = failure::head(&error, progress.read());
            if fault.kind == FaultKind::Protocol {
                progress.keep_junk();
            }
            Err(fault.into())
        }
        None | Some(Ok(_)) => {
            let detail = format!("more than {max_interim} interim answers came before the answer");
            Err(failure::protocol(Phase::Headers, detail).into())
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
    progress.announced(body.size_hint().exact(), limits.max_body_bytes)?;
    loop {
        let frame = connection.during(poll_fn(|cx| Pin::new(&mut body).poll_frame(cx))).await;
        match frame {
            None => return Ok(()),
            Some(Err(error)) => return Err(failure::body(&error, progress.got(), progress.expected)),
            Some(Ok(frame)) => progress.took(&frame.into_data().unwrap_or_default(), limits.max_body_bytes)?,
        }
    }
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
