use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;
use serde_json::{Value, json};

use super::session_view::session_view;
use super::tenant_view::tenant_view;
use super::{agents, contacts, limits};
use crate::sandbox::host::{OpenError, SeedFrom, Shared, TenantId};
use crate::sandbox::options::ANY_LOOPBACK_PORT;
use crate::sandbox::tenant::Tenant;
use crate::sandbox::wire::{Call, Params, Reply, Site, bearer};
use crate::sandbox::{CredentialSource, TenantOptions};

/// The control API of a host.
pub(crate) struct ControlSite(pub(crate) Arc<Shared>);

impl Site for ControlSite {
    async fn answer(self: Arc<Self>, call: Call) -> Reply {
        let shared = &self.0;
        if bearer(&call.headers) != Some(&*shared.control_secret) {
            return Reply::refusal(StatusCode::UNAUTHORIZED, "The control API needs the host's secret")
                .challenged("Bearer realm=\"assize-sandbox-control\"");
        }
        let Ok(params) = call.params() else {
            return Reply::refusal(StatusCode::BAD_REQUEST, "the request body is not valid JSON");
        };
        let path: Vec<&str> = call.path.iter().map(String::as_str).collect();
        match path.as_slice() {
            ["tenants"] => match call.method.as_str() {
                "POST" => open(shared, &params).await,
                "GET" | "HEAD" => list(shared),
                _ => wrong_verb("GET, HEAD, POST"),
            },
            ["tenants", id, rest @ ..] => {
                let id = id.parse().map(TenantId).ok();
                let Some((id, tenant)) = id.and_then(|id| Some((id, shared.tenant(id)?))) else { return nowhere() };
                match (rest, call.method.as_str()) {
                    ([], "GET" | "HEAD") => Reply::ok(tenant_view(shared, id, &tenant)),
                    ([], "DELETE") => {
                        shared.close(id).await;
                        Reply::empty(StatusCode::NO_CONTENT, "No Content")
                    }
                    (["clock"], "POST") => advance(&tenant, &params),
                    (["sessions"], "GET" | "HEAD") => sessions(&tenant),
                    (["journal"], "GET" | "HEAD") => journal(&tenant, &params),
                    (["contacts"], "GET" | "HEAD") => contacts::list(&tenant),
                    (["contacts"], "POST") => contacts::queue(&tenant, &params),
                    (["contacts", contact], "GET" | "HEAD") => contacts::one(&tenant, contact),
                    (["contacts", contact], "DELETE") => contacts::hang_up(&tenant, contact),
                    (["contacts", contact, "texts"], "POST") => contacts::write(&tenant, contact, &params),
                    (["agents", agent, "session"], "DELETE") => agents::log_out(&tenant, agent),
                    (["agents", agent, "failures"], "POST") => agents::plan_failure(&tenant, agent, &params),
                    (["limits"], "GET" | "HEAD") => limits::list(&tenant),
                    (["limits"], "PUT") => limits::set(&tenant, &params),
                    (["limits"], "DELETE") => limits::lift(&tenant),
                    (["sessions" | "journal"], _) => wrong_verb("GET, HEAD"),
                    (["contacts"], _) => wrong_verb("GET, HEAD, POST"),
                    ([] | ["contacts", _], _) => wrong_verb("GET, HEAD, DELETE"),
                    (["clock"] | ["contacts", _, "texts"] | ["agents", _, "failures"], _) => wrong_verb("POST"),
                    (["agents", _, "session"], _) => wrong_verb("DELETE"),
                    (["limits"], _) => wrong_verb("GET, HEAD, PUT, DELETE"),
                    _ => nowhere(),
                }
            }
            _ => nowhere(),
        }
    }
}

pub(super) fn nowhere() -> Reply {
    Reply::refusal(StatusCode::NOT_FOUND, "Resource not found")
}

fn wrong_verb(verbs: &str) -> Reply {
    Reply::refusal(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed").allowing(verbs)
}

pub(super) fn bad(message: &str) -> Reply {
    Reply::refusal(StatusCode::BAD_REQUEST, message)
}

async fn open(shared: &Shared, params: &Params) -> Reply {
    // Others can reach a tenant that is made here as soon as they can reach its port: its credentials are the host's own.
    let mut options = TenantOptions::standalone(ANY_LOOPBACK_PORT);
    match params.integer("agents").map(|agents| agents.map(usize::try_from)) {
        Ok(None) => {}
        Ok(Some(Ok(agents @ 1..=10_000))) => options.agents = agents,
        Ok(Some(_)) | Err(_) => return bad("agents must be an integer between 1 and 10000"),
    }
    match params.text("credentials") {
        None | Some("generated") => {}
        Some("fixed") => options.credentials = CredentialSource::Fixed,
        Some(_) => return bad("credentials must be generated or fixed"),
    }
    let seed = match params.integer("seed") {
        Ok(None) => SeedFrom::Number,
        Ok(Some(seed)) => {
            options.seed = seed.cast_unsigned();
            SeedFrom::Options
        }
        Err(_) => return bad("seed must be an integer"),
    };
    match shared.open(options, seed).await {
        Ok(opened) => match shared.tenant(opened.id) {
            Some(tenant) => Reply::json(StatusCode::CREATED, "Created", tenant_view(shared, opened.id, &tenant)),
            None => nowhere(),
        },
        Err(failed @ (OpenError::Listen { .. } | OpenError::TooMany | OpenError::ShuttingDown)) => {
            Reply::refusal(StatusCode::SERVICE_UNAVAILABLE, failed.to_string())
        }
    }
}

fn list(shared: &Shared) -> Reply {
    let tenants = shared.all();
    let tenants: Vec<Value> = tenants.iter().map(|(id, tenant)| tenant_view(shared, *id, tenant)).collect();
    Reply::ok(json!({ "tenants": tenants }))
}

fn advance(tenant: &Tenant, params: &Params) -> Reply {
    let Ok(Some(millis @ 0..)) = params.integer("advance_ms") else {
        return bad("advance_ms must be a whole number of milliseconds, not less than 0");
    };
    match tenant.time.advance(Duration::from_millis(millis.unsigned_abs())) {
        Ok(()) => {
            // Whatever follows from it has followed when this is answered.
            tenant.desk().settle(tenant.now());
            Reply::ok(json!({ "now": tenant.now().iso(), "ahead_ms": tenant.time.ahead_millis() }))
        }
        Err(too_far) => bad(&too_far.to_string()),
    }
}

fn sessions(tenant: &Tenant) -> Reply {
    let now = tenant.now();
    let mut desk = tenant.desk();
    desk.settle(now);
    let sessions: Vec<Value> = desk.sessions().into_iter().map(session_view).collect();
    let live = desk.live_sessions().count();
    Reply::ok(json!({ "sessions": sessions, "live": live, "held_polls": tenant.held.count() }))
}

fn journal(tenant: &Tenant, params: &Params) -> Reply {
    match params.integer("after").map(|after| u64::try_from(after.unwrap_or(0))) {
        Ok(Ok(after)) => Reply::ok(json!({ "calls": tenant.journal().after(after) })),
        Ok(Err(_)) | Err(_) => bad("after must be a number of a call"),
    }
}
