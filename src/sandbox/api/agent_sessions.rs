use std::time::Duration;

use http::StatusCode;
use serde_json::{Value, json};

use super::answer::Asked;
use super::poll_timeout::poll_timeout;
use crate::sandbox::defects::Defect;
use crate::sandbox::session::{
    EndOptions, PollEnd, SessionRefusal, Start, StartRefusal, StateRefusal, StateRequest, agent_for, next_events,
};
use crate::sandbox::tenant::Tenant;
use crate::sandbox::wire::Reply;

/// How long a start leaves the door open for another one, by defect.
const RACE: Duration = Duration::from_millis(150);

impl From<StartRefusal> for Reply {
    fn from(refusal: StartRefusal) -> Self {
        let status = match refusal {
            StartRefusal::NoStation
            | StartRefusal::BadStation
            | StartRefusal::StationInUse
            | StartRefusal::BadTimeout
            | StartRefusal::BadForceLogout
            | StartRefusal::BadAgent
            | StartRefusal::TooMany => StatusCode::BAD_REQUEST,
            StartRefusal::NotPermitted => StatusCode::FORBIDDEN,
            StartRefusal::AlreadyStarted | StartRefusal::NothingToJoin => StatusCode::CONFLICT,
        };
        Reply::refusal(status, refusal.to_string())
    }
}

impl From<StateRefusal> for Reply {
    fn from(refusal: StateRefusal) -> Self {
        let status = match refusal {
            StateRefusal::BadState | StateRefusal::BadReason => StatusCode::BAD_REQUEST,
        };
        Reply::refusal(status, refusal.to_string())
    }
}

/// `POST /agent-sessions`.
pub(crate) async fn start(tenant: &Tenant, asked: &Asked<'_>) -> Reply {
    let request = agent_for(&asked.params, asked.user.agent, &tenant.directory)
        .and_then(|agent| Start::read(&asked.params).map(|start| (agent, start)));
    let (agent, start) = match request {
        Ok(request) => request,
        Err(refusal) => {
            if tenant.defects.has(Defect::RejectedStartStarts) {
                // The refusal stands whatever comes of it.
                let _ = tenant.desk().start(asked.user.agent, Start::anywhere(), tenant.now());
            }
            return refusal.into();
        }
    };
    if tenant.defects.has(Defect::StartRaceBoth202) {
        if tenant.desk().session_of(agent).is_some() {
            return StartRefusal::AlreadyStarted.into();
        }
        // Time for another start to find that there is no session yet.
        tokio::time::sleep(RACE).await;
    }
    let started = tenant.desk().start(agent, start, tenant.now());
    accepted(started)
}

/// `POST /agent-sessions/join`.
pub(crate) fn join(tenant: &Tenant, asked: &Asked<'_>) -> Reply {
    let joined = agent_for(&asked.params, asked.user.agent, &tenant.directory)
        .and_then(|agent| tenant.desk().join(agent, tenant.now()));
    accepted(joined)
}

fn accepted(id: Result<String, StartRefusal>) -> Reply {
    match id {
        Ok(id) => Reply::json(StatusCode::ACCEPTED, "Accepted", json!({ "sessionId": id })),
        Err(refusal) => refusal.into(),
    }
}

/// `DELETE /agent-sessions/{sessionId}`. An option that is no truth value counts as absent.
pub(crate) fn end(tenant: &Tenant, asked: &Asked<'_>) -> Reply {
    let flag = |name| asked.params.flag(name).ok().flatten().unwrap_or(false);
    let options = EndOptions {
        force_logoff: flag("forceLogoff"),
        end_contacts: flag("endContacts"),
        ignore_personal_queue: flag("ignorePersonalQueue"),
    };
    let ended = tenant.desk().end(asked.user.agent, asked.id(), options, tenant.now());
    done(ended, "Invalid agent session.")
}

/// `POST /agent-sessions/{sessionId}/state`.
pub(crate) fn change_state(tenant: &Tenant, asked: &Asked<'_>) -> Reply {
    let request = match StateRequest::read(&asked.params, &tenant.directory) {
        Ok(request) => request,
        Err(refusal) => {
            if tenant.defects.has(Defect::RejectedChangeTold) {
                tenant.desk().tell_again(asked.user.agent, asked.id(), tenant.now());
            }
            return refusal.into();
        }
    };
    let changed = tenant.desk().change(asked.user.agent, asked.id(), request, tenant.now());
    done(changed, "Invalid agent session Id.")
}

fn done(result: Result<(), SessionRefusal>, if_unknown: &str) -> Reply {
    match result {
        Ok(()) => Reply::empty(StatusCode::ACCEPTED, "Accepted"),
        Err(refusal) => refused(refusal, if_unknown),
    }
}

/// The refusal of an id. The FAQ (Q13) has 409 for a session that ended, also where the reference has 404.
pub(super) fn refused(refusal: SessionRefusal, if_unknown: &str) -> Reply {
    match refusal {
        SessionRefusal::Unknown => Reply::refusal(StatusCode::NOT_FOUND, if_unknown),
        SessionRefusal::Ended
        | SessionRefusal::NoContact
        | SessionRefusal::HasContacts
        | SessionRefusal::HasPersonalQueue => Reply::refusal(StatusCode::CONFLICT, refusal.to_string()),
    }
}

/// `GET /agent-sessions/{sessionId}/get-next-event`.
pub(crate) async fn next_event(tenant: &Tenant, asked: &Asked<'_>) -> Reply {
    let timeout = match poll_timeout(&asked.params) {
        Ok(_) if tenant.defects.has(Defect::TimeoutIgnored) => Duration::ZERO,
        Ok(timeout) => timeout,
        Err(_) if tenant.defects.has(Defect::BadTimeout200) => Duration::ZERO,
        Err(refusal) => return refusal.into(),
    };
    match next_events(tenant, asked.user.agent, asked.id(), timeout).await {
        PollEnd::Events(events, next) => {
            let events: Vec<Value> = events.iter().map(|event| event.to_json()).collect();
            Reply::ok(json!({ "sessionId": next, "events": events }))
        }
        PollEnd::NoEvents => Reply::empty(StatusCode::NOT_MODIFIED, "No Events"),
        PollEnd::Closing => Reply::refusal(StatusCode::SERVICE_UNAVAILABLE, "The sandbox tenant is closing"),
        PollEnd::Refused(refusal) => refused(refusal, "Invalid Session Id"),
    }
}
