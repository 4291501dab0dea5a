use http::StatusCode;
use serde_json::{Value, json};

use crate::sandbox::interaction::{Contact, ContactId, Direction, Media, NewContact, Route};
use crate::sandbox::session::CommandRefusal;
use crate::sandbox::tenant::{AgentId, BUSINESS_UNIT, Directory, Tenant};
use crate::sandbox::wire::{Params, Reply};

use super::site::{bad, nowhere};

/// The longest address or text of a patron, in bytes.
const LONGEST_TEXT: usize = 4000;

/// `POST /tenants/ID/contacts`: a patron calls, or begins a chat.
pub(super) fn queue(tenant: &Tenant, params: &Params) -> Reply {
    let Some(media) = params.text("media").and_then(Media::named) else { return bad("media must be call or chat") };
    let is_usual = |skill: &crate::sandbox::tenant::Skill| !skill.is_outbound && skill.media_type == media.id();
    let skill = match params.integer("skill") {
        Ok(None) => Directory::find_skill(is_usual),
        Ok(Some(id)) => u32::try_from(id).ok().and_then(Directory::skill).filter(|one| one.media_type == media.id()),
        Err(_) => None,
    };
    let Some(skill) = skill else { return bad("skill must be the number of a skill for that media") };
    let route = match params.integer("agent") {
        Ok(None) => Route::Skill,
        Ok(Some(id)) => match u32::try_from(id).ok().map(AgentId).filter(|id| tenant.directory.person(*id).is_some()) {
            Some(agent) => Route::Agent(agent),
            None => return bad("agent must be the number of an agent"),
        },
        Err(_) => return bad("agent must be the number of an agent"),
    };
    let from = params.text("from").unwrap_or(match media {
        Media::Call => "+15550123",
        Media::Chat => "someone@example.com",
    });
    if from.len() > LONGEST_TEXT {
        return bad("from is too long");
    }
    let new = NewContact {
        media,
        direction: Direction::Inbound,
        route,
        skill,
        from: from.to_owned(),
        to: BUSINESS_UNIT.number.to_string(),
    };
    let begun = tenant.desk().arrive(new, tenant.now());
    match begun {
        Ok(id) => match view(tenant, id) {
            Some(view) => Reply::json(StatusCode::CREATED, "Created", view),
            None => nowhere(),
        },
        Err(full) => Reply::refusal(StatusCode::SERVICE_UNAVAILABLE, full.to_string()),
    }
}

/// `GET /tenants/ID/contacts`.
pub(super) fn list(tenant: &Tenant) -> Reply {
    let now = tenant.now();
    let mut desk = tenant.desk();
    desk.settle(now);
    let contacts: Vec<Value> = desk.contacts().all().map(told).collect();
    Reply::ok(json!({ "contacts": contacts }))
}

/// `GET /tenants/ID/contacts/CONTACT`.
pub(super) fn one(tenant: &Tenant, id: &str) -> Reply {
    id.parse().ok().and_then(|id| view(tenant, id)).map_or_else(nowhere, Reply::ok)
}

/// `DELETE /tenants/ID/contacts/CONTACT`: the patron hangs up.
pub(super) fn hang_up(tenant: &Tenant, id: &str) -> Reply {
    let Ok(id) = id.parse() else { return nowhere() };
    done(tenant.desk().hang_up(id, tenant.now()))
}

/// `POST /tenants/ID/contacts/CONTACT/texts`: the patron of a chat writes.
pub(super) fn write(tenant: &Tenant, id: &str, params: &Params) -> Reply {
    let Ok(id) = id.parse() else { return nowhere() };
    let Some(text) = params.text("text").filter(|text| text.len() <= LONGEST_TEXT) else {
        return bad("text must be there, and not longer than 4000 bytes");
    };
    let label = params.text("label").unwrap_or("Patron");
    done(tenant.desk().write_as_patron(id, label.to_owned(), text.to_owned(), tenant.now()))
}

fn done(result: Result<(), CommandRefusal>) -> Reply {
    match result {
        Ok(()) => Reply::empty(StatusCode::NO_CONTENT, "No Content"),
        Err(CommandRefusal::UnknownContact | CommandRefusal::Session(_)) => nowhere(),
        Err(
            refusal @ (CommandRefusal::Misplaced(_)
            | CommandRefusal::WrongLeg
            | CommandRefusal::TooManyCalls
            | CommandRefusal::NoRoom
            | CommandRefusal::StillConnected),
        ) => Reply::refusal(StatusCode::CONFLICT, refusal.to_string()),
    }
}

fn view(tenant: &Tenant, id: ContactId) -> Option<Value> {
    let now = tenant.now();
    let mut desk = tenant.desk();
    desk.settle(now);
    desk.contacts().get(id).map(told)
}

fn told(contact: &Contact) -> Value {
    json!({
        "contact": contact.id.0,
        "media": match contact.media {
            Media::Call => "call",
            Media::Chat => "chat",
        },
        "skill": contact.skill.id,
        "status": contact.stage().status(),
        "agent": contact.handler().map(|handler| handler.agent.0),
        "refusals": contact.refusals(),
    })
}
