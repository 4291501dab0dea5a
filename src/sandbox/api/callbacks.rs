use std::time::Duration;

use http::StatusCode;

use super::interactions::is_phone_number;
use crate::sandbox::interaction::{Direction, Media, NewContact, Route};
use crate::sandbox::tenant::{AgentId, BUSINESS_UNIT, Directory, Tenant};
use crate::sandbox::wire::{Params, Reply};

/// The longest that a callback may be put off: a week. [INF]
const LONGEST_DELAY: i64 = 7 * 86_400;

/// `POST /queuecallback`: a call to the patron, offered to an agent as if the patron had called. [INF]
///
/// The reference lists no 400; a request that cannot be served gets one all the same. [INF]
pub(crate) fn queue(tenant: &Tenant, params: &Params) -> Reply {
    let Some(number) = params.text("phoneNumber").filter(|number| is_phone_number(number)) else {
        return bad("Phone Number is not valid.");
    };
    let wanted = params.integer("skill").ok().flatten().and_then(|id| u32::try_from(id).ok());
    let Some(skill) = wanted.and_then(Directory::skill).filter(|skill| skill.media_type == Media::Call.id()) else {
        return bad("Invalid skill.");
    };
    let delay = match params.integer("callDelaySec") {
        Ok(delay) => delay.unwrap_or(0),
        Err(_) => return bad("Invalid callDelaySec."),
    };
    let Some(delay) = (0..=LONGEST_DELAY).contains(&delay).then(|| Duration::from_secs(delay.unsigned_abs())) else {
        return bad("Invalid callDelaySec.");
    };
    let route = match params.integer("targetAgent") {
        Ok(None | Some(0)) => Route::Skill,
        Ok(Some(id)) => {
            let agent = u32::try_from(id).ok().map(AgentId);
            match agent.filter(|agent| tenant.directory.person(*agent).is_some()) {
                Some(agent) => Route::Agent(agent),
                None => return bad("Invalid targetAgent."),
            }
        }
        Err(_) => return bad("Invalid targetAgent."),
    };
    let new = NewContact {
        media: Media::Call,
        direction: Direction::Inbound,
        route,
        skill,
        from: number.to_owned(),
        to: BUSINESS_UNIT.number.to_string(),
    };
    let now = tenant.now();
    match tenant.desk().arrive_at(new, now.plus(delay), now) {
        Ok(()) => Reply::empty(StatusCode::ACCEPTED, "Accepted"),
        Err(full) => Reply::refusal(StatusCode::SERVICE_UNAVAILABLE, full.to_string()),
    }
}

fn bad(message: &str) -> Reply {
    Reply::refusal(StatusCode::BAD_REQUEST, message)
}
