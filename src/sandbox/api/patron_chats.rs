use std::time::Duration;

use http::StatusCode;
use serde_json::{Value, json};

use super::dates::long_date;
use super::interactions::LONGEST_TEXT;
use super::poll_timeout::poll_timeout;
use crate::sandbox::interaction::{ContactId, Direction, Media, Message, NewContact, Route};
use crate::sandbox::patron::{ChatId, ChatPoll, next_messages};
use crate::sandbox::session::CommandRefusal;
use crate::sandbox::tenant::{Directory, Tenant};
use crate::sandbox::wire::{Params, Reply};

/// The longest address or name of a patron, in bytes. [INF]
const LONGEST_NAME: usize = 200;

/// `POST /contacts/chats`.
pub(crate) fn start(tenant: &Tenant, params: &Params) -> Reply {
    let point = params.text("pointOfContact").and_then(|id| tenant.directory.point_of_contact(id.trim().parse().ok()?));
    let Some((point, skill)) = point.and_then(|point| Some((point, Directory::skill(point.skill)?))) else {
        return Reply::refusal(StatusCode::BAD_REQUEST, "Invalid point of contact");
    };
    let new = NewContact {
        media: Media::Chat,
        direction: Direction::Inbound,
        route: Route::Skill,
        skill,
        from: params.text("fromAddress").unwrap_or_default().chars().take(LONGEST_NAME).collect(),
        to: point.name.to_owned(),
    };
    let begun = tenant.desk().arrive(new, tenant.now());
    match begun {
        Ok(contact) => {
            let id = tenant.chat_ids.write(ChatId { contact, serial: 0, position: 0 });
            Reply::json(StatusCode::ACCEPTED, "Accepted", json!({ "chatSessionId": id, "contactId": contact.0 }))
        }
        Err(full) => Reply::refusal(StatusCode::SERVICE_UNAVAILABLE, full.to_string()),
    }
}

/// `GET /contacts/chats/{chatSession}`.
pub(crate) async fn poll(tenant: &Tenant, session: &str, params: &Params) -> Reply {
    let timeout: Duration = match poll_timeout(params) {
        Ok(timeout) => timeout,
        Err(refusal) => return refusal.into(),
    };
    match next_messages(tenant, session, timeout).await {
        ChatPoll::Messages(messages, next) => {
            let messages: Vec<Value> = messages.iter().map(told).collect();
            Reply::ok(json!({ "chatSession": next, "messages": messages }))
        }
        ChatPoll::NoMessages => Reply::empty(StatusCode::NOT_MODIFIED, "No Messages"),
        ChatPoll::Closing => Reply::refusal(StatusCode::SERVICE_UNAVAILABLE, "The sandbox tenant is closing"),
        ChatPoll::Gone => gone(),
    }
}

/// `POST /contacts/chats/{chatSession}/send-text`.
pub(crate) fn send_text(tenant: &Tenant, session: &str, params: &Params) -> Reply {
    let Some(contact) = contact(tenant, session) else { return gone() };
    let Some(label) = params.text("label").filter(|label| label.len() <= LONGEST_NAME) else {
        return Reply::refusal(StatusCode::BAD_REQUEST, "Invalid label");
    };
    let Some(text) = params.text("message").filter(|text| text.len() <= LONGEST_TEXT) else {
        return Reply::refusal(StatusCode::BAD_REQUEST, "Invalid message");
    };
    let written = tenant.desk().write_as_patron(contact, label.to_owned(), text.to_owned(), tenant.now());
    match written {
        Ok(()) => Reply::empty(StatusCode::ACCEPTED, "Accepted"),
        Err(_) => gone(),
    }
}

/// `POST /contacts/chats/{chatSession}/typing`. The facts name no event for it.
pub(crate) fn typing(tenant: &Tenant, session: &str) -> Reply {
    let contact = contact(tenant, session);
    let now = tenant.now();
    let is_open =
        contact.is_some_and(|id| tenant.desk().contact_mut(id, now).is_some_and(|chat| chat.conversation.is_open()));
    if is_open { Reply::empty(StatusCode::ACCEPTED, "Accepted") } else { gone() }
}

/// `DELETE /contacts/chats/{chatSession}`.
pub(crate) fn end(tenant: &Tenant, session: &str) -> Reply {
    let Some(contact) = contact(tenant, session) else { return gone() };
    let ended = tenant.desk().hang_up(contact, tenant.now());
    match ended {
        Ok(()) => Reply::empty(StatusCode::OK, "Success"),
        Err(
            CommandRefusal::Session(_)
            | CommandRefusal::UnknownContact
            | CommandRefusal::Misplaced(_)
            | CommandRefusal::WrongLeg
            | CommandRefusal::TooManyCalls
            | CommandRefusal::NoRoom
            | CommandRefusal::StillConnected,
        ) => gone(),
    }
}

/// `GET /points-of-contact/{pointOfContactId}/chat-profile`.
pub(crate) fn profile(tenant: &Tenant, id: &str) -> Reply {
    let Some(point) = id.parse().ok().and_then(|id| tenant.directory.point_of_contact(id)) else {
        return Reply::refusal(StatusCode::NOT_FOUND, "Invalid point of contact");
    };
    Reply::ok(json!({
        "chatProfile": {
            "pointOfContactId": point.id,
            "pointOfContactName": point.name,
            "skillId": point.skill,
            "heading": point.name,
        },
    }))
}

fn contact(tenant: &Tenant, session: &str) -> Option<ContactId> {
    tenant.chat_ids.read(session).map(|id| id.contact)
}

fn gone() -> Reply {
    Reply::refusal(StatusCode::NOT_FOUND, "Invalid chat session")
}

fn told(message: &Message) -> Value {
    json!({
        "Label": message.label,
        "PartyTypeId": message.party.id(),
        "PartyTypeValue": message.party.name(),
        "Text": message.text,
        "Timestamp": long_date(message.at),
    })
}
