use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::api::TenantSite;
use super::authority::{Authority, TlsError};
use super::control::ControlSite;
use super::session::keep_time;
use super::tenant::{Tenant, TenantSeed};
use super::wire::{public_url, serve};
use super::{Credentials, Defect, Encryption, Entropy, HostOptions, TenantOptions};

/// How long connections may take to end when a tenant closes.
const CLOSING_PATIENCE: Duration = Duration::from_secs(3);
/// How many tenants a host may have at once.
const MOST_TENANTS: usize = 10_000;

/// The number of a tenant of a host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TenantId(pub(crate) u64);

impl fmt::Display for TenantId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Why a host does not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum HostError {
    /// The control API cannot listen there.
    #[error("cannot listen on {address} for the control API")]
    Listen {
        /// Where it was to listen.
        address: SocketAddr,
        /// Why not.
        source: io::Error,
    },
    /// TLS cannot be set up.
    #[error("cannot set up TLS")]
    Tls(#[from] TlsError),
}

/// Why a tenant does not open.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// It cannot listen there.
    #[error("cannot listen on {address} for a tenant")]
    Listen {
        /// Where it was to listen.
        address: SocketAddr,
        /// Why not.
        source: io::Error,
    },
    /// There are too many already.
    #[error("there are already {MOST_TENANTS} tenants")]
    TooMany,
    /// The host is shutting down.
    #[error("the sandbox is shutting down")]
    ShuttingDown,
}

/// A tenant that can be called.
#[derive(Clone, Debug)]
pub struct OpenTenant {
    /// Its number.
    pub id: TenantId,
    /// Its URL, without a slash at its end.
    pub address: String,
    /// The URL of its resource in the control API.
    pub control: String,
    /// Who may sign in.
    pub credentials: Credentials,
}

/// Serves simulated tenants, and a control API for them. When it is dropped, everything it serves ends soon;
/// [`Host::shutdown`] also waits for that.
pub struct Host {
    shared: Arc<Shared>,
}

impl Host {
    /// Starts a host without tenants.
    ///
    /// # Errors
    /// [`HostError`] when the control API cannot listen or TLS cannot be set up.
    pub async fn start(options: HostOptions) -> Result<Self, HostError> {
        let authority = match options.encryption {
            Encryption::Plain => None,
            Encryption::Tls => Some(Authority::make()?),
        };
        let failed = |source| HostError::Listen { address: options.control_listen, source };
        let listener = TcpListener::bind(options.control_listen).await.map_err(failed)?;
        let bound = listener.local_addr().map_err(failed)?;
        let shared = Arc::new(Shared {
            control_url: public_url(scheme(authority.as_ref()), bound),
            control_secret: options.entropy.stream("control").hex(24),
            entropy: options.entropy,
            tenants: Mutex::default(),
            closing: CancellationToken::new(),
            tasks: TaskTracker::new(),
            authority,
        });
        let site = Arc::new(ControlSite(Arc::clone(&shared)));
        let (tasks, closing) = (shared.tasks.clone(), shared.closing.clone());
        shared.tasks.spawn(serve(site, listener, shared.acceptor(), tasks, closing));
        Ok(Self { shared })
    }

    /// Opens a tenant. Its port accepts connections when this returns.
    ///
    /// # Errors
    /// [`OpenError`] when it cannot listen there, when there are too many tenants, or when the host is shutting down.
    pub async fn open(&self, options: TenantOptions) -> Result<OpenTenant, OpenError> {
        self.shared.open(options, SeedFrom::Options).await
    }

    /// Closes a tenant and lets everyone go who is held by it. A number that is not open is no error.
    pub async fn close(&self, id: TenantId) {
        self.shared.close(id).await;
    }

    /// The defects that a tenant's rules have asked for, where it notes that: no other one could have made a difference
    /// to what it answered.
    pub fn asked(&self, id: TenantId) -> BTreeSet<Defect> {
        self.shared.tenant(id).map(|tenant| tenant.defects.asked()).unwrap_or_default()
    }

    /// Closes all tenants and the control API.
    pub async fn shutdown(self) {
        self.shared.closing.cancel();
        let tenants = std::mem::take(&mut *self.shared.tenants());
        for tenant in tenants.opened.into_values() {
            tenant.end().await;
        }
        self.shared.tasks.close();
        // Whoever still talks after that is cut off when the runtime ends.
        let _ = tokio::time::timeout(CLOSING_PATIENCE, self.shared.tasks.wait()).await;
    }

    /// The URL of the control API, without a slash at its end.
    pub fn control_url(&self) -> &str {
        &self.shared.control_url
    }

