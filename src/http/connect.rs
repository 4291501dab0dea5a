use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;
use url::{Host, Url};

use crate::event::{Fault, FaultKind, Phase};

use super::failure;
use super::message::Route;
use super::options::{BadNetworkOptions, NetworkOptions, Versions, addresses};
use super::tap::Duplex;
use super::tls::Tls;

/// How long one address may keep the next from being tried (RFC 8305 §5).
const ATTEMPT_DELAY: Duration = Duration::from_millis(250);
/// How much a proxy may say before the tunnel stands.
const MAX_PROXY_ANSWER: usize = 16 * 1024;

/// Opens connections to the origins of a target.
pub(super) struct Connector {
    tls: Tls,
    proxy: Option<Url>,
    versions: Versions,
    resolve: BTreeMap<String, SocketAddr>,
}

/// What is spoken over an open connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spoken {
    /// HTTP/1.1.
    One,
    /// HTTP/2.
    Two,
}

impl Connector {
    pub(super) fn new(options: &NetworkOptions) -> Result<Self, BadNetworkOptions> {
        if let Some(proxy) = options.proxy.as_ref().filter(|proxy| proxy.scheme() != "http") {
            return Err(BadNetworkOptions::Proxy(proxy.scheme().to_owned()));
        }
        Ok(Self {
            tls: Tls::new(&options.tls, options.versions)?,
            proxy: options.proxy.clone(),
            versions: options.versions,
            resolve: addresses(&options.resolve)?,
        })
    }

    /// How a request to `url` reaches its origin.
    pub(super) fn route(&self, url: &Url) -> Route {
        match &self.proxy {
            Some(proxy) if url.scheme() == "http" => Route::Proxy(proxy_authorization(proxy)),
            Some(_) | None => Route::Direct,
        }
    }

    /// Opens a connection to the origin of `url`.
    pub(super) async fn open(&self, url: &Url, limit: Duration) -> Result<(Box<dyn Duplex>, Spoken), Fault> {
        match timeout(limit, self.dial(url)).await {
            Ok(dialed) => dialed,
            Err(_) => Err(failure::unreachable(format!("no connection within {limit:?}"))),
        }
    }

    async fn dial(&self, url: &Url) -> Result<(Box<dyn Duplex>, Spoken), Fault> {
        let mut tcp = self.tcp(self.proxy.as_ref().unwrap_or(url)).await?;
        if url.scheme() != "https" {
            let spoken = if self.versions == Versions::Two { Spoken::Two } else { Spoken::One };
            return Ok((Box::new(tcp), spoken));
        }
        if let Some(proxy) = &self.proxy {
            tunnel(&mut tcp, proxy, url).await?;
        }
        let config = self.tls.config().map_err(tls_fault)?;
        let name = match &self.tls.server_name {
            Some(name) => name.clone(),
            None => server_name(url)?,
        };
        let connector = tokio_rustls::TlsConnector::from(Arc::clone(&config));
        let stream = connector.connect(name, tcp).await.map_err(|error| failure::tls(&error))?;
        let agreed = stream.get_ref().1.alpn_protocol().map(<[u8]>::to_vec);
        let spoken = match (self.versions, agreed.as_deref()) {
            (Versions::Two, _) | (Versions::Any, Some(b"h2")) => Spoken::Two,
            (Versions::One | Versions::Any, _) => Spoken::One,
        };
        Ok((Box::new(stream), spoken))
    }

    async fn tcp(&self, url: &Url) -> Result<TcpStream, Fault> {
        let port = url.port_or_known_default().unwrap_or(80);
        let host = url.host().ok_or_else(|| failure::bad_request("the URL has no host".to_owned()))?;
        let place = format!("{host}:{port}");
        let found: Vec<SocketAddr> = match (self.resolve.get(&place), &host) {
            (Some(address), _) => vec![*address],
            (None, Host::Ipv4(address)) => vec![(*address, port).into()],
            (None, Host::Ipv6(address)) => vec![(*address, port).into()],
            (None, Host::Domain(name)) => lookup_host((*name, port))
                .await
                .map_err(|error| failure::unreachable(format!("`{name}` cannot be resolved: {error}")))?
                .collect(),
        };
        let stream = race(found).await.map_err(|error| failure::unreachable(format!("{place}: {error}")))?;
        // Small requests must not wait for acknowledgements; a socket that cannot do it still works.
        let _ = stream.set_nodelay(true);
        Ok(stream)
    }
}

