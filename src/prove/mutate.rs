use std::collections::BTreeSet;
use std::time::Duration;

use crate::event::{Answer, Body, Content, Exchange, Header, Timing};
use crate::value::Json;

use super::members::{broken_bodies, with_more};
use super::{Mutant, Mutation};

/// How much later an answer comes that comes too late.
const LATER: Duration = Duration::from_secs(30);
/// Statuses that an endpoint might answer instead: of each class those that clients treat in their own way.
const STATUSES: [u16; 12] = [200, 201, 202, 204, 302, 304, 400, 401, 403, 404, 409, 500];
/// Where an answer sends its client that goes wrong.
const ELSEWHERE: &str = "https://elsewhere.example/";
/// Header fields whose loss is not looked at: they are the transport's, or say who serves.
const NOT_OF_CONTRACT: [&str; 9] = [
    "connection",
    "content-encoding",
    "content-length",
    "date",
    "keep-alive",
    "server",
    "transfer-encoding",
    "vary",
    "x-assize-sandbox",
];

/// Every way in which the answer of this exchange can be broken. `given` are values that answers before gave, by the
/// names that they were captured under; `granted` the members that the same request is answered by where it is not refused.
/// None for an exchange without a complete answer.
#[must_use]
pub fn mutants(exchange: &Exchange, given: &[(String, Json)], granted: &[(String, Json)]) -> Vec<Mutant> {
    let Some(answer) = exchange.complete() else { return Vec::new() };
    let mut made = Vec::new();
    let mut add = |mutation: Mutation, change: &dyn Fn(&mut Answer)| {
        let mut exchange = exchange.clone();
        if let Some(answer) = &mut exchange.answer {
            change(answer);
        }
        made.push(Mutant { mutation, exchange });
    };
    for status in STATUSES.into_iter().filter(|status| *status != answer.status) {
        add(Mutation::Status { status }, &|answer| {
            answer.status = status;
            answer.reason = None;
        });
    }
    let names: BTreeSet<&str> = answer.headers.iter().map(|header| header.name.as_str()).collect();
    for name in names.into_iter().filter(|name| !NOT_OF_CONTRACT.contains(name)) {
        add(Mutation::HeaderDropped(name.to_owned()), &|answer| answer.headers.retain(|header| header.name != name));
    }
    add(Mutation::Bare, &|answer| {
        answer.reason = None;
        answer.headers.clear();
        answer.body = Body::default();
    });
    for (mutation, location) in locations(answer.header("location").next()) {
        add(mutation, &|answer| {
            answer.headers.retain(|header| header.name != "location");
            answer.headers.push(Header::new("location", location.clone()));
        });
    }
    if answer.reason.as_deref().is_some_and(|reason| !reason.is_empty()) {
        add(Mutation::ReasonGone, &|answer| answer.reason = None);
    }
    if answer.media_type().is_some() && !answer.body.is_empty() {
        let other = if answer.media_type().as_deref() == Some("text/html") { "text/plain" } else { "text/html" };
        add(Mutation::ContentType(other.to_owned()), &|answer| {
            for header in answer.headers.iter_mut().filter(|header| header.name == "content-type") {
                other.clone_into(&mut header.value);
            }
        });
    }
    if answer.body.is_empty() {
        add(Mutation::BodyAdded, &|answer| answer.body = Body::bytes(b"unexpected"));
    } else {
        add(Mutation::BodyGone, &|answer| answer.body = Body::default());
    }
    if let Content::Text(text) = &answer.body.content
        && let Ok(json) = Json::parse(text.as_bytes())
    {
        // Half of any other text is a text too: only its framing can tell, and that is a fault of the exchange.
        if let Some((half, _)) = text.char_indices().nth(text.chars().count() / 2).filter(|(half, _)| *half > 0) {
            add(Mutation::BodyCut, &|answer| answer.body = Body::bytes(&text.as_bytes()[..half]));
        }
        let more = if answer.status >= 400 { with_more(&json, granted) } else { Vec::new() };
        for (mutation, body) in broken_bodies(&json, given).into_iter().chain(more) {
            let written = body.to_string();
            add(mutation, &|answer| answer.body = Body::bytes(written.as_bytes()));
        }
    }
    let mut late = exchange.clone();
    late.timing.total_us = late.timing.total_us.saturating_add(u64::try_from(LATER.as_micros()).unwrap_or(u64::MAX));
    made.push(Mutant { mutation: Mutation::Later(LATER), exchange: late });
    let mut soon = exchange.clone();
    soon.timing = Timing::default();
    made.push(Mutant { mutation: Mutation::AtOnce, exchange: soon });
    made
}

/// Two exchanges with each other's answers.
pub(super) fn swapped((one, other): (&Exchange, &Exchange)) -> (Exchange, Exchange) {
    let (mut first, mut second) = (one.clone(), other.clone());
    std::mem::swap(&mut first.answer, &mut second.answer);
    (first, second)
}

/// Where an answer may send its client instead: elsewhere, or there without one of the parameters.
fn locations(location: Option<&str>) -> Vec<(Mutation, String)> {
    let Some(location) = location else { return vec![(Mutation::LocationAdded, ELSEWHERE.to_owned())] };
    let parameters = location.find(['?', '#']).map_or("", |at| &location[at..]);
    let mut made = vec![(Mutation::LocationElsewhere, format!("{ELSEWHERE}{parameters}"))];
    for parameter in parameters.split(['?', '#', '&']).filter(|parameter| !parameter.is_empty()) {
        let name = parameter.split('=').next().unwrap_or_default();
        // What stands in its place is not looked for.
        let without = location.replacen(parameter, "lost=", 1);
        made.push((Mutation::LocationLost(name.to_owned()), without));
    }
    made
}
