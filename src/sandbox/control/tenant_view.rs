use serde_json::{Value, json};

use crate::sandbox::host::{Shared, TenantId};
use crate::sandbox::tenant::Tenant;

/// A tenant as the control API tells it.
pub(crate) fn tenant_view(shared: &Shared, id: TenantId, tenant: &Tenant) -> Value {
    json!({
        "id": id.0,
        "address": tenant.address,
        "control": shared.control_of(id),
        "tenant_id": tenant.uuid,
        "now": tenant.now().iso(),
        "ahead_ms": tenant.time.ahead_millis(),
    })
}
