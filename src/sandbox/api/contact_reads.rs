use http::StatusCode;
use serde_json::{Value, json};

use super::answer::Asked;
use super::dates::long_date;
use super::listing::{ListRefusal, Listing, Row};
use super::version::ApiVersion;
use crate::sandbox::interaction::{Contact, Direction, Stage};
use crate::sandbox::tenant::{TEAM, Tenant};
use crate::sandbox::wire::{Params, Reply};

/// Which contacts of a list are wanted, by what they are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Wanted {
    media: Option<i64>,
    skill: Option<i64>,
    campaign: Option<i64>,
    agent: Option<i64>,
    team: Option<i64>,
    state: Option<i64>,
    contact: Option<i64>,
}

/// A number that a list is to be chosen by is none: 400.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("Invalid parameter '{0}', must be type Int32")]
pub(super) struct NoNumber(&'static str);

impl From<NoNumber> for Reply {
    fn from(none: NoNumber) -> Self {
        Reply::refusal(StatusCode::BAD_REQUEST, none.to_string())
    }
}

impl Wanted {
    /// Reads the parameters of a request.
    pub(super) fn read(params: &Params) -> Result<Self, NoNumber> {
        let number = |name| params.integer(name).map_err(|_| NoNumber(name));
        Ok(Self {
            media: number("mediaTypeId")?,
            skill: number("skillId")?,
            campaign: number("campaignId")?,
            agent: number("agentId")?,
            team: number("teamId")?,
            state: number("stateId")?,
            contact: number("contactId")?,
        })
    }

    /// Whether a contact is wanted.
    pub(super) fn includes(&self, contact: &Contact) -> bool {
        let is = |wanted: Option<i64>, is: Option<i64>| wanted.is_none() || wanted == is;
        is(self.media, Some(contact.media.id().into()))
            && is(self.skill, Some(contact.skill.id.into()))
            && is(self.campaign, Some(contact.skill.campaign.0.into()))
            && is(self.agent, contact.agent().map(|agent| agent.0.into()))
            && is(self.team, Some(TEAM.0.into()))
            && is(self.state, Some(contact.stage().id().into()))
            && is(self.contact, Some(contact.id.0.into()))
    }
}

/// `GET /contacts/active`: nested in older versions, flat in current ones, 204 when there is none.
pub(crate) fn active(tenant: &Tenant, asked: &Asked<'_>) -> Reply {
    let wanted = match Wanted::read(&asked.params) {
        Ok(wanted) => wanted,
        Err(none) => return none.into(),
    };
    let now = tenant.now();
    let rows = rows(tenant, |contact| {
        (contact.stage() != Stage::Ended && wanted.includes(contact)).then(|| active_row(contact))
    });
    let listed = match listed(asked, rows) {
        Ok(listed) => listed,
        Err(refusal) => return refusal.into(),
    };
    if listed.rows.is_empty() {
        return Reply::empty(StatusCode::NO_CONTENT, "No Content");
    }
    let envelope = listed.envelope("activeContacts", now);
    let is_nested = asked.version.is_some_and(|version| version <= ApiVersion::LAST_NESTED);
    Reply::ok(if is_nested { json!({ "resultSet": envelope }) } else { envelope })
}

/// `GET /contacts/states`: what changed, whether over or not. The names of its members are [INF].
pub(crate) fn states(tenant: &Tenant, asked: &Asked<'_>) -> Reply {
    let wanted = match Wanted::read(&asked.params) {
        Ok(wanted) => wanted,
        Err(none) => return none.into(),
    };
    let now = tenant.now();
    let rows = rows(tenant, |contact| wanted.includes(contact).then(|| active_row(contact)));
    match listed(asked, rows) {
        Ok(listed) => Reply::ok(listed.envelope("contactStates", now)),
        Err(refusal) => refusal.into(),
    }
}

fn listed(asked: &Asked<'_>, rows: Vec<Row>) -> Result<super::listing::Listed, ListRefusal> {
    Listing::read(&asked.params)?.of(rows)
}

/// A row for each contact that `told` tells something of.
pub(super) fn rows(tenant: &Tenant, told: impl Fn(&Contact) -> Option<Value>) -> Vec<Row> {
    let now = tenant.now();
    let mut desk = tenant.desk();
    desk.settle(now);
    let row = |contact: &Contact| Some(Row { changed: contact.changed(), value: told(contact)? });
    desk.contacts().all().filter_map(row).collect()
}

fn active_row(contact: &Contact) -> Value {
    json!({
        "agentId": contact.agent().map(|agent| agent.0),
        "campaignId": contact.skill.campaign.0,
        "campaignName": contact.skill.campaign.1,
        "contactId": contact.id.0,
        "contactStart": long_date(contact.began),
        "fromAdd": contact.from,
        "isLogged": contact.is_recorded,
        "isOutbound": contact.direction == Direction::Outbound,
        "lastUpdateTime": long_date(contact.changed()),
        "masterContactId": contact.id.0,
        "mediaType": contact.media.id(),
        "mediaTypeName": contact.media.name(),
        "pointOfContactId": Value::Null,
        "skillId": contact.skill.id,
        "skillName": contact.skill.name,
        "state": contact.stage().status(),
        "stateId": contact.stage().id(),
        "teamId": TEAM.0,
        "teamName": TEAM.1,
        "toAddr": contact.to,
        "transferIndicatorId": 0,
        "transferIndicatorName": "None",
    })
}
