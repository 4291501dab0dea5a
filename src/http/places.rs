use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};

use url::{Host, Url};

use super::options::BadNetworkOptions;

/// The addresses that a target names for its hosts.
#[derive(Debug, Default)]
pub(super) struct Places(BTreeMap<String, SocketAddr>);

impl Places {
    /// Reads the `resolve` table.
    pub(super) fn new(table: &BTreeMap<String, String>) -> Result<Self, BadNetworkOptions> {
        table
            .iter()
            .map(|(key, value)| {
                let bad = || BadNetworkOptions::Resolve { key: key.clone(), value: value.clone() };
                let port = key.rsplit_once(':').and_then(|(_, port)| port.parse().ok()).ok_or_else(bad)?;
                let address = value
                    .parse()
                    .or_else(|_| value.parse::<IpAddr>().map(|ip| SocketAddr::new(ip, port)))
                    .map_err(|_| bad())?;
                Ok((key.to_ascii_lowercase(), address))
            })
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// The address to use for the host of `url`.
    pub(super) fn address_of(&self, url: &Url) -> Option<SocketAddr> {
        self.0.get(&place(url)).copied()
    }

    /// Whether `url` is to be sent where resolving its name cannot lead: its host is no name, or it names its port and
    /// another one is meant.
    pub(super) fn lead_astray(&self, url: &Url) -> bool {
        self.address_of(url).is_some_and(|address| {
            !matches!(url.host(), Some(Host::Domain(_))) || url.port().is_some_and(|port| port != address.port())
        })
    }
}

/// `host:port` of a URL.
pub(super) fn place(url: &Url) -> String {
    let port = match url.scheme() {
        "socks5" | "socks5h" => url.port().unwrap_or(1080),
        _ => url.port_or_known_default().unwrap_or(80),
    };
    format!("{}:{port}", url.host_str().unwrap_or_default())
}
