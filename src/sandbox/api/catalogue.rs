use http::StatusCode;
use serde_json::{Value, json};

use super::answer::Asked;
use super::dates::long_date;
use super::listing::{ListRefusal, Listed, Listing, Row, SET_UP};
use crate::clock::Timestamp;
use crate::sandbox::interaction::{Media, Stage};
use crate::sandbox::session::Standing;
use crate::sandbox::tenant::{BUSINESS_UNIT, DISPOSITIONS, Directory, Skill, TEAM, Tenant, UnavailableCode};
use crate::sandbox::wire::Reply;

/// `GET /server-time`.
pub(crate) fn server_time(tenant: &Tenant) -> Reply {
    Reply::ok(json!({ "ServerTime": long_date(tenant.now()) }))
}

/// `GET /skills`.
pub(crate) fn skills(tenant: &Tenant, asked: &Asked<'_>) -> Reply {
    let Ok(media) = asked.params.integer("mediaTypeId") else { return bad("Invalid mediaTypeId") };
    let Ok(active) = asked.params.flag("isActive") else { return bad("Invalid isActive") };
    let strategy = asked.params.text("outboundStrategy");
    let wanted = asked.params.text("searchString").map(str::to_lowercase);
    let is_wanted = |skill: &&Skill| {
        // Every skill of a sandbox is active.
        active.unwrap_or(true)
            && media.is_none_or(|media| media == i64::from(skill.media_type))
            && strategy.is_none_or(|wanted| wanted.eq_ignore_ascii_case(outbound_strategy(skill)))
            && wanted.as_ref().is_none_or(|wanted| skill.name.to_lowercase().contains(wanted))
    };
    let rows = tenant.directory.skills().iter().filter(is_wanted).map(skill_row);
    match listed(asked, rows) {
        Ok(listed) => listed.or_no_content("skills", tenant.now()),
        Err(refusal) => refusal.into(),
    }
}

/// `GET /skills/{skillId}`. That it is a list of one, as an agent is, is [INF].
pub(crate) fn skill(asked: &Asked<'_>) -> Reply {
    let Some(skill) = asked.id().parse().ok().and_then(Directory::skill) else {
        return Reply::refusal(StatusCode::NOT_FOUND, format!("Invalid skillId - '{}'", asked.id()));
    };
    match Listing::only_fields(&asked.params).of(vec![Row { changed: SET_UP, value: skill_row(skill) }]) {
        Ok(listed) => Reply::ok(json!({ "skills": listed.rows })),
        Err(refusal) => refusal.into(),
    }
}

/// `GET /unavailable-codes`. This one answers in Pascal case.
pub(crate) fn unavailable_codes(tenant: &Tenant, asked: &Asked<'_>) -> Reply {
    if asked.params.flag("activeOnly").is_err() {
        return bad("Invalid activeOnly");
    }
    let rows = tenant.directory.unavailable_codes().iter().map(|code| {
        json!({
            "OutStateId": code.id,
            "OutStateName": code.name,
            "IsAcw": code.is_after_call_work,
            "AgentTimeoutMins": 0,
            "IsActive": true,
        })
    });
    Reply::ok(Value::Array(rows.collect()))
}

/// `GET /teams/{teamId}/unavailable-codes`. This one answers in camel case, within a `resultSet`.
pub(crate) fn team_unavailable_codes(tenant: &Tenant, asked: &Asked<'_>) -> Reply {
    if asked.params.flag("activeOnly").is_err() {
        return bad("Invalid activeOnly");
    }
    if asked.id().parse() != Ok(TEAM.0) {
        return Reply::refusal(StatusCode::NOT_FOUND, format!("Invalid teamId - '{}'", asked.id()));
    }
    let told = |code: &UnavailableCode| {
        json!({
            "outStateId": code.id,
            "outStateName": code.name,
            "isActive": true,
            "isAcw": code.is_after_call_work,
            "agentTimeoutMins": 0,
        })
    };
    let codes: Vec<Value> = tenant.directory.unavailable_codes().iter().map(told).collect();
    Reply::ok(json!({
        "resultSet": {
            "teamId": TEAM.0,
            "teamName": TEAM.1,
            "teamUuid": tenant.team_uuid(),
            "unavailableCodes": codes,
        },
    }))
}

/// `GET /teams`.
pub(crate) fn teams(tenant: &Tenant, asked: &Asked<'_>) -> Reply {
    let team = json!({ "teamId": TEAM.0, "teamName": TEAM.1, "isActive": true, "teamUuid": tenant.team_uuid() });
    answered(tenant, asked, "teams", [team])
}

/// `GET /dispositions`.
pub(crate) fn dispositions(tenant: &Tenant, asked: &Asked<'_>) -> Reply {
    let rows = DISPOSITIONS.iter().map(
        |disposition| json!({ "dispositionId": disposition.id, "dispositionName": disposition.name, "isActive": true }),
    );
    answered(tenant, asked, "dispositions", rows)
}

