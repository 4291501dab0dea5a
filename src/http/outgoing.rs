use crate::value::Json;

use super::Limits;

/// A request as the harness means it: handles stand for secrets, and nothing is encoded yet.
///
/// Body and credentials have a structure, so that the door can put secrets in before it encodes.
#[derive(Clone, Debug)]
pub struct Outgoing {
    /// Method, in capitals.
    pub method: String,
    /// The whole URL, its parts encoded; a handle in it may stand as it is, the door encodes its value.
    pub url: String,
    /// Header fields; nothing instead of a value keeps the door from adding that field.
    pub headers: Vec<(String, Option<String>)>,
    /// Who sends it; a header `authorization` goes before it.
    pub authorization: Authorization,
    /// Cookies besides those of the jar; nothing instead of a value leaves one out.
    pub cookies: Vec<(String, Option<String>)>,
    /// The body.
    pub body: OutgoingBody,
    /// What the exchange may cost.
    pub limits: Limits,
}

impl Outgoing {
    /// A request without a body and without credentials.
    #[must_use]
    pub fn new(method: &str, url: &str, limits: Limits) -> Self {
        Self {
            method: method.to_owned(),
            url: url.to_owned(),
            headers: Vec::new(),
            authorization: Authorization::None,
            cookies: Vec::new(),
            body: OutgoingBody::None,
            limits,
        }
    }

    /// Whether the suite says that there is to be no header `name`.
    pub(super) fn leaves_out(&self, name: &str) -> bool {
        let mut given = self.headers.iter().filter(|(given, _)| given.eq_ignore_ascii_case(name)).peekable();
        given.peek().is_some() && given.all(|(_, value)| value.is_none())
    }

    /// Whether header `name` is given, or left out, by the suite.
    pub(super) fn speaks_of(&self, name: &str) -> bool {
        self.headers.iter().any(|(given, _)| given.eq_ignore_ascii_case(name))
    }
}

/// Who sends a request, in its `Authorization` field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Authorization {
    /// Nobody.
    #[default]
    None,
    /// The bearer of a token (RFC 6750 §2.1).
    Bearer(String),
    /// A name and a password (RFC 7617), put together as they are.
    Basic {
        /// The name.
        user: String,
        /// The password.
        password: String,
    },
}

/// The body of a request.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum OutgoingBody {
    /// None.
    #[default]
    None,
    /// `application/json`.
    Json(Json),
    /// `application/x-www-form-urlencoded`, in this order.
    Form(Vec<(String, String)>),
    /// A text.
    Text {
        /// Its media type.
        media_type: String,
        /// The text.
        text: String,
    },
    /// Bytes of a file; no handle is looked for in them.
    Bytes {
        /// Their media type.
        media_type: String,
        /// The bytes.
        bytes: Vec<u8>,
    },
    /// `multipart/form-data` (RFC 7578).
    Multipart(Vec<OutgoingPart>),
}

/// A part of a multipart body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutgoingPart {
    /// The name of the field.
    pub name: String,
    /// The name of the file, where it is one.
    pub file_name: Option<String>,
    /// Its media type, where it has one.
    pub media_type: Option<String>,
    /// What is in it.
    pub content: PartContent,
}

/// What is in a part of a multipart body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PartContent {
    /// A text.
    Text(String),
    /// Bytes of a file.
    Bytes(Vec<u8>),
}
