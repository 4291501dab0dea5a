use std::fmt;

use url::Url;

/// Scheme, host and port: what a secret is bound to (RFC 6454).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin {
    scheme: String,
    host: String,
    port: u16,
}

impl Origin {
    /// The origin of a URL, a port left out being that of its scheme; `None` where there is no host or no known port.
    #[must_use]
    pub fn of(url: &Url) -> Option<Self> {
        Some(Self {
            scheme: url.scheme().to_owned(),
            host: url.host_str()?.to_owned(),
            port: url.port_or_known_default()?,
        })
    }

    /// The origin of a URL that is still a text.
    #[must_use]
    pub fn parse(url: &str) -> Option<Self> {
        Url::parse(url).ok().as_ref().and_then(Self::of)
    }

    /// The scheme, in lower case.
    #[must_use]
    pub fn scheme(&self) -> &str {
        &self.scheme
    }

    /// The host, in lower case; an IPv6 address stands in brackets.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.scheme, self.host)?;
        match (self.scheme.as_str(), self.port) {
            ("http", 80) | ("https", 443) => Ok(()),
            (_, port) => write!(f, ":{port}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_equal_with_and_without_the_port_of_the_scheme() {
        let origin = |text| Origin::parse(text).expect("the test's own URL");
        assert_eq!(origin("https://API.example.com/a?b"), origin("https://api.example.com:443"));
        assert_ne!(origin("https://api.example.com"), origin("http://api.example.com"));
        assert_ne!(origin("https://api.example.com"), origin("https://api.example.com:8443"));
        assert_eq!(origin("http://[::1]:8080/x").to_string(), "http://[::1]:8080");
        assert_eq!(origin("https://u:p@api.example.com/").to_string(), "https://api.example.com");
        assert_eq!(Origin::parse("data:text/plain,x"), None);
    }
}
