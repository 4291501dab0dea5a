use std::future::Future;
use std::pin::Pin;

use crate::plan::Addresses;

/// A tenant that was opened for one case.
#[derive(Clone, Debug)]
pub struct OpenedTenant {
    /// By which it is closed.
    pub id: u64,
    /// Where it is.
    pub addresses: Addresses,
    /// The `Authorization` field that its control address wants.
    pub control_authorization: String,
}

/// Why a tenant could not be opened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no tenant could be opened for the case: {0}")]
pub struct TenantError(pub String);

/// A future of [`Tenants`].
pub type TenantFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Opens a tenant for each case of an embedded target. Who serves them is not known here.
pub trait Tenants: Send + Sync {
    /// Opens a tenant that nobody else has; what it makes up derives from `seed`.
    fn open(&self, seed: u64) -> TenantFuture<'_, Result<OpenedTenant, TenantError>>;

    /// Closes it.
    fn close(&self, id: u64) -> TenantFuture<'_, ()>;
}
