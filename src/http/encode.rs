use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use url::form_urlencoded;

use crate::value::Json;

use super::coding::ACCEPTED;
use super::outgoing::{Authorization, Outgoing, OutgoingBody, OutgoingPart, PartContent};

/// Header fields and body, ready to be sent or to be shown.
pub(super) struct Encoded {
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
    /// What follows `Basic` in the `Authorization` field.
    pub(super) basic: Option<String>,
}

/// Puts values in place of handles.
pub(super) trait Reveal {
    /// Why a value is not put in.
    type Error;
    /// The text with the values in it.
    fn text(&self, text: &str) -> Result<String, Self::Error>;
    /// The JSON value with the values in it.
    fn json(&self, json: &Json) -> Result<Json, Self::Error>;
}

/// Encodes a request; `cookies` are those of the jar.
pub(super) fn encode<R: Reveal>(
    outgoing: &Outgoing,
    cookies: Vec<(String, String)>,
    reveal: &R,
) -> Result<Encoded, R::Error> {
    let mut headers = Vec::with_capacity(outgoing.headers.len() + 6);
    let mut add = |name: &str, value: &str| {
        if !outgoing.speaks_of(name) {
            headers.push((name.to_owned(), value.to_owned()));
        }
    };
    add("accept", "*/*");
    add("accept-encoding", ACCEPTED);
    add("user-agent", concat!("assize/", env!("CARGO_PKG_VERSION")));
    let basic = match &outgoing.authorization {
        Authorization::None => None,
        Authorization::Bearer(token) => {
            add("authorization", &format!("Bearer {}", reveal.text(token)?));
            None
        }
        Authorization::Basic { user, password } => {
            let pair = STANDARD.encode(format!("{}:{}", reveal.text(user)?, reveal.text(password)?));
            add("authorization", &format!("Basic {pair}"));
            Some(pair)
        }
    };
    let cookies = all_cookies(outgoing, cookies);
    if !cookies.is_empty() {
        add("cookie", &reveal.text(&cookies)?);
    }
    let (media_type, body) = body(&outgoing.body, reveal)?;
    if let Some(media_type) = media_type {
        add("content-type", &media_type);
    }
    for (name, value) in &outgoing.headers {
        if let Some(value) = value {
            headers.push((name.to_ascii_lowercase(), reveal.text(value)?));
        }
    }
    Ok(Encoded { headers, body, basic })
}

/// The cookies of the jar, then those of the request, which go before those of the jar.
fn all_cookies(outgoing: &Outgoing, mut cookies: Vec<(String, String)>) -> String {
    cookies.retain(|(name, _)| !outgoing.cookies.iter().any(|(given, _)| given == name));
    let given = outgoing.cookies.iter().filter_map(|(name, value)| Some((name.clone(), value.clone()?)));
    cookies.extend(given);
    cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
}

fn body<R: Reveal>(body: &OutgoingBody, reveal: &R) -> Result<(Option<String>, Vec<u8>), R::Error> {
    Ok(match body {
        OutgoingBody::None => (None, Vec::new()),
        OutgoingBody::Json(json) => (Some("application/json".to_owned()), reveal.json(json)?.to_string().into_bytes()),
        OutgoingBody::Form(pairs) => {
            let mut form = form_urlencoded::Serializer::new(String::new());
            for (name, value) in pairs {
                form.append_pair(&reveal.text(name)?, &reveal.text(value)?);
            }
            (Some("application/x-www-form-urlencoded".to_owned()), form.finish().into_bytes())
        }
        OutgoingBody::Text { media_type, text } => (Some(media_type.clone()), reveal.text(text)?.into_bytes()),
        OutgoingBody::Bytes { media_type, bytes } => (Some(media_type.clone()), bytes.clone()),
        OutgoingBody::Multipart(parts) => {
            let boundary = boundary(parts);
            (Some(format!("multipart/form-data; boundary={boundary}")), multipart(parts, &boundary, reveal)?)
        }
    })
}

/// The same parts have the same boundary. It is made of handles, not of values, so it tells nothing about a secret.
fn boundary(parts: &[OutgoingPart]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.name.as_bytes());
        hash.update([0]);
        hash.update(match &part.content {
            PartContent::Text(text) => text.as_bytes(),
            PartContent::Bytes(bytes) => bytes,
        });
        hash.update([0]);
    }
    let digits = format!("{:x}", hash.finalize());
    format!("assize-{}", &digits[..32])
}

fn multipart<R: Reveal>(parts: &[OutgoingPart], boundary: &str, reveal: &R) -> Result<Vec<u8>, R::Error> {
    let mut body = Vec::new();
    for part in parts {
        let name = quoted(&reveal.text(&part.name)?);
        body.extend_from_slice(format!("--{boundary}\r\ncontent-disposition: form-data; name=\"{name}\"").as_bytes());
        if let Some(file) = &part.file_name {
            body.extend_from_slice(format!("; filename=\"{}\"", quoted(file)).as_bytes());
        }
        if let Some(media_type) = &part.media_type {
            body.extend_from_slice(format!("\r\ncontent-type: {}", quoted(media_type)).as_bytes());
        }
        body.extend_from_slice(b"\r\n\r\n");
        match &part.content {
            PartContent::Text(text) => body.extend_from_slice(reveal.text(text)?.as_bytes()),
            PartContent::Bytes(bytes) => body.extend_from_slice(bytes),
        }
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    Ok(body)
}

/// Keeps a name from ending its field, as browsers do (HTML, "multipart/form-data encoding algorithm").
fn quoted(name: &str) -> String {
    name.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A")
}
