use http::StatusCode;
use serde_json::{Value, json};

use super::answer::Asked;
use super::dates::long_date;
use crate::sandbox::tenant::{AgentId, BUSINESS_UNIT, Person, TEAM, Tenant};
use crate::sandbox::wire::{Params, Reply};

/// The most rows of a page.
const LARGEST_PAGE: usize = 100;

/// Why a page of a list cannot be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum PageRefusal {
    #[error("Invalid parameter 'top', must be an integer greater than 0")]
    BadTop,
    #[error("Invalid parameter 'skip', must be an integer not less than 0")]
    BadSkip,
}

/// Which rows of a list are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Page {
    skip: usize,
    top: usize,
}

impl Page {
    /// Reads `skip` and `top`.
    pub(crate) fn read(params: &Params) -> Result<Self, PageRefusal> {
        let skip = params.integer("skip").map_err(|_| PageRefusal::BadSkip)?.unwrap_or(0);
        let top = params.integer("top").map_err(|_| PageRefusal::BadTop)?;
        let top = top.map_or(Ok(LARGEST_PAGE), usize::try_from).map_err(|_| PageRefusal::BadTop)?;
        if top == 0 {
            return Err(PageRefusal::BadTop);
        }
        Ok(Self { skip: usize::try_from(skip).map_err(|_| PageRefusal::BadSkip)?, top: top.min(LARGEST_PAGE) })
    }

    /// The rows of the page.
    pub(crate) fn of<T>(self, rows: impl Iterator<Item = T>) -> Vec<T> {
        rows.skip(self.skip).take(self.top).collect()
    }
}

impl From<PageRefusal> for Reply {
    fn from(refusal: PageRefusal) -> Self {
        Reply::refusal(StatusCode::BAD_REQUEST, refusal.to_string())
    }
}

/// `GET /agents`.
pub(crate) fn list(tenant: &Tenant, asked: &Asked<'_>) -> Reply {
    let page = match Page::read(&asked.params) {
        Ok(page) => page,
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
    let found: Vec<&Person> = tenant.directory.people().iter().filter(is_wanted).collect();
    let total = found.len();
    let rows: Vec<Value> = page.of(found.into_iter()).into_iter().map(agent).collect();
    if rows.is_empty() {
        return Reply::empty(StatusCode::NO_CONTENT, "No Content");
    }
    Reply::ok(json!({
        "businessUnitId": BUSINESS_UNIT.number,
        "lastPollTime": long_date(tenant.now()),
        "totalRecords": total,
        "agents": rows,
    }))
}

/// `GET /agents/{agentId}`.
pub(crate) fn one(tenant: &Tenant, asked: &Asked<'_>) -> Reply {
    let person = asked.id().parse().ok().and_then(|id| tenant.directory.person(AgentId(id)));
    match person {
        Some(person) => Reply::ok(json!({ "agents": [agent(person)] })),
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
        "lastUpdated": "2024-01-15T09:30:00.0000000Z",
        "location": "",
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
