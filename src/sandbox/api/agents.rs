use http::StatusCode;
use serde_json::{Value, json};

use super::answer::Asked;
use super::dates::long_date;
use super::listing::{Listing, Row, SET_UP};
use crate::sandbox::tenant::{AgentId, Person, TEAM, Tenant};
use crate::sandbox::wire::Reply;

/// `GET /agents`.
pub(crate) fn list(tenant: &Tenant, asked: &Asked<'_>) -> Reply {
    let listing = match Listing::read(&asked.params) {
        Ok(listing) => listing,
        Err(refusal) => return refusal.into(),
    };
    let active = match asked.params.flag("isActive") {
        Ok(active) => active.unwrap_or(true),
        Err(bad) => return Reply::refusal(StatusCode::BAD_REQUEST, format!("Invalid parameter 'isActive': {bad}")),
    };
    let wanted = asked.params.text("searchString").map(str::to_lowercase);
    let is_wanted = |person: &&Person| {
        let names = || format!("{} {} {}", person.first_name, person.last_name, person.username).to_lowercase();
        // Everyone in a sandbox is active.
        active && wanted.as_ref().is_none_or(|wanted| names().contains(wanted))
    };
    let rows =
        tenant.directory.people().iter().filter(is_wanted).map(|person| Row { changed: SET_UP, value: agent(person) });
    match listing.of(rows.collect()) {
        Ok(listed) => listed.or_no_content("agents", tenant.now()),
        Err(refusal) => refusal.into(),
    }
}

/// `GET /agents/{agentId}`.
pub(crate) fn one(tenant: &Tenant, asked: &Asked<'_>) -> Reply {
    let person = asked.id().parse().ok().and_then(|id| tenant.directory.person(AgentId(id)));
    match person {
        Some(person) => {
            let row = Row { changed: SET_UP, value: agent(person) };
            match Listing::only_fields(&asked.params).of(vec![row]) {
                Ok(listed) => Reply::ok(json!({ "agents": listed.rows })),
                Err(refusal) => refusal.into(),
            }
        }
        None => Reply::refusal(StatusCode::NOT_FOUND, format!("Invalid agentId - '{}'", asked.id())),
    }
}

/// `GET /agents/{agentId}/agent-settings`: the official SDK polls for events only when this has answered.
pub(crate) fn settings(tenant: &Tenant, asked: &Asked<'_>) -> Reply {
    let person = asked.id().parse().ok().and_then(|id| tenant.directory.person(AgentId(id)));
    match person {
        Some(person) => Reply::ok(json!({
            "settings": {
                "agentId": person.id.0,
                "teamId": TEAM.0,
                "timeZone": "(UTC) Coordinated Universal Time",
                "chatRefusalTimeout": 45,
                "phoneRefusalTimeout": 45,
                "workItemRefusalTimeout": 45,
            },
        })),
        None => Reply::refusal(StatusCode::NOT_FOUND, format!("Invalid agentId - '{}'", asked.id())),
    }
}

fn agent(person: &Person) -> Value {
    json!({
        "agentId": person.id.0,
        "userName": person.username,
        "firstName": person.first_name,
        "middleName": null,
        "lastName": person.last_name,
        "emailAddress": person.username,
        "isActive": true,
        "teamId": TEAM.0,
        "teamName": TEAM.1,
        "reportToId": null,
        "reportToName": "",
        "isSupervisor": false,
        "lastLogin": null,
        "lastUpdated": long_date(SET_UP),
        "userId": null,
        "location": "",
        "custom1": null,
        "custom2": null,
        "custom3": null,
        "custom4": null,
        "custom5": null,
        "internalId": "",
        "profileId": 1,
        "profileName": "Agent",
        "timeZone": "(UTC) Coordinated Universal Time",
        "country": "US",
        "countryName": "United States",
        "state": null,
        "city": null,
        "chatRefusalTimeout": 45,
        "phoneRefusalTimeout": 45,
        "workItemRefusalTimeout": 45,
    })
}
