use std::sync::Arc;

use super::answer::answer;
use crate::sandbox::tenant::Tenant;
use crate::sandbox::wire::{Call, Reply, Site};

/// A tenant on its listener: answers calls and keeps the journal.
pub(crate) struct TenantSite(pub(crate) Arc<Tenant>);

impl Site for TenantSite {
    async fn answer(self: Arc<Self>, call: Call) -> Reply {
        let tenant = &self.0;
        let answered = answer(tenant, &call).await;
        let caller = answered.caller.map_or_else(|| "nobody".to_owned(), |caller| caller.to_string());
        let status = answered.reply.status().as_u16();
        tenant.journal().note(tenant.now(), call.method.as_str(), &call.raw_path, status, caller);
        answered.reply
    }
}
