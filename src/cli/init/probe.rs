use std::sync::Arc;
use std::time::Duration;

use url::Url;

use crate::cli::Exit;
use crate::cli::failure::Failure;
use crate::cli::runtime::runtime;
use crate::clock::{Clock as _, Deadline, SystemClock};
use crate::event::{Answer, Exchange, ExchangeId};
use crate::http::{Ask, Door, Jar, Lanes, Limits, NetworkOptions, Outgoing, Policy, connect};
use crate::value::{Json, Masker, Origin, Vault};

/// What one answer showed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Seen {
    pub(super) status: u16,
    /// Its media type, where that is one.
    pub(super) media_type: Option<String>,
    /// Paths into its JSON, and the type of what is there.
    pub(super) members: Vec<(String, &'static str)>,
}

/// How long an answer is waited for.
const PATIENCE: Duration = Duration::from_secs(15);
/// How many members of the answer are written down.
const MOST_MEMBERS: usize = 12;

/// Sends one GET, and tells what came. It is the only thing that `init` ever sends.
pub(super) fn probe(url: &Url) -> Result<Seen, Failure> {
    let transport = connect(&NetworkOptions::default()).map_err(Failure::internal)?;
    let exchange = runtime()?.block_on(async {
        let policy = Policy::new(Origin::parse(url.as_str()), Vec::new());
        let door = Door::new(transport, Arc::new(Vault::new(Masker::empty().into())), policy.into());
        let (lanes, jar) = (Lanes::new(), Jar::new());
        let lane = lanes.lease();
        let outgoing = Outgoing::new("GET", url.as_str(), Limits::until(Deadline::after(PATIENCE)));
        let ask = Ask {
            id: ExchangeId(1),
            device: None,
            lane: lane.id(),
            jar: Some(&jar),
            outgoing: &outgoing,
            sent: SystemClock.now(),
            issues: &[],
        };
        door.send(ask).await
    });
    seen(&exchange).ok_or_else(|| {
        let fault = exchange.fault.as_ref().map(ToString::to_string).unwrap_or_default();
        Failure {
            exit: Exit::Error,
            text: format!("error: GET {url} got no complete answer: {fault}\nnothing was written; without `--probe` nothing is sent\n"),
        }
    })
}

fn seen(exchange: &Exchange) -> Option<Seen> {
    let answer = exchange.complete()?;
    let is_sound = |text: &String| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/.+-".contains(&byte));
    let media_type = answer.media_type().filter(|text| text.contains('/')).filter(is_sound);
    Some(Seen { status: answer.status, media_type, members: members(answer) })
}

/// The members of the JSON that came, or that it is a list. Values change; what they are does not.
fn members(answer: &Answer) -> Vec<(String, &'static str)> {
    let Some(json) = answer.body.as_text().and_then(|text| Json::parse(text.as_bytes()).ok()) else {
        return Vec::new();
    };
    // Where a key stands twice, no check of it can be decided.
    if json.first_duplicate_key().is_some() {
        return Vec::new();
    }
    match json {
        Json::Object(members) => {
            members.iter().filter_map(|(key, value)| Some((path_of(key), kind(value)?))).take(MOST_MEMBERS).collect()
        }
        Json::Array(_) => vec![("$".to_owned(), "array")],
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => Vec::new(),
    }
}

/// The JSONPath of a member (RFC 9535), as a suite has it: there, `$(` would begin a name.
fn path_of(key: &str) -> String {
    let is_name = key.starts_with(|sign: char| sign.is_ascii_alphabetic() || sign == '_')
        && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if is_name {
        return format!("$.{key}");
    }
    let quoted = serde_json::Value::from(key).to_string();
    format!("$[{}]", quoted.replace("$(", "$$("))
}

/// A null may be anything another time.
fn kind(value: &Json) -> Option<&'static str> {
    match value {
        Json::Null => None,
        Json::Bool(_) => Some("boolean"),
        Json::Number(_) => Some("number"),
        Json::String(_) => Some("string"),
        Json::Array(_) => Some("array"),
        Json::Object(_) => Some("object"),
    }
}
