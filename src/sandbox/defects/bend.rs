use http::StatusCode;
use http::header::WWW_AUTHENTICATE;
use serde_json::{Map, Value, json};

use super::{Defect, Switches};
use crate::sandbox::api::{Operation, PublicCall, UserCall};
use crate::sandbox::front::WireFault;
use crate::sandbox::wire::Reply;

/// How an answer is bent.
type Bend = fn(Reply) -> Reply;

/// The answer to a call, with the tenant's defects.
pub(crate) fn bend(defects: &Switches, operation: Operation, mut reply: Reply) -> Reply {
    if !defects.are_watched() {
        return reply;
    }
    let of_wire = of_wire(operation, reply.status().as_u16());
    for (defect, bend) in of(operation, reply.status().as_u16(), &reply).iter().chain(of_wire) {
        if defects.has(*defect) {
            reply = bend(reply);
        }
    }
    reply
}

/// What can be bent in the answer to a call.
fn of(operation: Operation, status: u16, reply: &Reply) -> &'static [(Defect, Bend)] {
    match (operation, status) {
        (Operation::Public(call), _) => of_public(call, status, reply),
        (_, 401) => &[(Defect::ChallengeMissing, unchallenged), (Defect::ErrorWithoutText, silent)],
        (Operation::User(call), _) => of_user(call, status),
        (Operation::Patron(_), _) => &[],
    }
}

fn of_public(call: PublicCall, status: u16, reply: &Reply) -> &'static [(Defect, Bend)] {
    match (call, status) {
        (PublicCall::LegacyToken, 401) if reply.reason().starts_with("Client application") => &[
            (Defect::WrongApplication403, |reply| reply.restated(StatusCode::FORBIDDEN)),
            (Defect::WrongApplicationSilent, |_| Reply::empty(StatusCode::UNAUTHORIZED, "Unauthorized")),
        ],
        (PublicCall::LegacyToken, 200) => &[
            (Defect::LifetimeMissing, |reply| cut(reply, "expires_in")),
            (Defect::LifetimeZero, |reply| put(reply, "expires_in", json!(0))),
            (Defect::LifetimeString, lifetime_as_text),
            (Defect::TokenTypeWrong, |reply| put(reply, "token_type", json!("mac"))),
            (Defect::BaseUriMissing, |reply| cut(reply, "resource_server_base_uri")),
            (Defect::ClientRefreshIssued, |reply| reply.changed(refresh_of_nobody)),
        ],
        (PublicCall::OpenIdToken, 200) => &[
            (Defect::LifetimeMissing, |reply| cut(reply, "expires_in")),
            (Defect::LifetimeZero, |reply| put(reply, "expires_in", json!(0))),
            (Defect::LifetimeString, lifetime_as_text),
            (Defect::TokenTypeWrong, |reply| put(reply, "token_type", json!("mac"))),
        ],
        (PublicCall::OpenIdConfiguration, 200) => &[
            (Defect::DiscoveryMissingMember, |reply| cut(reply, "id_token_signing_alg_values_supported")),
            (Defect::DiscoveryWrongIssuer, |reply| put(reply, "issuer", json!("https://elsewhere.example"))),
        ],
        (PublicCall::Keys, 200) => &[
            (Defect::JwksEmpty, |reply| put(reply, "keys", json!([]))),
            (Defect::JwksPrivate, |reply| reply.changed(private_part)),
        ],
        _ => &[],
    }
}

fn of_user(call: UserCall, status: u16) -> &'static [(Defect, Bend)] {
    match (call, status) {
        (UserCall::ServerTime, 200) => &[(Defect::WrongContentType, Reply::mislabelled)],
        (UserCall::Agents, 200) => &[
            (Defect::Sync202, |reply| reply.restated(StatusCode::ACCEPTED)),
            (Defect::SyncEmpty, |_| Reply::empty(StatusCode::OK, "Success")),
            (Defect::WrongContentType, Reply::mislabelled),
        ],
        (UserCall::StartSession, 202) => &[
            (Defect::StartWithoutId, |_| Reply::empty(StatusCode::ACCEPTED, "Accepted")),
            (Defect::Async200, |reply| reply.restated(StatusCode::OK)),
            (Defect::FieldMissing, |reply| cut(reply, "sessionId")),
            (Defect::FieldRenamed, |reply| reply.changed(renamed)),
            (Defect::FieldNull, |reply| put(reply, "sessionId", Value::Null)),
            (Defect::FieldRetyped, |reply| put(reply, "sessionId", json!(58_070_815))),
        ],
        (UserCall::JoinSession, 202) => &[
            (Defect::FieldMissing, |reply| cut(reply, "sessionId")),
            (Defect::FieldRenamed, |reply| reply.changed(renamed)),
            (Defect::FieldNull, |reply| put(reply, "sessionId", Value::Null)),
            (Defect::FieldRetyped, |reply| put(reply, "sessionId", json!(58_070_815))),
        ],
        (UserCall::StartSession, 400) => &[
            (Defect::RejectedStart202, |_| {
                Reply::json(StatusCode::ACCEPTED, "Accepted", json!({ "sessionId": "bm90aGluZw==" }))
            }),
            (Defect::ErrorWithoutText, silent),
        ],
        (UserCall::ChangeState | UserCall::RunReport, 202) => {
            &[(Defect::Async200, |reply| reply.restated(StatusCode::OK))]
        }
        (UserCall::ChangeState, 400) => &[
            (Defect::RejectedChange202, |_| Reply::empty(StatusCode::ACCEPTED, "Accepted")),
            (Defect::ErrorWithoutText, silent),
        ],
        (UserCall::ChangeState, 409) => {
            &[(Defect::EndedSessionChanges, |_| Reply::empty(StatusCode::ACCEPTED, "Accepted"))]
        }
        (UserCall::ChangeState | UserCall::EndSession | UserCall::NextEvent, 404) => {
            &[(Defect::UnknownSession409, |reply| reply.restated(StatusCode::CONFLICT))]
        }
        (UserCall::EndSession, 202) => &[(Defect::End200, |reply| reply.restated(StatusCode::OK))],
        (UserCall::EndSession, 409) => &[
            (Defect::EndTwice202, |_| Reply::empty(StatusCode::ACCEPTED, "Accepted")),
            (Defect::EndTwice404, |reply| reply.restated(StatusCode::NOT_FOUND)),
        ],
        (UserCall::NextEvent, 200) => &[(Defect::EventWithoutType, |reply| reply.changed(untyped))],
        (UserCall::NextEvent, 304) => {
            &[(Defect::Quiet200, |_| Reply::ok(json!({ "sessionId": "bm90aGluZw==", "events": [] })))]
        }
        (UserCall::NextEvent, 409) => {
            &[(Defect::EndedSessionSilent, |_| Reply::empty(StatusCode::NOT_MODIFIED, "No Events"))]
        }
        (UserCall::ReportJob, 200) => &[(Defect::ReportNeverSettles, |reply| reply.changed(still_running))],
        (UserCall::ReportFile, 200) => {
            &[(Defect::ReportNoFile, |_| Reply::refusal(StatusCode::NOT_FOUND, "File not found"))]
        }
        (UserCall::ReportJob | UserCall::RunReport, 404) => &[
            (Defect::ReportUnknown200, |_| Reply::ok(json!({ "jobId": 1, "state": "Finished" }))),
            (Defect::ErrorWithoutText, silent),
        ],
        (_, 400..) => &[(Defect::ErrorWithoutText, silent)],
        _ => &[],
    }
}

