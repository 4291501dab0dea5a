use http::StatusCode;

use super::answer::Asked;
use super::interactions::{accepted, touched};
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

/// `POST /agent-sessions/{sessionId}/monitor`: refused by 403, as nobody here has the permission of a supervisor, which
/// `AgentSessionStart` says too. That a wrong session and a wrong agent come before that is [INF].
pub(crate) fn monitor(tenant: &Tenant, asked: &Asked<'_>) -> Reply {
    let target = asked.params.integer("targetAgentId").ok().flatten().and_then(|id| u32::try_from(id).ok());
    let is_known = target.is_some_and(|id| tenant.directory.person(AgentId(id)).is_some());
    supervised(tenant, asked, || {
        if is_known { not_permitted() } else { Reply::refusal(StatusCode::BAD_REQUEST, "Invalid targetAgentId.") }
    })
}

/// `POST /agent-sessions/{sessionId}/coach`, `…/barge` and `…/take-over`: refused in the same way.
pub(crate) fn supervise(tenant: &Tenant, asked: &Asked<'_>) -> Reply {
    supervised(tenant, asked, not_permitted)
}

/// `POST /agent-sessions/{sessionId}/submit-feedback`. Nobody reads it.
pub(crate) fn submit_feedback(tenant: &Tenant, asked: &Asked<'_>) -> Reply {
    supervised(tenant, asked, || {
        if !matches!(asked.params.integer("categoryId"), Ok(Some(_))) {
            return Reply::refusal(StatusCode::BAD_REQUEST, "Invalid categoryId.");
        }
        match ["priority", "comment"].into_iter().find(|name| asked.params.text(name).is_none()) {
            Some(name) => Reply::refusal(StatusCode::BAD_REQUEST, format!("Invalid {name}.")),
            None => Reply::empty(StatusCode::ACCEPTED, "Accepted"),
        }
    })
}

/// The answer of a live session, or its refusal.
fn supervised(tenant: &Tenant, asked: &Asked<'_>, answer: impl FnOnce() -> Reply) -> Reply {
    match tenant.desk().touch(asked.user.agent, asked.id(), tenant.now()) {
        Ok(()) => answer(),
        Err(refusal) => touched(Err(refusal)),
    }
}

fn not_permitted() -> Reply {
    Reply::refusal(StatusCode::FORBIDDEN, "Insufficient permissions")
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
