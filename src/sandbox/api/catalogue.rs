use http::StatusCode;
use serde_json::{Value, json};

use super::agents::Page;
use super::answer::Asked;
use super::dates::long_date;
use crate::sandbox::tenant::{BUSINESS_UNIT, Tenant};
use crate::sandbox::wire::Reply;

/// `GET /server-time`.
pub(crate) fn server_time(tenant: &Tenant) -> Reply {
    Reply::ok(json!({ "ServerTime": long_date(tenant.now()) }))
}

/// `GET /skills`.
pub(crate) fn skills(tenant: &Tenant, asked: &Asked<'_>) -> Reply {
    let page = match Page::read(&asked.params) {
        Ok(page) => page,
        Err(refusal) => return refusal.into(),
    };
    let skills = tenant.directory.skills();
    let rows = page.of(skills.iter()).into_iter().map(|skill| {
        json!({
            "skillId": skill.id,
            "skillName": skill.name,
            "mediaTypeId": skill.media_type,
            "mediaTypeName": skill.media_type_name,
            "isActive": true,
            "campaignId": skill.campaign.0,
            "campaignName": skill.campaign.1,
            "isOutbound": skill.is_outbound,
            "outboundStrategy": if skill.is_outbound { "Manual" } else { "" },
        })
    });
    let rows: Vec<Value> = rows.collect();
    if rows.is_empty() {
        return Reply::empty(StatusCode::NO_CONTENT, "No Content");
    }
    Reply::ok(json!({
        "businessUnitId": BUSINESS_UNIT.number,
        "lastPollTime": long_date(tenant.now()),
        "totalRecords": skills.len(),
        "skills": rows,
    }))
}

/// `GET /unavailable-codes`. This one answers in Pascal case.
pub(crate) fn unavailable_codes(tenant: &Tenant) -> Reply {
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

/// `GET /business-unit`.
pub(crate) fn business_unit(tenant: &Tenant) -> Reply {
    Reply::ok(json!({
        "businessUnits": [{
            "businessUnitId": BUSINESS_UNIT.number,
            "businessUnitName": BUSINESS_UNIT.name,
            "tenantId": tenant.uuid,
        }],
    }))
}
