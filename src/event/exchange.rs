use std::fmt;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::clock::Timestamp;
use crate::value::Json;

use super::ExchangeId;

/// Why an exchange was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    /// The request of a step.
    Step,
    /// One attempt of a step that polls.
    Attempt,
    /// A member of a set that is sent together.
    Member,
    /// Sign-in by the harness.
    Token,
    /// Something that the target declares: its clock, its set-up.
    Setup,
    /// What the target declares to be done after each case.
    Teardown,
    /// The removal of what a step created.
    Undo,
    /// A look at the target before the run.
    Probe,
}

/// One request and what came of it, with handles in the place of secrets.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Exchange {
    /// Its number within the case.
    pub id: ExchangeId,
    /// The device that sent it, by its name; absent for `nobody`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<String>,
    /// The parameters of a token or authorization request by their OAuth names, as they were before they were renamed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parameters: Option<Json>,
    /// What was sent.
    pub request: Request,
    /// What came back; with a [`Fault`] beside it, only the part that came before the fault.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<Answer>,
    /// Why there is no complete answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault: Option<Fault>,
    /// Faults of the protocol in an answer that could be read all the same.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub irregular: Vec<Irregularity>,
    /// When it was sent, by the target's clock.
    pub sent: Timestamp,
    /// How long it took.
    pub timing: Timing,
}

impl Exchange {
    /// The complete answer, if one came.
    #[must_use]
    pub fn complete(&self) -> Option<&Answer> {
        if self.fault.is_some() { None } else { self.answer.as_ref() }
    }

    /// When the exchange ended, by the target's clock.
    #[must_use]
    pub fn ended(&self) -> Timestamp {
        self.sent.plus(self.timing.elapsed())
    }
}

/// A request as it was sent, with handles in the place of secrets.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Request {
    /// Method, in capitals.
    pub method: String,
    /// The whole URL.
    pub url: String,
    /// Header fields in the order in which they were set.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub headers: Vec<Header>,
    /// The body.
    #[serde(default, skip_serializing_if = "Body::is_empty")]
    pub body: Body,
}

/// An answer, with handles in the place of secrets.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// Protocol version, such as `HTTP/1.1`.
    pub version: String,
    /// Status code.
    pub status: u16,
    /// Reason phrase (RFC 9112 §4); absent over HTTP/2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Header fields; of one name, in the order in which they came.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub headers: Vec<Header>,
    /// The body, decoded.
    #[serde(default, skip_serializing_if = "Body::is_empty")]
    pub body: Body,
}

impl Answer {
    /// The values of header `name`, in order; the name without case.
    pub fn header<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.headers.iter().filter(move |header| header.name.eq_ignore_ascii_case(name)).map(|h| h.value.as_str())
    }

    /// The media type of the body without its parameters, in lower case.
    #[must_use]
    pub fn media_type(&self) -> Option<String> {
        let value = self.header("content-type").next()?;
        Some(value.split(';').next().unwrap_or(value).trim().to_ascii_lowercase())
    }
}

/// A header field. Bytes that are not UTF-8 stand as `\xNN`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// Name, in lower case.
    pub name: String,
    /// Value.
    pub value: String,
}

impl Header {
    /// The field of this name and value; the name is put in lower case.
    #[must_use]
    pub fn new(name: &str, value: impl Into<String>) -> Self {
        Self { name: name.to_ascii_lowercase(), value: value.into() }
    }
}

/// A body, with its size on the wire after decoding and the digest of what is recorded.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Body {
    /// What was in it.
    #[serde(flatten)]
    pub content: Content,
    /// Size in bytes, decoded, as it was before handles were put in.
    pub size: u64,
    /// SHA-256 of the recorded bytes, in hexadecimal digits; empty for an empty body.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub sha256: String,
}

/// What a body held.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Content {
    /// Nothing.
    #[default]
    Empty,
    /// Valid UTF-8.
    Text(String),
    /// Any other bytes, in base64.
    Base64(String),
}

impl Body {
    /// A body of text that holds no secret or only handles; `size` is the size before they were put in.
    #[must_use]
    pub fn text(text: String, size: u64) -> Self {
        if text.is_empty() {
            return Self { size, ..Self::default() };
        }
        let sha256 = digest(text.as_bytes());
        Self { content: Content::Text(text), size, sha256 }
    }

