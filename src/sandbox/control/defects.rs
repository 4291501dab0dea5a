use http::HeaderName;
use serde_json::{Value, json};

use super::site::bad;
use crate::sandbox::Defect;
use crate::sandbox::tenant::Tenant;
use crate::sandbox::wire::{Params, Reply};

/// Names the defects of the tenant that an answer is about.
const DEFECTS: HeaderName = HeaderName::from_static("x-assize-defects");

/// `POST /tenants/ID/defects` `{on: [NAME, …]}`: the tenant has exactly these from now on.
pub(super) fn set(tenant: &Tenant, params: &Params) -> Reply {
    let Some(names) = params.text("on").and_then(|text| serde_json::from_str::<Vec<String>>(text).ok()) else {
        return bad("on must be a list of names of defects");
    };
    let mut defects = Vec::new();
    for name in names {
        let Some(defect) = Defect::named(&name) else {
            return bad("on names a defect that there is not; GET tells all");
        };
        defects.push(defect);
    }
    tenant.defects.set(defects);
    list(tenant)
}

/// `GET /tenants/ID/defects`.
pub(super) fn list(tenant: &Tenant) -> Reply {
    let all = Defect::ALL
        .iter()
        .map(|defect| json!({ "name": defect.name(), "text": defect.text(), "where": defect.seat().as_str() }));
    Reply::ok(json!({ "on": tenant.defects.names(), "defects": all.collect::<Vec<Value>>() }))
}

/// The answer, with the names of the defects of the tenant that it is about.
pub(super) fn marked(tenant: &Tenant, reply: Reply) -> Reply {
    let on = tenant.defects.names();
    if on.is_empty() { reply } else { reply.with(DEFECTS, &on.join(", ")) }
}
