use crate::plan::Addresses;
use crate::run::{OpenedTenant, TenantError, TenantFuture, Tenants};
use crate::sandbox::{Host, TenantId, TenantOptions};

/// The embedded tenant, one for each case.
pub(super) struct SandboxTenants {
    host: Host,
}

impl SandboxTenants {
    pub(super) fn new(host: Host) -> Self {
        Self { host }
    }
}

impl Tenants for SandboxTenants {
    fn open(&self, seed: u64) -> TenantFuture<'_, Result<OpenedTenant, TenantError>> {
        Box::pin(async move {
            let tenant =
                self.host.open(TenantOptions::embedded(seed)).await.map_err(|error| TenantError(error.to_string()))?;
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