    /// A body of bytes: text where they are valid UTF-8.
    #[must_use]
    pub fn bytes(bytes: &[u8]) -> Self {
        let size = bytes.len() as u64;
        match std::str::from_utf8(bytes) {
            Ok(text) => Self::text(text.to_owned(), size),
            Err(_) => Self { content: Content::Base64(STANDARD.encode(bytes)), size, sha256: digest(bytes) },
        }
    }

    /// Whether nothing was in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.size == 0
    }

    /// The text, where it was valid UTF-8; an empty body is the empty text.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match &self.content {
            Content::Empty => Some(""),
            Content::Text(text) => Some(text),
            Content::Base64(_) => None,
        }
    }

    /// The recorded bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        match &self.content {
            Content::Empty => Vec::new(),
            Content::Text(text) => text.clone().into_bytes(),
            // A log that was edited by hand may hold anything here; what is no base64 has no bytes.
            Content::Base64(text) => STANDARD.decode(text).unwrap_or_default(),
        }
    }
}

fn digest(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Why there is no complete answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// How far the exchange had come.
    pub phase: Phase,
    /// What it was.
    pub kind: FaultKind,
    /// More, for a person: `after 2.0 s, 10 of 1000 bytes`.
    pub detail: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}", self.kind, self.phase)?;
        if !self.detail.is_empty() {
            write!(f, ": {}", self.detail)?;
        }
        f.write_str(")")
    }
}

/// How far an exchange had come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// Before anything was sent.
    Prepare,
    /// Name resolution, TCP and TLS.
    Connect,
    /// Sending the request, waiting for the status line and header fields.
    Headers,
    /// Reading the body.
    Body,
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Prepare => "preparing",
            Self::Connect => "connecting",
            Self::Headers => "waiting for the answer",
            Self::Body => "reading the body",
        })
    }
}

/// Kinds of faults.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FaultKind {
    /// The name could not be resolved or nobody accepted the connection.
    Unreachable,
    /// TLS could not be agreed on, or the certificate is not trusted.
    Tls,
    /// The deadline passed.
    Deadline,
    /// The answer broke the rules of HTTP.
    Protocol,
    /// The connection ended before any byte of an answer.
    NoAnswer,
    /// The connection ended within the answer.
    Incomplete,
    /// The body, or the head, is larger than the limit.
    TooLarge,
    /// The content coding could not be undone.
    Decoding,
    /// The origin is not among those that the target allows; nothing was sent.
    HostNotAllowed,
    /// A secret would have gone to an origin it is not bound to; nothing was sent.
    SecretNotBound,
    /// The request itself could not be made, such as a header value with a line break; nothing was sent.
    BadRequest,
    /// The run was stopped while the exchange was under way.
    Cancelled,
    /// Signing in failed, so the request was not sent.
    SignIn,
}

impl FaultKind {
    /// Whether the suite asked for something that may not be done, rather than the endpoint failing to answer.
    #[must_use]
    pub fn is_refusal(self) -> bool {
        matches!(self, Self::HostNotAllowed | Self::SecretNotBound | Self::BadRequest)
    }
}

impl fmt::Display for FaultKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Unreachable => "unreachable",
            Self::Tls => "TLS failed",
            Self::Deadline => "deadline passed",
            Self::Protocol => "not HTTP as it should be",
            Self::NoAnswer => "no answer",
            Self::Incomplete => "answer cut short",
            Self::TooLarge => "answer too large",
            Self::Decoding => "content coding broken",
            Self::HostNotAllowed => "host not allowed",
            Self::SecretNotBound => "secret not bound to this origin",
            Self::BadRequest => "request cannot be made",
            Self::Cancelled => "stopped",
            Self::SignIn => "sign-in failed",
        })
    }
}

/// A fault of the protocol that left the answer readable (a body on a 304, two lengths). A finding on every step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Irregularity {
    /// Which, in kebab-case, such as `content-length-and-chunked`.
    pub kind: String,
    /// More, for a person.
    pub detail: String,
}

/// How long the parts of an exchange took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timing {
    /// Microseconds until the header fields were there; zero when they never were.
    pub headers_us: u64,
    /// Microseconds until the last byte, or the fault.
    pub total_us: u64,
    /// Milliseconds by which the target's clock was moved meanwhile.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub moved_ms: u64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde asks for")]
fn is_zero(value: &u64) -> bool {
    *value == 0
}

impl Timing {
    /// How long the exchange took by the target's clock, so moved time counts.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        Duration::from_micros(self.total_us) + Duration::from_millis(self.moved_ms)
    }
}
