use std::fmt;

use super::PathTemplate;
use super::content::Media;
use super::parameter::Parameter;

/// What a document says of one operation.
#[derive(Debug)]
pub struct Operation {
    /// Its `operationId`.
    pub id: Option<String>,
    /// The method, in capitals.
    pub method: String,
    /// The paths that it answers.
    pub path: PathTemplate,
    /// What may be sent besides the body.
    pub parameters: Vec<Parameter>,
    /// The body that may be sent.
    pub(super) body: Option<RequestBody>,
    /// What it may answer.
    pub(super) responses: Vec<Response>,
    /// The paths of the servers that it is at.
    pub(super) servers: Vec<String>,
    /// Where the document says so: `file:line`.
    pub place: String,
}

/// The body of a request.
#[derive(Debug)]
pub(super) struct RequestBody {
    pub(super) is_required: bool,
    pub(super) content: Vec<Media>,
    pub(super) place: String,
}

/// What an operation answers with some status.
#[derive(Debug)]
pub(super) struct Response {
    pub(super) key: StatusKey,
    pub(super) headers: Vec<Parameter>,
    pub(super) content: Vec<Media>,
    pub(super) place: String,
}

/// The statuses that a response is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum StatusKey {
    /// One.
    Exact(u16),
    /// A class, such as `2XX`, by its first digit.
    Class(u16),
    /// All that no other is for.
    Default,
}

impl StatusKey {
    /// Reads `200`, `2XX` or `default`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text == "default" {
            return Some(Self::Default);
        }
        if let Some(digit) = text.strip_suffix("XX").or_else(|| text.strip_suffix("xx")) {
            return digit.parse().ok().filter(|digit| (1..=5).contains(digit)).map(Self::Class);
        }
        text.parse().ok().filter(|status| (100..=599).contains(status)).map(Self::Exact)
    }

    /// Whether it is for this status.
    #[must_use]
    pub fn is_for(self, status: u16) -> bool {
        match self {
            Self::Exact(exact) => exact == status,
            Self::Class(class) => class == status / 100,
            Self::Default => true,
        }
    }
}

impl fmt::Display for StatusKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exact(status) => write!(f, "{status}"),
            Self::Class(class) => write!(f, "{class}XX"),
            Self::Default => f.write_str("default"),
        }
    }
}

impl Operation {
    /// Its id; where it has none, `METHOD /path/{template}`.
    #[must_use]
    pub fn name(&self) -> String {
        self.id.clone().unwrap_or_else(|| self.request())
    }

    /// `METHOD /path/{template}`.
    #[must_use]
    pub fn request(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// The statuses that it documents.
    pub fn statuses(&self) -> impl Iterator<Item = StatusKey> {
        self.responses.iter().map(|response| response.key)
    }

    /// The media types that it documents for answers, with the status of each.
    pub fn content_types(&self) -> impl Iterator<Item = (StatusKey, &str)> {
        self.responses.iter().flat_map(|response| response.content.iter().map(|it| (response.key, it.range.as_str())))
    }

    /// The documented status that stands for this one.
    #[must_use]
    pub fn status_key(&self, status: u16) -> Option<StatusKey> {
        self.response(status).map(|response| response.key)
    }

    /// What it answers with this status: the exact one before the class, and the class before the default.
    pub(super) fn response(&self, status: u16) -> Option<&Response> {
        let fitting = self.responses.iter().filter(|response| response.key.is_for(status));
        fitting.min_by_key(|response| response.key)
    }

    /// Whether nothing at all can be said of its answers.
    pub(in crate::judge) fn says_nothing(&self) -> bool {
        let empty = |it: &Response| it.key == StatusKey::Default && it.headers.is_empty() && it.content.is_empty();
        self.responses.iter().all(empty)
    }
}