    /// The value of the `Authorization` header that the control API asks for.
    pub fn control_authorization(&self) -> String {
        format!("Bearer {}", self.shared.control_secret)
    }

    /// The certificate, as PEM, to be trusted by those who connect; `None` without TLS.
    pub fn certificate_authority(&self) -> Option<&str> {
        self.shared.authority.as_ref().map(|authority| &*authority.pem)
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        self.shared.closing.cancel();
    }
}

/// Which seed a tenant gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SeedFrom {
    /// The one of its options.
    Options,
    /// Its own number, so that it is like no other tenant of the host.
    Number,
}

/// What the host and its control API share.
pub(crate) struct Shared {
    pub(crate) control_secret: String,
    control_url: String,
    entropy: Entropy,
    authority: Option<Authority>,
    tenants: Mutex<Tenants>,
    closing: CancellationToken,
    tasks: TaskTracker,
}

#[derive(Default)]
struct Tenants {
    opened: BTreeMap<TenantId, Running>,
    last: u64,
}

/// A tenant and the tasks that serve it.
struct Running {
    tenant: Arc<Tenant>,
    tasks: TaskTracker,
}

impl Running {
    async fn end(self) {
        self.tenant.closing.cancel();
        self.tasks.close();
        // A client that does not let go is cut off: its task ends a moment later.
        let _ = tokio::time::timeout(CLOSING_PATIENCE, self.tasks.wait()).await;
    }
}

fn scheme(authority: Option<&Authority>) -> &'static str {
    if authority.is_some() { "https" } else { "http" }
}

impl Shared {
    /// Opens a tenant.
    pub(crate) async fn open(&self, options: TenantOptions, seed: SeedFrom) -> Result<OpenTenant, OpenError> {
        let failed = |source| OpenError::Listen { address: options.listen, source };
        let listener = TcpListener::bind(options.listen).await.map_err(failed)?;
        let address = public_url(scheme(self.authority.as_ref()), listener.local_addr().map_err(failed)?);
        let credentials = options.credentials.credentials(&self.entropy.part("credentials"), options.agents);

        let mut tenants = self.tenants();
        if self.closing.is_cancelled() {
            return Err(OpenError::ShuttingDown);
        }
        if tenants.opened.len() >= MOST_TENANTS {
            return Err(OpenError::TooMany);
        }
        tenants.last += 1;
        let id = TenantId(tenants.last);
        let entropy = match seed {
            SeedFrom::Options => self.entropy.part(&format!("seed-{}", options.seed)),
            SeedFrom::Number => self.entropy.part(&format!("number-{id}")),
        };
        let closing = self.closing.child_token();
        let tenant = Arc::new(Tenant::new(TenantSeed {
            address: address.clone(),
            credentials: &credentials,
            entropy: &entropy,
            closing: closing.clone(),
        }));
        tenant.defects.set(options.defects);
        if options.notes_defects {
            tenant.defects.note();
        }
        let tasks = TaskTracker::new();
        let site = Arc::new(TenantSite(Arc::clone(&tenant)));
        tasks.spawn(keep_time(Arc::clone(&tenant)));
        tasks.spawn(serve(site, listener, self.acceptor(), tasks.clone(), closing));
        tenants.opened.insert(id, Running { tenant, tasks });
        Ok(OpenTenant { id, address, control: self.control_of(id), credentials })
    }

    /// Closes a tenant; whether there was one.
    pub(crate) async fn close(&self, id: TenantId) -> bool {
        let running = self.tenants().opened.remove(&id);
        let is_known = running.is_some();
        if let Some(running) = running {
            running.end().await;
        }
        is_known
    }

    /// The tenant of this number.
    pub(crate) fn tenant(&self, id: TenantId) -> Option<Arc<Tenant>> {
        self.tenants().opened.get(&id).map(|running| Arc::clone(&running.tenant))
    }

    /// Every tenant, by number.
    pub(crate) fn all(&self) -> Vec<(TenantId, Arc<Tenant>)> {
        self.tenants().opened.iter().map(|(id, running)| (*id, Arc::clone(&running.tenant))).collect()
    }

    /// The URL of a tenant's resource in the control API.
    pub(crate) fn control_of(&self, id: TenantId) -> String {
        format!("{}/tenants/{id}", self.control_url)
    }

    fn acceptor(&self) -> Option<tokio_rustls::TlsAcceptor> {
        self.authority.as_ref().map(|authority| authority.acceptor.clone())
    }

    fn tenants(&self) -> MutexGuard<'_, Tenants> {
        self.tenants.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
