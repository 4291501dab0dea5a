use std::sync::Arc;

use super::answer::answer;
use crate::sandbox::tenant::{JournalEntry, Tenant};
use crate::sandbox::wire::{Call, Reply, Site};

/// A tenant on its listener: answers calls and keeps the journal.
pub(crate) struct TenantSite(pub(crate) Arc<Tenant>);

impl Site for TenantSite {
    async fn answer(self: Arc<Self>, call: Call) -> Reply {
        let tenant = &self.0;
        let answered = answer(tenant, &call).await;
        tenant.journal().note(JournalEntry {
            at: tenant.now(),
            method: call.method,
            path: call.shown_path,
            status: answered.reply.status().as_u16(),
            caller: answered.caller,
        });
        answered.reply
    }
}
