use std::collections::HashMap;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use hyper::body::Body as _;
use reqwest::{Proxy, redirect, retry};
use tokio::time::timeout_at;
use tower::util::MapFutureLayer;
use url::{Position, Url};

use crate::event::{Fault, Phase};

use super::names::Names;
use super::options::{BadNetworkOptions, NetworkOptions, Versions};
use super::places::{Places, place};
use super::pool::{MAX_IDLE, MAX_KEPT};
use super::progress::Progress;
use super::tls::Tls;
use super::transport::{Sending, Transport};
use super::{LaneId, Limits, WireOutcome, WireRequest, breakdown, failure, message, stage};

/// HTTP/2, HTTP/1.1 where TLS agrees on that, and everything through a proxy: by reqwest.
///
/// It follows no redirect, asks no environment for a proxy, keeps no cookies, undoes no coding by itself and sends nothing
/// twice. It adds no header field of its own but `Host`, `Content-Length`, `Accept` where there is none, and the
/// credentials of the proxy.
///
/// What reqwest keeps to itself, compared with [`Network`](super::Network), is told in the docs of the room.
pub struct Client {
    tls: Arc<Tls>,
    places: Arc<Places>,
    proxy: Option<Via>,
    versions: Versions,
    /// One for each lane and origin: connections belong to a client, and so to a lane.
    clients: Mutex<HashMap<(LaneId, String), reqwest::Client>>,
}

struct Via {
    /// Where the proxy is, credentials left out.
    url: Url,
    proxy: Proxy,
}

impl Client {
    /// The client with these options.
    ///
    /// # Errors
    /// [`BadNetworkOptions`] when a certificate, a key, a proxy or an address cannot be used.
    pub fn new(options: &NetworkOptions) -> Result<Self, BadNetworkOptions> {
        let (tls, places) = (Tls::new(&options.tls)?, Places::new(&options.resolve)?);
        Self::with(options, Arc::new(tls), Arc::new(places))
    }

    /// The client with trust and addresses that are shared.
    pub(super) fn with(
        options: &NetworkOptions,
        tls: Arc<Tls>,
        places: Arc<Places>,
    ) -> Result<Self, BadNetworkOptions> {
        let proxy = options.proxy.as_ref().map(|proxy| via(proxy, &places)).transpose()?;
        Ok(Self { tls, places, proxy, versions: options.versions, clients: Mutex::default() })
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
        let limits = &request.limits;
        let (method, headers) = message::head(request)?;
        if request.dotted.is_some() {
            let detail = "a path with `.` or `..` in it can be sent over HTTP/1.1 only, and not through a proxy";
            return Err(failure::bad_request(detail.to_owned()));
        }
        if request.hostless {
            let detail = "`host` can be left out over HTTP/1.1 only, and not through a proxy";
            return Err(failure::bad_request(detail.to_owned()));
        }
        let client = self.client(lane, &request.url, limits)?;
        let mut message = reqwest::Request::new(method, request.url.clone());
        *message.headers_mut() = headers;
        if !request.body.is_empty() {
            *message.body_mut() = Some(request.body.clone().into());
        }
        progress.phase = Phase::Headers;
        let sent = progress.stage.watch(client.execute(message)).await;
        let dialed = self.proxy.as_ref().map_or(&request.url, |via| &via.url);
        let answer: http::Response<reqwest::Body> =
            sent.map_err(|error| breakdown::head(&error, dialed, limits.connect_timeout))?.into();
        if answer.status() == 101 {
            return Err(failure::switched());
        }
        let coding = progress.head_came(&answer, limits)?;
        body(answer.into_body(), limits.max_body_bytes, progress).await?;
        progress.decode(coding, limits.max_body_bytes).await
    }

    /// The client of a lane for the origin of `url`. Its limits are those of the request that needs it first.
    fn client(&self, lane: LaneId, url: &Url, limits: &Limits) -> Result<reqwest::Client, Fault> {
        let origin = format!("{}://{}", url.scheme(), &url[Position::BeforeHost..Position::AfterPort]);
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = clients.get(&(lane, origin.clone())) {
            return Ok(client.clone());
        }
        let client = self.build(url, limits)?;
        clients.insert((lane, origin), client.clone());
        Ok(client)
    }

    fn build(&self, url: &Url, limits: &Limits) -> Result<reqwest::Client, Fault> {
        if self.proxy.is_none() && self.places.lead_astray(url) {
            let detail = format!("`{}` cannot be sent to the address that `resolve` names over HTTP/2", place(url));
            return Err(failure::bad_request(detail));
        }
        let named = self.places.address_of(url).zip(url.host_str());
        let mut builder = reqwest::Client::builder()
            .tls_backend_preconfigured(self.tls.config(self.versions).map_err(failure::no_tls)?)
            .redirect(redirect::Policy::none())
            .retry(retry::never())
            .referer(false)
            .no_proxy()
            .dns_resolver(Names { named: named.map(|(address, host)| (host.to_owned(), address)) })
            .connector_layer(MapFutureLayer::new(stage::noted))
            .connect_timeout(limits.connect_timeout)
            .pool_idle_timeout(MAX_IDLE)
            .pool_max_idle_per_host(MAX_KEPT)
            .http1_max_headers(limits.max_header_fields)
            .http2_max_header_list_size(u32::try_from(limits.max_head_bytes).unwrap_or(u32::MAX));
        builder = match self.versions {
            Versions::One => builder.http1_only(),
            Versions::Two => builder.http2_prior_knowledge(),
            Versions::Any => builder,
        };
        if let Some(via) = &self.proxy {
            builder = builder.proxy(via.proxy.clone());
        }
        builder.build().map_err(|error| failure::bad_request(format!("no client can be made: {}", error.without_url())))
    }
}

impl Transport for Client {
    fn send(&self, lane: LaneId, request: WireRequest) -> Sending<'_> {
        Box::pin(self.exchange(lane, request))
    }
}

/// Reads the body to its end.
async fn body(mut body: reqwest::Body, max_bytes: u64, progress: &mut Progress) -> Result<(), Fault> {
    progress.announced(body.size_hint().exact(), max_bytes)?;
    loop {
        match poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await {
            None => return Ok(()),
            Some(Err(error)) => return Err(breakdown::body(&error, progress.got(), progress.expected)),
            Some(Ok(frame)) => progress.took(&frame.into_data().unwrap_or_default(), max_bytes)?,
        }
    }
}

/// The proxy at `url`, under the address that the target names for it.
fn via(url: &Url, places: &Places) -> Result<Via, BadNetworkOptions> {
    let bad = || BadNetworkOptions::Proxy(url.scheme().to_owned());
    if !matches!(url.scheme(), "http" | "https" | "socks5" | "socks5h") {
        return Err(bad());
    }
    let mut with_credentials = url.clone();
    // TLS needs the name; without it only the address matters.
    if let Some(address) = places.address_of(url).filter(|_| url.scheme() != "https") {
        with_credentials.set_ip_host(address.ip()).map_err(|()| bad())?;
        with_credentials.set_port(Some(address.port())).map_err(|()| bad())?;
    }
    let proxy = Proxy::all(with_credentials).map_err(|_| bad())?;
    let mut url = url.clone();
    // Every scheme above can have credentials, and so can be without.
    let _ = (url.set_username(""), url.set_password(None));
    Ok(Via { url, proxy })
}
