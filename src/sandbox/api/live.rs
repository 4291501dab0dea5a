use http::StatusCode;
use serde_json::{Value, json};

use super::answer::Asked;
use super::dates::long_date;
use super::listing::{Listing, Row, SET_UP};
use crate::clock::Timestamp;
use crate::sandbox::interaction::{Contact, Direction, Stage};
use crate::sandbox::session::{AgentSession, Desk, Presence, Standing, Station};
use crate::sandbox::tenant::{AgentId, BUSINESS_UNIT, Directory, Person, Skill, TEAM, Tenant};
use crate::sandbox::wire::Reply;

/// `GET /agents/states`. The reference lists no 204: a list of nothing is 200.
pub(crate) fn agent_states(tenant: &Tenant, asked: &Asked<'_>) -> Reply {
    let now = tenant.now();
    let rows = {
        let mut desk = tenant.desk();
        desk.settle(now);
        tenant.directory.people().iter().map(|person| agent_state(tenant, &desk, person, now)).collect()
    };
    listed(asked, "agentStates", rows, now)
}

/// `GET /agents/{agentId}/states`.
pub(crate) fn states_of_agent(tenant: &Tenant, asked: &Asked<'_>) -> Reply {
    let now = tenant.now();
    let Some(person) = asked.id().parse().ok().and_then(|id| tenant.directory.person(AgentId(id))) else {
        return Reply::refusal(StatusCode::NOT_FOUND, format!("Invalid agentId - '{}'", asked.id()));
    };
    let row = {
        let mut desk = tenant.desk();
        desk.settle(now);
        agent_state(tenant, &desk, person, now)
    };
    listed(asked, "agentStates", vec![row], now)
}

/// `GET /skills/activity`.
pub(crate) fn skills_activity(tenant: &Tenant, asked: &Asked<'_>) -> Reply {
    let (Ok(media), Ok(outbound)) = (asked.params.integer("mediaTypeId"), asked.params.flag("isOutbound")) else {
        return Reply::refusal(StatusCode::BAD_REQUEST, "Invalid mediaTypeId or isOutbound");
    };
    let is_wanted = |skill: &&Skill| {
        media.is_none_or(|media| media == i64::from(skill.media_type))
            && outbound.is_none_or(|outbound| outbound == skill.is_outbound)
    };
    let skills: Vec<_> = tenant.directory.skills().iter().filter(is_wanted).collect();
    activity(tenant, asked, &skills)
}

/// `GET /skills/{skillId}/activity`.
pub(crate) fn skill_activity(tenant: &Tenant, asked: &Asked<'_>) -> Reply {
    match asked.id().parse().ok().and_then(Directory::skill) {
        Some(skill) => activity(tenant, asked, &[skill]),
        None => Reply::refusal(StatusCode::NOT_FOUND, format!("Invalid skillId - '{}'", asked.id())),
    }
}

fn activity(tenant: &Tenant, asked: &Asked<'_>, skills: &[&Skill]) -> Reply {
    let now = tenant.now();
    let rows = {
        let mut desk = tenant.desk();
        desk.settle(now);
        skills.iter().map(|skill| skill_row(&desk, skill, now)).collect()
    };
    listed(asked, "skillActivity", rows, now)
}

fn listed(asked: &Asked<'_>, plural: &str, rows: Vec<Row>, now: Timestamp) -> Reply {
    match Listing::read(&asked.params).and_then(|listing| listing.of(rows)) {
        Ok(listed) => Reply::ok(listed.envelope(plural, now)),
        Err(refusal) => refusal.into(),
    }
}

