use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::runtime::{Builder, Handle, Runtime};
use tokio::sync::OnceCell;

use crate::plan::Addresses;
use crate::run::{OpenedTenant, TenantError, TenantFuture, Tenants};
use crate::sandbox::{Defect, Entropy, Host, HostOptions, TenantId, TenantOptions};

/// What the tenants of a proof have asked for, by the control address of each, which no other one ever has.
#[derive(Clone, Default)]
pub(super) struct Asked(Arc<Mutex<BTreeMap<String, BTreeSet<String>>>>);

impl Asked {
    pub(super) fn at(&self, control: &str) -> Option<BTreeSet<String>> {
        self.known().get(control).cloned()
    }

    fn known(&self) -> MutexGuard<'_, BTreeMap<String, BTreeSet<String>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What the tenants of a yard are like.
pub(super) enum Breed {
    /// They have a defect.
    Broken(Option<Defect>),
    /// They are sound, and note what they are asked for.
    Sound(Asked),
}

/// The embedded tenants of one defect, on a thread of their own: whatever it makes of them, who judges them goes on, and
/// they end with their yard.
pub(super) struct Yard {
    runtime: Option<Runtime>,
    handle: Handle,
    seed: u64,
    breed: Breed,
    host: OnceCell<Arc<Host>>,
    /// The control address of each tenant that is open.
    open: Mutex<BTreeMap<u64, String>>,
}

impl Yard {
    pub(super) fn new(seed: u64, breed: Breed) -> std::io::Result<Self> {
        let runtime = Builder::new_multi_thread().worker_threads(1).thread_name("yard").enable_all().build()?;
        let handle = runtime.handle().clone();
        Ok(Self { runtime: Some(runtime), handle, seed, breed, host: OnceCell::new(), open: Mutex::default() })
    }

    /// Does it on the yard's own thread.
    async fn there<T: Send + 'static>(
        &self,
        what: impl Future<Output = Result<T, TenantError>> + Send + 'static,
    ) -> Result<T, TenantError> {
        self.handle.spawn(what).await.map_err(|error| TenantError(error.to_string()))?
    }

    async fn host(&self) -> Result<Arc<Host>, TenantError> {
        let start = || {
            let options = HostOptions::plain(Entropy::from_seed(self.seed));
            self.there(async move {
                Host::start(options).await.map(Arc::new).map_err(|error| TenantError(error.to_string()))
            })
        };
        self.host.get_or_try_init(start).await.cloned()
    }

    fn open_tenants(&self) -> MutexGuard<'_, BTreeMap<u64, String>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Yard {
    fn drop(&mut self) {
        // A tenant that does not let go of its thread keeps it; nobody waits for that.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl Tenants for Yard {
    fn open(&self, seed: u64) -> TenantFuture<'_, Result<OpenedTenant, TenantError>> {
        Box::pin(async move {
            let host = self.host().await?;
            let usual = TenantOptions::embedded(seed);
            let options = match &self.breed {
                Breed::Broken(defect) => TenantOptions { defects: defect.iter().copied().collect(), ..usual },
                Breed::Sound(_) => TenantOptions { notes_defects: true, ..usual },
            };
            let opener = Arc::clone(&host);
            let tenant = self
                .there(async move { opener.open(options).await.map_err(|error| TenantError(error.to_string())) })
                .await?;
            self.open_tenants().insert(tenant.id.0, tenant.control.clone());
            Ok(OpenedTenant {
                id: tenant.id.0,
                addresses: Addresses { tenant: tenant.address, control: tenant.control },
                control_authorization: host.control_authorization(),
            })
        })
    }

    fn close(&self, id: u64) -> TenantFuture<'_, ()> {
        Box::pin(async move {
            let Ok(host) = self.host().await else { return };
            let control = self.open_tenants().remove(&id);
            if let (Breed::Sound(asked), Some(control)) = (&self.breed, control) {
                let names = host.asked(TenantId(id)).into_iter().map(|defect| defect.name().to_owned());
                asked.known().insert(control, names.collect());
            }
            // What cannot be closed ends with the yard.
            let _ = self
                .there(async move {
                    host.close(TenantId(id)).await;
                    Ok(())
                })
                .await;
        })
    }
}
