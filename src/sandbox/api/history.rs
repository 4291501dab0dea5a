use http::StatusCode;
use serde_json::{Value, json};

use super::answer::Asked;
use super::contact_reads::{Wanted, rows};
use super::dates::long_date;
use super::listing::{Listing, Row};
use crate::clock::Timestamp;
use crate::sandbox::interaction::{Contact, Direction, Stage};
use crate::sandbox::tenant::{AgentId, TEAM, Tenant};
use crate::sandbox::wire::Reply;

/// `GET /contacts/completed`, of a span of time that must be given.
pub(crate) fn completed(tenant: &Tenant, asked: &Asked<'_>) -> Reply {
    let date = |name| asked.params.text(name).and_then(|text| Timestamp::parse_iso(text.trim()));
    let (Some(from), Some(to)) = (date("startDate"), date("endDate")) else {
        return Reply::refusal(StatusCode::BAD_REQUEST, "startDate and endDate are required");
    };
    let wanted = match Wanted::read(&asked.params) {
        Ok(wanted) => wanted,
        Err(none) => return none.into(),
    };
    let is_wanted = |contact: &Contact| {
        contact.stage() == Stage::Ended && (from..=to).contains(&contact.began) && wanted.includes(contact)
    };
    let rows = rows(tenant, |contact| is_wanted(contact).then(|| row(tenant, contact)));
    match Listing::read(&asked.params).and_then(|listing| listing.of(rows)) {
        Ok(listed) => listed.or_no_content("completedContacts", tenant.now()),
        Err(refusal) => refusal.into(),
    }
}

/// `GET /contacts/{contactId}`.
pub(crate) fn one(tenant: &Tenant, asked: &Asked<'_>) -> Reply {
    let row = match told(tenant, asked, |contact| row(tenant, contact)) {
        Ok(value) => Row { changed: tenant.now(), value },
        Err(refusal) => return refusal,
    };
    match Listing::only_fields(&asked.params).of(vec![row]) {
        Ok(listed) => listed.rows.into_iter().next().map_or_else(|| unknown(asked), Reply::ok),
        Err(refusal) => refusal.into(),
    }
}

/// `GET /contacts/{contactId}/statehistory`. The names of its members are [INF].
pub(crate) fn states(tenant: &Tenant, asked: &Asked<'_>) -> Reply {
    let history = |contact: &Contact| {
        let past = contact.history().iter().enumerate().map(|(index, past)| {
            json!({
                "contactStateIndex": index,
                "contactStateId": past.stage.id(),
                "contactStateName": past.stage.status(),
                "agentId": past.agent.map(|AgentId(id)| id),
                "startDate": long_date(past.at),
            })
        });
        json!({ "contactId": contact.id.0, "contactStateHistory": past.collect::<Vec<Value>>() })
    };
    told(tenant, asked, history).map_or_else(|refusal| refusal, Reply::ok)
}

fn told(tenant: &Tenant, asked: &Asked<'_>, tell: impl Fn(&Contact) -> Value) -> Result<Value, Reply> {
    let id = asked.id().parse().map_err(|_| {
        let message = format!("Invalid parameter 'contactId' - '{}', must be type Int32", asked.id());
        Reply::refusal(StatusCode::BAD_REQUEST, message)
    })?;
    let now = tenant.now();
    let mut desk = tenant.desk();
    desk.settle(now);
    desk.contacts().get(id).map(tell).ok_or_else(|| unknown(asked))
}

fn unknown(asked: &Asked<'_>) -> Reply {
    Reply::refusal(StatusCode::NOT_FOUND, format!("Invalid contactId - '{}'", asked.id()))
}

/// A contact, over or not. How long it took is told of those that are.
fn row(tenant: &Tenant, contact: &Contact) -> Value {
    let person = contact.agent().and_then(|agent| tenant.directory.person(agent));
    let is_over = contact.stage() == Stage::Ended;
    let seconds = contact.changed().since(contact.began).as_secs_f64();
    json!({
        "abandoned": is_over && contact.agent().is_none(),
        "agentId": person.map(|person| person.id.0),
        "campaignId": contact.skill.campaign.0,
        "campaignName": contact.skill.campaign.1,
        "contactId": contact.id.0,
        "contactStart": long_date(contact.began),
        "firstName": person.map(|person| person.first_name.clone()),
        "fromAddr": contact.from,
        "isLogged": contact.is_recorded,
        "isOutbound": contact.direction == Direction::Outbound,
        "lastName": person.map(|person| person.last_name),
        "lastUpdateTime": long_date(contact.changed()),
        "masterContactId": contact.id.0,
        "mediaTypeId": contact.media.id(),
        "mediaTypeName": contact.media.name(),
        "primaryDispositionId": contact.disposition,
        "refusals": contact.refusals(),
        "skillId": contact.skill.id,
        "skillName": contact.skill.name,
        "state": contact.stage().status(),
        "stateId": contact.stage().id(),
        "teamId": TEAM.0,
        "teamName": TEAM.1,
        "toAddr": contact.to,
        "totalDurationSeconds": if is_over { json!(seconds) } else { Value::Null },
    })
}