/// What an agent is doing. Of several contacts the oldest one is told.
fn agent_state(tenant: &Tenant, desk: &Desk, person: &Person, now: Timestamp) -> Row {
    let session = desk.session_of(person.id);
    let standing = session.map(AgentSession::standing);
    let state = standing.map_or(Standing::LOGGED_OUT, Standing::state);
    let reason = standing.map(Standing::out_reason).filter(|reason| !reason.is_empty());
    let code = tenant.directory.unavailable_codes().iter().find(|code| Some(code.name) == reason);
    let since = session.map_or_else(|| desk.left(person.id).unwrap_or(SET_UP), AgentSession::since);
    let contacts = session.map(AgentSession::contacts).unwrap_or_default();
    let contact = contacts.first().and_then(|id| desk.contacts().get(*id));
    let (station, phone) = match session.map(AgentSession::station) {
        None => ("", ""),
        Some(Station::Id(id)) => (id.as_str(), ""),
        Some(Station::PhoneNumber(number)) => ("", number.as_str()),
    };
    Row {
        changed: since,
        value: json!({
            "agentId": person.id.0,
            "agentStateId": Standing::id_of(state),
            "agentStateName": state,
            "businessUnitId": BUSINESS_UNIT.number,
            "contactId": contact.map(|contact| contact.id.0),
            "isActive": true,
            "isACW": standing.is_some_and(Standing::is_wrap_up),
            "isOutbound": contact.is_some_and(|contact| contact.direction == Direction::Outbound),
            "firstName": person.first_name,
            "lastName": person.last_name,
            "fromAddress": contact.map_or("", |contact| &contact.from),
            "toAddress": contact.map_or("", |contact| &contact.to),
            "lastPollTime": long_date(now),
            "lastUpdateTime": long_date(since),
            "mediaName": contact.map_or("", |contact| contact.media.name()),
            "mediaType": contact.map(|contact| contact.media.id()),
            "openContacts": contacts.len(),
            "outStateDescription": reason.unwrap_or_default(),
            "outStateId": code.map(|code| code.id),
            "skillId": contact.map(|contact| contact.skill.id),
            "skillName": contact.map_or("", |contact| contact.skill.name),
            "startDate": long_date(since),
            "stationId": station,
            "stationPhoneNumber": phone,
            "teamId": TEAM.0,
            "teamName": TEAM.1,
        }),
    }
}

/// What goes on in a skill. Everyone has every skill here, so that the agents of one are the agents of all. [INF]
fn skill_row(desk: &Desk, skill: &Skill, now: Timestamp) -> Row {
    let contacts: Vec<&Contact> = desk.contacts().all().filter(|contact| contact.skill.id == skill.id).collect();
    let standings: Vec<Standing> = desk.live_sessions().map(AgentSession::standing).collect();
    let agents = |is_so: fn(&&Standing) -> bool| standings.iter().filter(is_so).count();
    let working = agents(|standing| matches!(standing.presence, Presence::OnContact(_)));
    let available = agents(|standing| standing.is_ready());
    let wrapping = agents(|standing| standing.is_wrap_up());
    let queued: Vec<_> = contacts.iter().filter(|contact| contact.stage() == Stage::Queued).collect();
    let earliest = queued.iter().map(|contact| contact.changed()).min();
    Row {
        changed: contacts.iter().map(|contact| contact.changed()).max().unwrap_or(SET_UP),
        value: json!({
            "serverTime": long_date(now),
            "businessUnitId": BUSINESS_UNIT.number,
            "skillId": skill.id,
            "skillName": skill.name,
            "mediaTypeId": skill.media_type,
            "mediaTypeName": skill.media_type_name,
            "campaignId": skill.campaign.0,
            "campaignName": skill.campaign.1,
            "isActive": true,
            "isOutbound": skill.is_outbound,
            "agentsACW": wrapping,
            "agentsAvailable": available,
            "agentsIdle": available,
            "agentsLoggedIn": standings.len(),
            "agentsUnavailable": standings.len() - available - working - wrapping,
            "agentsWorking": working,
            "contactsActive": contacts.iter().filter(|contact| contact.stage().is_live()).count(),
            "earliestQueueTime": earliest.map_or(Value::Null, |at| json!(long_date(at))),
            "queueCount": queued.len(),
        }),
    }
}
