use std::time::Duration;

use http::StatusCode;
use serde_json::{Value, json};

use super::site::bad;
use crate::sandbox::tenant::Tenant;
use crate::sandbox::wire::{Params, Reply};

/// The longest span of a budget: a day.
const LONGEST_SPAN: u64 = 86_400_000;
/// How many paths may have a budget.
const MOST_BUDGETS: usize = 50;

/// `PUT /tenants/ID/limits`: sets the budget of a path, or of all calls.
pub(super) fn set(tenant: &Tenant, params: &Params) -> Reply {
    let calls = params.integer("calls").ok().flatten().and_then(|calls| u32::try_from(calls).ok());
    let span = params.integer("per_ms").ok().flatten().and_then(|span| u64::try_from(span).ok());
    let span = span.filter(|span| (1..=LONGEST_SPAN).contains(span));
    let (Some(calls), Some(span)) = (calls, span) else {
        return bad("calls must be a whole number, and per_ms one between 1 and 86400000");
    };
    if tenant.limits().budgets().len() >= MOST_BUDGETS {
        return bad("there are too many limits already");
    }
    tenant.limits().set(params.text("path").unwrap_or_default(), calls, Duration::from_millis(span));
    list(tenant)
}

/// `GET /tenants/ID/limits`.
pub(super) fn list(tenant: &Tenant) -> Reply {
    let limits = tenant.limits();
    let told = limits.budgets().iter().map(|budget| {
        json!({
            "path": budget.path.join("/"),
            "calls": budget.calls,
            "per_ms": u64::try_from(budget.per.as_millis()).unwrap_or(u64::MAX),
        })
    });
    Reply::ok(json!({ "limits": told.collect::<Vec<Value>>() }))
}

/// `DELETE /tenants/ID/limits`.
pub(super) fn lift(tenant: &Tenant) -> Reply {
    tenant.limits().lift();
    Reply::empty(StatusCode::NO_CONTENT, "No Content")
}
