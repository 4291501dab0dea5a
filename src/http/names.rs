use std::io;
use std::net::SocketAddr;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tokio::net::lookup_host;

/// Resolves names for the client of one origin.
pub(super) struct Names {
    /// The host of the origin, and the address that the target names for it.
    pub(super) named: Option<(String, SocketAddr)>,
}

/// A name without an address.
#[derive(Debug, thiserror::Error)]
#[error("`{name}` cannot be resolved")]
pub(super) struct Unresolved {
    pub(super) name: String,
    pub(super) source: io::Error,
}

impl Resolve for Names {
    fn resolve(&self, name: Name) -> Resolving {
        let name = name.as_str().to_owned();
        if let Some((_, address)) = self.named.as_ref().filter(|(host, _)| *host == name) {
            let addresses: Addrs = Box::new(std::iter::once(*address));
            return Box::pin(std::future::ready(Ok(addresses)));
        }
        Box::pin(async move {
            // No port: that of the URL is put in.
            let found = lookup_host((name.as_str(), 0)).await.map(Iterator::collect::<Vec<_>>);
            match found {
                Ok(found) => Ok(Box::new(found.into_iter()) as Addrs),
                Err(source) => Err(Unresolved { name, source }.into()),
            }
        })
    }
}
