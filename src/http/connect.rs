use std::sync::Arc;

use url::Url;

use super::client::Client;
use super::network::Network;
use super::options::{BadNetworkOptions, NetworkOptions, Versions};
use super::places::Places;
use super::tls::Tls;
use super::transport::{Sending, Transport, Warming};
use super::{LaneId, Limits, WireRequest};

/// The transport of a target with these options.
///
/// Requests of HTTP/1.1 without a proxy go over [`Network`], where every byte is accounted for; those that may become
/// HTTP/2, and those through a proxy, go over [`Client`].
///
/// # Errors
/// [`BadNetworkOptions`] when a certificate, a key, a proxy or an address cannot be used.
pub fn connect(options: &NetworkOptions) -> Result<Arc<dyn Transport>, BadNetworkOptions> {
    let (tls, places) = (Arc::new(Tls::new(&options.tls)?), Arc::new(Places::new(&options.resolve)?));
    Ok(Arc::new(Wires {
        client: Client::with(options, Arc::clone(&tls), Arc::clone(&places))?,
        network: Network::with(Arc::clone(&tls), Arc::clone(&places)),
        proxied: options.proxy.is_some(),
        versions: options.versions,
        renamed: options.tls.server_name.is_some(),
        places,
    }))
}

/// Both ways to a target.
struct Wires {
    network: Network,
    client: Client,
    proxied: bool,
    versions: Versions,
    /// Whether certificates are for another name than the URL's host.
    renamed: bool,
    places: Arc<Places>,
}

impl Wires {
    fn for_request(&self, request: &WireRequest) -> &dyn Transport {
        // Only a connection of our own can leave a path as it is, or leave out what must be there.
        if request.dotted.is_some() || request.hostless {
            return match self.versions {
                Versions::One | Versions::Any if !self.proxied => &self.network,
                Versions::One | Versions::Two | Versions::Any => &self.client,
            };
        }
        self.for_url(&request.url)
    }

    fn for_url(&self, url: &Url) -> &dyn Transport {
        let own = match self.versions {
            Versions::One => true,
            Versions::Two => false,
            // Only a connection of our own can ask the server for another name, or go to another port.
            Versions::Any => url.scheme() != "https" || self.renamed || self.places.lead_astray(url),
        };
        if own && !self.proxied { &self.network } else { &self.client }
    }
}

impl Transport for Wires {
    fn send(&self, lane: LaneId, request: WireRequest) -> Sending<'_> {
        self.for_request(&request).send(lane, request)
    }

    fn warm<'a>(&'a self, lane: LaneId, url: &'a Url, count: usize, limits: &'a Limits) -> Warming<'a> {
        self.for_url(url).warm(lane, url, count, limits)
    }
}
