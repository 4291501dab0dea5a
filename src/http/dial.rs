use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use rustls::pki_types::ServerName;
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;
use url::{Host, Url};

use crate::event::Fault;

use super::failure;
use super::options::Versions;
use super::places::Places;
use super::tap::Duplex;
use super::tls::Tls;

/// How long one address may keep the next from being tried (RFC 8305 §5).
const ATTEMPT_DELAY: Duration = Duration::from_millis(250);

/// Opens connections to the origins of a target, for HTTP/1.1 without a proxy.
pub(super) struct Dialer {
    tls: Arc<Tls>,
    places: Arc<Places>,
}

impl Dialer {
    pub(super) fn new(tls: Arc<Tls>, places: Arc<Places>) -> Self {
        Self { tls, places }
    }

    /// Opens a connection to the origin of `url`.
    pub(super) async fn open(&self, url: &Url, limit: Duration) -> Result<Box<dyn Duplex>, Fault> {
        match timeout(limit, self.dial(url)).await {
            Ok(dialed) => dialed,
            Err(_) => Err(failure::too_slow_to_connect(limit)),
        }
    }

    async fn dial(&self, url: &Url) -> Result<Box<dyn Duplex>, Fault> {
        let tcp = self.tcp(url).await?;
        if url.scheme() != "https" {
            return Ok(Box::new(tcp));
        }
        let config = self.tls.config(Versions::One).map_err(failure::no_tls)?;
        let name = match &self.tls.server_name {
            Some(name) => name.clone(),
            None => server_name(url)?,
        };
        let connector = tokio_rustls::TlsConnector::from(Arc::new(config));
        let stream = connector.connect(name, tcp).await.map_err(|error| failure::tls(&error))?;
        Ok(Box::new(stream))
    }

    async fn tcp(&self, url: &Url) -> Result<TcpStream, Fault> {
        let port = url.port_or_known_default().unwrap_or(80);
        let host = url.host().ok_or_else(|| failure::bad_request("the URL has no host".to_owned()))?;
        let found: Vec<SocketAddr> = match (self.places.address_of(url), &host) {
            (Some(address), _) => vec![address],
            (None, Host::Ipv4(address)) => vec![(*address, port).into()],
            (None, Host::Ipv6(address)) => vec![(*address, port).into()],
            (None, Host::Domain(name)) => {
                lookup_host((*name, port)).await.map_err(|error| failure::unresolved(name, &error))?.collect()
            }
        };
        let stream = race(found).await.map_err(|error| failure::refused(url, &error))?;
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

fn server_name(url: &Url) -> Result<ServerName<'static>, Fault> {
    let host = url.host_str().unwrap_or_default().trim_start_matches('[').trim_end_matches(']');
    ServerName::try_from(host.to_owned())
        .map_err(|_| failure::no_tls(format!("`{host}` is no name that can be verified")))
}
