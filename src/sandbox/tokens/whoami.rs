//! Who has a token: `POST /InContactAuthorizationServer/token/whoami`, the bridge from the current sign-in to the first
//! generation that the official SDK crosses, and `/auth/userinfo` of OpenID Connect.

use http::StatusCode;
use serde_json::{Value, json};

use super::{Caller, User};
use crate::sandbox::tenant::{BUSINESS_UNIT, TEAM, Tenant};
use crate::sandbox::wire::{Call, Params, Reply, bearer};

/// Tells what the first generation knows of a token, which is sent in the body.
pub(crate) fn whoami(tenant: &Tenant, call: &Call) -> Reply {
    let params = match Params::from_body(&call.body) {
        Ok(params) => params,
        Err(bad) => return bad.into(),
    };
    let Some(token) = params.text("token").or_else(|| bearer(&call.headers)) else {
        return Reply::refusal(StatusCode::BAD_REQUEST, "token is missing").not_stored();
    };
    let presented = tenant.tokens().presented(token, tenant.now());
    let presented = match presented {
        Ok(presented) => presented,
        Err(denial) => return Reply::from(denial).not_stored(),
    };
    let address = &tenant.address;
    let (agent, team, subject) = match &presented.caller {
        Caller::User(User { agent, .. }) => (json!(agent.0), json!(TEAM.0), format!("user:{agent}")),
        Caller::Application(application) => (Value::Null, Value::Null, format!("application:{}", application.name)),
    };
    Reply::ok(json!({
        "agent_id": agent,
        "team_id": team,
        "bus_no": BUSINESS_UNIT.number,
        "resource_server_base_uri": format!("{address}/InContactAPI/"),
        "refresh_token_server_uri": format!("{address}/InContactAuthorizationServer/Token"),
        "expires_in": presented.left.as_secs(),
        "iss": address,
        "sub": subject,
    }))
    .not_stored()
}

/// Tells a client about the user of its token (OpenID Connect Core §5.3).
pub(crate) fn userinfo(tenant: &Tenant, user: &User) -> Reply {
    let Some(person) = tenant.directory.person(user.agent) else {
        return Reply::refusal(StatusCode::NOT_FOUND, "Unknown user");
    };
    Reply::ok(json!({
        "sub": format!("user:{}", tenant.user_uuid(person.id)),
        "name": person.full_name(),
        "given_name": person.first_name,
        "family_name": person.last_name,
        "email": person.username,
    }))
    .not_stored()
}
