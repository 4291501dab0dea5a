use std::net::{Ipv4Addr, SocketAddr};

use super::{CredentialSource, Defect, Entropy};

/// How many agent users of each variant a tenant has, unless told otherwise.
const USUAL_AGENTS: usize = 8;

/// Any free port of the loopback interface.
pub(crate) const ANY_LOOPBACK_PORT: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

/// Whether connections are encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encryption {
    /// They are not.
    Plain,
    /// By TLS, under an authority that is made when the host starts and that nobody trusts by itself.
    Tls,
}

/// How a host is started.
#[derive(Clone, Debug)]
pub struct HostOptions {
    /// Where the control API listens.
    pub control_listen: SocketAddr,
    /// Of the tenants and of the control API alike.
    pub encryption: Encryption,
    /// What the control API's secret and everything random of its tenants derive from.
    pub entropy: Entropy,
}

impl HostOptions {
    /// Without encryption, the control API on any free port of the loopback interface.
    #[must_use]
    pub fn plain(entropy: Entropy) -> Self {
        Self { control_listen: ANY_LOOPBACK_PORT, encryption: Encryption::Plain, entropy }
    }

    /// The same with TLS.
    #[must_use]
    pub fn tls(entropy: Entropy) -> Self {
        Self { encryption: Encryption::Tls, ..Self::plain(entropy) }
    }
}

/// How a tenant is opened.
#[derive(Clone, Debug)]
pub struct TenantOptions {
    /// Where it listens.
    pub listen: SocketAddr,
    /// Tells its tokens and ids from those of other tenants of the same host.
    pub seed: u64,
    /// How many agent users it has for each variant: at least 1, at most 10 000.
    pub agents: usize,
    /// Who may sign in. Generated credentials are the same for all tenants of a host.
    pub credentials: CredentialSource,
    /// Which promises it breaks.
    pub defects: Vec<Defect>,
    /// Whether it notes which defects its rules ask for, for [`Host::asked`](super::Host::asked).
    pub notes_defects: bool,
}

impl TenantOptions {
    /// A tenant for this process alone: on any free port of the loopback interface, with fixed, obviously fake
    /// credentials.
    #[must_use]
    pub fn embedded(seed: u64) -> Self {
        let credentials = CredentialSource::Fixed;
        Self {
            listen: ANY_LOOPBACK_PORT,
            seed,
            agents: USUAL_AGENTS,
            credentials,
            defects: Vec::new(),
            notes_defects: false,
        }
    }

    /// A tenant for other programs too: at a given address, with credentials of its own.
    #[must_use]
    pub fn standalone(listen: SocketAddr) -> Self {
        Self { listen, credentials: CredentialSource::Generated, ..Self::embedded(0) }
    }
}
