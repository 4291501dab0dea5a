use http::StatusCode;

use super::answer::Asked;
use super::interactions::accepted;
use crate::sandbox::session::{AgentState, SessionRefusal, StateRefusal, StateRequest};
use crate::sandbox::tenant::{AgentId, Tenant};
use crate::sandbox::wire::Reply;

/// `POST /agents/{agentId}/logout`. That every user with the scope may do it is [INF]: nobody here is a supervisor or
/// not. So is the refusal where there is no session, which is that of a change of state.
pub(crate) fn log_out(tenant: &Tenant, asked: &Asked<'_>) -> Reply {
    let Some(agent) = agent(tenant, asked) else { return unknown_agent() };
    if tenant.desk().log_out(agent, tenant.now()) {
        Reply::empty(StatusCode::ACCEPTED, "Accepted")
    } else {
        not_started()
    }
}

/// `POST /agents/{agentId}/state`: done at once, so 200.
pub(crate) fn change_state(tenant: &Tenant, asked: &Asked<'_>) -> Reply {
    let Some(agent) = agent(tenant, asked) else { return unknown_agent() };
    let request = match request(tenant, asked) {
        Ok(request) => request,
        Err(refusal) => return refusal.into(),
    };
    match tenant.desk().change_for(agent, request, tenant.now()) {
        Ok(()) => Reply::empty(StatusCode::OK, "Success"),
        Err(SessionRefusal::Unknown) => not_started(),
        Err(
            refusal @ (SessionRefusal::Ended
            | SessionRefusal::NoContact
            | SessionRefusal::HasContacts
            | SessionRefusal::HasPersonalQueue),
        ) => Reply::refusal(StatusCode::CONFLICT, refusal.to_string()),
    }
}

/// `POST /contacts/{contactId}/end`.
pub(crate) fn end_contact(tenant: &Tenant, asked: &Asked<'_>) -> Reply {
    let Ok(contact) = asked.id().parse() else {
        return Reply::refusal(StatusCode::NOT_FOUND, "Invalid contact Id.");
    };
    accepted(tenant.desk().hang_up(contact, tenant.now()))
}

/// The state, and the number of an unavailable code in place of its name.
fn request(tenant: &Tenant, asked: &Asked<'_>) -> Result<StateRequest, StateRefusal> {
    let request = StateRequest::read(&asked.params, &tenant.directory)?;
    let code = asked.params.integer("outStateId").map_err(|_| StateRefusal::BadReason)?;
    match (request, code) {
        (StateRequest::Change(AgentState::Unavailable(None)), Some(id @ 1..)) => {
            let mut codes = tenant.directory.unavailable_codes().iter();
            let code = codes.find(|code| i64::from(code.id) == id).ok_or(StateRefusal::BadReason)?;
            Ok(StateRequest::of(code))
        }
        (request, _) => Ok(request),
    }
}

fn agent(tenant: &Tenant, asked: &Asked<'_>) -> Option<AgentId> {
    asked.id().parse().ok().map(AgentId).filter(|agent| tenant.directory.person(*agent).is_some())
}

fn unknown_agent() -> Reply {
    Reply::refusal(StatusCode::NOT_FOUND, "Invalid Agent Id")
}

fn not_started() -> Reply {
    Reply::refusal(StatusCode::NOT_FOUND, "Agent session not started")
}
