use http::StatusCode;
use serde_json::json;

use crate::sandbox::patron::NoSuchChat;
use crate::sandbox::tenant::Tenant;
use crate::sandbox::wire::{Params, Reply};

/// `POST /contacts/chats`.
pub(crate) fn start(tenant: &Tenant, params: &Params) -> Reply {
    let point = params.text("pointOfContact").and_then(|id| tenant.directory.point_of_contact(id.trim().parse().ok()?));
    let Some(point) = point else { return Reply::refusal(StatusCode::BAD_REQUEST, "Invalid point of contact") };
    let chat = tenant.chats().start(point);
    let body = json!({ "chatSessionId": chat.session, "contactId": chat.contact });
    Reply::json(StatusCode::ACCEPTED, "Accepted", body)
}

/// `DELETE /contacts/chats/{chatSession}`.
pub(crate) fn end(tenant: &Tenant, session: &str) -> Reply {
    match tenant.chats().end(session) {
        Ok(_) => Reply::empty(StatusCode::OK, "Success"),
        Err(gone @ NoSuchChat) => Reply::refusal(StatusCode::NOT_FOUND, gone.to_string()),
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
