use http::StatusCode;

use super::site::{bad, nowhere};
use crate::sandbox::tenant::{AgentId, Tenant};
use crate::sandbox::wire::{Params, Reply};

/// The longest code of a failure, in bytes.
const LONGEST_CODE: usize = 100;

/// `DELETE /tenants/ID/agents/AGENT/session`: ends the agent's session from outside.
pub(super) fn log_out(tenant: &Tenant, agent: &str) -> Reply {
    let is_there = agent.parse().is_ok_and(|agent| tenant.desk().log_out(AgentId(agent), tenant.now()));
    if is_there { Reply::empty(StatusCode::NO_CONTENT, "No Content") } else { nowhere() }
}

/// `POST /tenants/ID/agents/AGENT/failures`: the next command that is accepted of the agent fails, which an `AgentError`
/// event tells.
pub(super) fn plan_failure(tenant: &Tenant, agent: &str, params: &Params) -> Reply {
    let result = params.text("result_code").unwrap_or("Failed");
    if result.len() > LONGEST_CODE {
        return bad("result_code is too long");
    }
    let plan = |agent| tenant.desk().plan_failure(AgentId(agent), result.to_owned(), tenant.now());
    if agent.parse().is_ok_and(plan) { Reply::empty(StatusCode::NO_CONTENT, "No Content") } else { nowhere() }
}
