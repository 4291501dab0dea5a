use std::collections::BTreeMap;
use url::Url;

/// How connections to a target are made.
#[derive(Clone, Debug, Default)]
pub struct NetworkOptions {
    /// Trust, and the client's own certificate.
    pub tls: TlsOptions,
    /// Where requests are sent instead: a proxy with an `http:`, `https:`, `socks5:` or `socks5h:` URL. The environment is
    /// never asked.
    pub proxy: Option<Url>,
    /// Which versions of HTTP are spoken.
    pub versions: Versions,
    /// Addresses to use for `host:port`, each an address or an address with a port. Over HTTP/2, a URL that names its port
    /// cannot be sent to another one.
    pub resolve: BTreeMap<String, String>,
}

/// Trust, and the client's own certificate.
#[derive(Clone, Debug, Default)]
pub struct TlsOptions {
    /// PEM text with the only authorities that are trusted; the platform's when absent.
    pub ca: Option<Vec<u8>>,
    /// PEM text with the client's certificate chain.
    pub client_cert: Option<Vec<u8>>,
    /// PEM text with the client's key.
    pub client_key: Option<Vec<u8>>,
    /// The name to verify certificates against instead of the URL's host. It is also the name that the server is asked
    /// for, except over HTTP/2 and through a proxy, where that is the URL's host.
    pub server_name: Option<String>,
    /// Whether certificates are verified.
    pub verification: Verification,
}

/// Whether certificates are verified.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Verification {
    /// They are.
    #[default]
    Full,
    /// They are not; every report says so.
    Off,
}

/// Versions of HTTP that are spoken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Versions {
    /// HTTP/1.1 only.
    One,
    /// HTTP/2 only; without TLS by prior knowledge.
    Two,
    /// Whichever TLS agrees on; HTTP/1.1 without TLS, and where only a connection of our own can do what is asked.
    #[default]
    Any,
}

/// Why connections cannot be made as asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BadNetworkOptions {
    /// PEM text without what was looked for, or that cannot be read.
    #[error("{what} is no usable PEM text: {why}")]
    Pem {
        /// Which.
        what: &'static str,
        /// Why.
        why: String,
    },
    /// A certificate without its key, or the other way round.
    #[error("a client certificate needs both `client_cert` and `client_key`")]
    HalfIdentity,
    /// TLS cannot be set up.
    #[error("TLS cannot be set up: {0}")]
    Tls(#[from] rustls::Error),
    /// A name that no certificate can have.
    #[error("`{0}` is no name that a certificate can have")]
    ServerName(String),
    /// A proxy of another scheme.
    #[error("expected a proxy with an `http:`, `https:`, `socks5:` or `socks5h:` URL, found `{0}:`")]
    Proxy(String),
    /// An entry of `resolve` that is no address.
    #[error("expected an address for `{key}`, found `{value}`")]
    Resolve {
        /// The host and port.
        key: String,
        /// What is no address.
        value: String,
    },
}
