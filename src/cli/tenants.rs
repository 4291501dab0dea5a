use std::sync::Arc;

use crate::plan::Addresses;
use crate::run::{OpenedTenant, TenantError, TenantFuture, Tenants};
use crate::sandbox::{Defect, Host, TenantId, TenantOptions};

/// The embedded tenant, one for each case.
pub(super) struct SandboxTenants {
    host: Arc<Host>,
    defects: Vec<Defect>,
}

impl SandboxTenants {
    pub(super) fn new(host: Host) -> Self {
        Self::with(Arc::new(host), Vec::new())
    }

    /// Tenants that have these defects.
    pub(super) fn with(host: Arc<Host>, defects: Vec<Defect>) -> Self {
        Self { host, defects }
    }
}

impl Tenants for SandboxTenants {
    fn open(&self, seed: u64) -> TenantFuture<'_, Result<OpenedTenant, TenantError>> {
        Box::pin(async move {
            let options = TenantOptions { defects: self.defects.clone(), ..TenantOptions::embedded(seed) };
            let tenant = self.host.open(options).await.map_err(|error| TenantError(error.to_string()))?;
            Ok(OpenedTenant {
                id: tenant.id.0,
                addresses: Addresses { tenant: tenant.address, control: tenant.control },
                control_authorization: self.host.control_authorization(),
            })
        })
    }

    fn close(&self, id: u64) -> TenantFuture<'_, ()> {
        Box::pin(async move { self.host.close(TenantId(id)).await })
    }
}