/// What can be broken in the bytes of the answer: of a list that few depend on, so that it is known who noticed.
fn of_wire(operation: Operation, status: u16) -> &'static [(Defect, Bend)] {
    match (operation, status) {
        (Operation::User(UserCall::NextEvent), 304) => {
            &[(Defect::BodyOn304, |reply| reply.breaking(WireFault::BodyWhereNone))]
        }
        (Operation::User(UserCall::Agents), 200) => &[
            (Defect::BodyCut, |reply| reply.breaking(WireFault::BodyCut)),
            (Defect::LengthTooLarge, |reply| reply.breaking(WireFault::LengthTooLarge)),
            (Defect::LengthTooSmall, |reply| reply.breaking(WireFault::LengthTooSmall)),
            (Defect::LengthTwice, |reply| reply.breaking(WireFault::LengthTwice)),
            (Defect::LengthsDiffer, |reply| reply.breaking(WireFault::LengthsDiffer)),
            (Defect::LengthAndChunked, |reply| reply.breaking(WireFault::LengthAndChunked)),
            (Defect::ChunkSizeBroken, |reply| reply.breaking(WireFault::ChunkSizeBroken)),
            (Defect::ChunksUnended, |reply| reply.breaking(WireFault::ChunksUnended)),
            (Defect::NoAnswer, |reply| reply.breaking(WireFault::NoAnswer)),
            (Defect::HeaderGarbage, |reply| reply.breaking(WireFault::FieldGarbage)),
            (Defect::HeaderFolded, |reply| reply.breaking(WireFault::FieldFolded)),
            (Defect::HeaderBareLf, |reply| reply.breaking(WireFault::BareLf)),
            (Defect::TypeTwice, |reply| reply.breaking(WireFault::TypeTwice)),
            (Defect::StrayBytes, |reply| reply.breaking(WireFault::StrayBytes)),
        ],
        _ => &[],
    }
}

fn silent(reply: Reply) -> Reply {
    reply.changed(Map::clear)
}

fn unchallenged(reply: Reply) -> Reply {
    reply.without(&WWW_AUTHENTICATE)
}

fn cut(reply: Reply, key: &str) -> Reply {
    reply.changed(|body| {
        body.remove(key);
    })
}

fn put(reply: Reply, key: &str, value: Value) -> Reply {
    reply.changed(|body| {
        body.insert(key.to_owned(), value);
    })
}

fn lifetime_as_text(reply: Reply) -> Reply {
    reply.changed(|body| {
        if let Some(seconds) = body.get("expires_in").map(ToString::to_string) {
            body.insert("expires_in".to_owned(), json!(seconds));
        }
    })
}

fn refresh_of_nobody(body: &mut Map<String, Value>) {
    if body.get("refresh_token").is_some_and(Value::is_null) {
        body.insert("refresh_token".to_owned(), json!("of-an-application"));
    }
}

fn private_part(body: &mut Map<String, Value>) {
    for key in body.get_mut("keys").and_then(Value::as_array_mut).into_iter().flatten() {
        key["d"] = json!("bm90LWEtc2VjcmV0");
    }
}

fn renamed(body: &mut Map<String, Value>) {
    if let Some(id) = body.remove("sessionId") {
        body.insert("SessionID".to_owned(), id);
    }
}

fn untyped(body: &mut Map<String, Value>) {
    for event in body.get_mut("events").and_then(Value::as_array_mut).into_iter().flatten() {
        if let Some(event) = event.as_object_mut() {
            event.remove("Type");
        }
    }
}

fn still_running(body: &mut Map<String, Value>) {
    body.insert("state".to_owned(), json!("Running"));
    body.insert("resultFileURL".to_owned(), json!(""));
}