/// Connects to the first address that answers; a slow one does not hold up the others for long.
async fn race(addresses: Vec<SocketAddr>) -> io::Result<TcpStream> {
    let mut waiting = addresses.into_iter();
    let mut attempts = FuturesUnordered::new();
    let mut last = io::Error::new(io::ErrorKind::NotFound, "the name has no address");
    loop {
        let ended = match waiting.next() {
            Some(address) => {
                attempts.push(TcpStream::connect(address));
                match timeout(ATTEMPT_DELAY, attempts.next()).await {
                    Ok(ended) => ended,
                    Err(_) => continue,
                }
            }
            None => match attempts.next().await {
                Some(ended) => Some(ended),
                None => return Err(last),
            },
        };
        match ended {
            Some(Ok(stream)) => return Ok(stream),
            Some(Err(error)) => last = error,
            None => {}
        }
    }
}

/// Asks the proxy for a tunnel to the origin of `url` (RFC 9110 §9.3.6).
async fn tunnel(tcp: &mut TcpStream, proxy: &Url, url: &Url) -> Result<(), Fault> {
    let refused = |why: String| failure::unreachable(format!("the proxy gave no tunnel: {why}"));
    let host = url.host_str().unwrap_or_default();
    let port = url.port_or_known_default().unwrap_or(443);
    let mut request = format!("CONNECT {host}:{port} HTTP/1.1\r\nhost: {host}:{port}\r\n");
    if let Some(authorization) = proxy_authorization(proxy) {
        request.push_str("proxy-authorization: ");
        request.push_str(&authorization);
        request.push_str("\r\n");
    }
    request.push_str("\r\n");
    tcp.write_all(request.as_bytes()).await.map_err(|error| refused(error.to_string()))?;
    let mut answer = Vec::new();
    // Nobody but the proxy speaks before our TLS greeting, so nothing beyond its answer can be read here.
    while !answer.windows(4).any(|window| window == b"\r\n\r\n") {
        let mut buffer = [0; 1024];
        let count = tcp.read(&mut buffer).await.map_err(|error| refused(error.to_string()))?;
        if count == 0 || answer.len() > MAX_PROXY_ANSWER {
            return Err(refused("it said nothing that is HTTP".to_owned()));
        }
        answer.extend_from_slice(&buffer[..count]);
    }
    let status = String::from_utf8_lossy(&answer).split_ascii_whitespace().nth(1).unwrap_or_default().to_owned();
    if status.len() == 3 && status.starts_with('2') {
        Ok(())
    } else {
        Err(refused(format!("it answered `{}`", status.escape_debug())))
    }
}

fn proxy_authorization(proxy: &Url) -> Option<String> {
    if proxy.username().is_empty() {
        return None;
    }
    let decode = |text: &str| percent_encoding::percent_decode_str(text).collect::<Vec<u8>>();
    let mut pair = decode(proxy.username());
    pair.push(b':');
    pair.extend(decode(proxy.password().unwrap_or_default()));
    Some(format!("Basic {}", STANDARD.encode(pair)))
}

fn server_name(url: &Url) -> Result<ServerName<'static>, Fault> {
    let host = url.host_str().unwrap_or_default().trim_start_matches('[').trim_end_matches(']');
    ServerName::try_from(host.to_owned()).map_err(|_| tls_fault(format!("`{host}` is no name that can be verified")))
}

fn tls_fault(detail: String) -> Fault {
    Fault { phase: Phase::Connect, kind: FaultKind::Tls, detail }
}