/// `GET /points-of-contact`.
pub(crate) fn points_of_contact(tenant: &Tenant, asked: &Asked<'_>) -> Reply {
    let rows = tenant.directory.points_of_contact().iter().map(|point| {
        json!({
            "pointOfContactId": point.id,
            "pointOfContactName": point.name,
            "skillId": point.skill,
            "mediaTypeId": Media::Chat.id(),
            "isActive": true,
        })
    });
    answered(tenant, asked, "pointsOfContact", rows)
}

/// `GET /hours-of-operation`: texts in place of truth values, within a `resultSet`.
pub(crate) fn hours_of_operation(asked: &Asked<'_>) -> Reply {
    let days = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"].map(|day| {
        let is_closed = day.starts_with('S');
        json!({
            "day": day,
            "openTime": "09:00:00",
            "closeTime": "17:00:00",
            "hasAdditionalHours": "False",
            "additionalOpenTime": "",
            "additionalCloseTime": "",
            "isClosedAllDay": if is_closed { "True" } else { "False" },
        })
    });
    let profile = json!({ "profileId": 801, "profileName": "Office Hours", "days": days });
    match listed(asked, [profile]) {
        Ok(listed) => Reply::ok(json!({ "resultSet": { "hoursOfOperationProfiles": listed.rows } })),
        Err(refusal) => refusal.into(),
    }
}

/// `GET /media-types`: those that the reference numbers.
pub(crate) fn media_types() -> Reply {
    let names = [(1, "E-Mail"), (3, "Chat"), (4, "Phone Call"), (5, "Voice Mail"), (6, "Work Item"), (7, "SMS")];
    let rows = names.map(|(id, name)| json!({ "mediaTypeId": id, "mediaTypeName": name }));
    Reply::ok(json!({ "mediaTypes": rows }))
}

/// `GET /agents-states`, which samples also spell `agent-states`.
pub(crate) fn agent_states() -> Reply {
    let rows: Vec<Value> =
        (0_u8..).zip(Standing::NAMES).map(|(id, name)| json!({ "agentStateId": id, "agentStateName": name })).collect();
    Reply::ok(json!({ "agentStates": rows }))
}

/// `GET /contact-state-descriptions`. The names of its members are [INF].
pub(crate) fn contact_states() -> Reply {
    let now = Timestamp::from_millis(0);
    let stages = [
        Stage::Queued,
        Stage::Offered { until: now },
        Stage::Dialing { until: now },
        Stage::Ringing { until: now },
        Stage::Active,
        Stage::Holding,
        Stage::Masking,
        Stage::Joined,
        Stage::WrapUp { until: None },
        Stage::Ended,
    ];
    let rows = stages.map(|stage| json!({ "contactStateId": stage.id(), "contactStateName": stage.status() }));
    Reply::ok(json!({ "contactStates": rows }))
}

/// `GET /business-unit`.
pub(crate) fn business_unit(tenant: &Tenant, asked: &Asked<'_>) -> Reply {
    let unit = json!({
        "businessUnitId": BUSINESS_UNIT.number,
        "businessUnitName": BUSINESS_UNIT.name,
        "tenantId": tenant.uuid,
    });
    match Listing::only_fields(&asked.params).of(vec![Row { changed: SET_UP, value: unit }]) {
        Ok(listed) => Reply::ok(json!({ "businessUnits": listed.rows })),
        Err(refusal) => refusal.into(),
    }
}

fn skill_row(skill: &Skill) -> Value {
    json!({
        "skillId": skill.id,
        "skillName": skill.name,
        "mediaTypeId": skill.media_type,
        "mediaTypeName": skill.media_type_name,
        "isActive": true,
        "campaignId": skill.campaign.0,
        "campaignName": skill.campaign.1,
        "isOutbound": skill.is_outbound,
        "outboundStrategy": outbound_strategy(skill),
    })
}

fn outbound_strategy(skill: &Skill) -> &'static str {
    if skill.is_outbound { "Manual" } else { "" }
}

fn listed(asked: &Asked<'_>, rows: impl IntoIterator<Item = Value>) -> Result<Listed, ListRefusal> {
    let rows = rows.into_iter().map(|value| Row { changed: SET_UP, value });
    Listing::read(&asked.params)?.of(rows.collect())
}

/// A list whose reference names no 204.
fn answered(tenant: &Tenant, asked: &Asked<'_>, plural: &str, rows: impl IntoIterator<Item = Value>) -> Reply {
    match listed(asked, rows) {
        Ok(listed) => Reply::ok(listed.envelope(plural, tenant.now())),
        Err(refusal) => refusal.into(),
    }
}

fn bad(message: &str) -> Reply {
    Reply::refusal(StatusCode::BAD_REQUEST, message)
}
