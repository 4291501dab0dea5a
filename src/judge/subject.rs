use std::sync::OnceLock;
use std::time::Duration;

use crate::event::{Answer, Request};
use crate::value::{Document, Facts, Json, JsonError, JsonErrorKind, Scope};

use super::Snapshots;
use super::show::{first_duplicate_key, place, quoted};

/// What checks and captures are put to: an answer, and what names mean beside it.
#[derive(Clone, Copy)]
pub struct Subject<'a> {
    /// The answer, read once for all checks and captures of the step.
    pub body: &'a AnswerBody<'a>,
    /// The URL that the answer came from, against which a `Location` header is read; `None` where there is none.
    pub url: Option<&'a str>,
    /// The request that was answered; `None` where there is none, or it is not to be judged.
    pub request: Option<&'a Request>,
    /// The answers of the members of a set that was sent together, in the order of the list; empty for everything else.
    pub members: &'a [&'a Answer],
    /// How long the exchange took, by the target's clock.
    pub elapsed: Duration,
    /// What names meant when the step was sent.
    pub sent: &'a dyn Scope,
    /// What they mean after the step's own captures.
    pub settled: &'a dyn Scope,
    /// Who knows what only the door can see.
    pub facts: &'a dyn Facts,
    /// What a snapshot is compared with; none where there is no answer to compare.
    pub snapshots: Option<&'a dyn Snapshots>,
}

impl<'a> Subject<'a> {
    /// The complete answer; `None` where a step has none, or an exchange ended in a fault.
    #[must_use]
    pub fn answer(&self) -> Option<&'a Answer> {
        self.body.answer
    }
}

impl std::fmt::Debug for Subject<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Subject").field("answer", &self.body.answer).field("elapsed", &self.elapsed).finish()
    }
}

/// An answer whose body is parsed at most once, whoever asks first.
#[derive(Debug)]
pub struct AnswerBody<'a> {
    answer: Option<&'a Answer>,
    document: OnceLock<Result<Document, NoDocument>>,
    duplicate: OnceLock<Option<String>>,
}

/// Why a body is no JSON document.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoDocument {
    /// There is no answer.
    #[error("there is no answer")]
    NoAnswer,
    /// Nothing, or nothing but white space, as on a 304.
    #[error("the body is empty, so it is not JSON")]
    Blank,
    /// It is declared to be something else, and is.
    #[error("the body is `{media_type}` and not JSON: {error}")]
    Other {
        /// The media type.
        media_type: String,
        /// Why it is no JSON, with the byte.
        error: String,
    },
    /// It should be JSON and is not.
    #[error("the body is not JSON: {error}")]
    Invalid {
        /// Why, with the byte.
        error: String,
    },
}

impl<'a> AnswerBody<'a> {
    /// The body of this answer; nothing is parsed yet.
    #[must_use]
    pub fn new(answer: Option<&'a Answer>) -> Self {
        Self { answer, document: OnceLock::new(), duplicate: OnceLock::new() }
    }

    /// The body as JSON.
    ///
    /// # Errors
    /// When it is none, and why. Whether a key stands twice in it is for [`Self::duplicate_key`].
    pub fn document(&self) -> Result<&Document, &NoDocument> {
        self.document.get_or_init(|| read(self.answer)).as_ref()
    }

    /// The first key that stands twice in one object, as a JSONPath; `None` also where the body is no JSON.
    #[must_use]
    pub fn duplicate_key(&self) -> Option<&str> {
        let find = || {
            let steps = first_duplicate_key(self.document().ok()?.json())?;
            Some(place("$", &steps))
        };
        self.duplicate.get_or_init(find).as_deref()
    }
}

fn read(answer: Option<&Answer>) -> Result<Document, NoDocument> {
    let answer = answer.ok_or(NoDocument::NoAnswer)?;
    let parsed = match answer.body.as_text() {
        Some(text) if text.trim().is_empty() => return Err(NoDocument::Blank),
        Some(text) => Json::parse(text.as_bytes()),
        None => Json::parse(&answer.body.to_bytes()),
    };
    parsed.map(Document::new).map_err(|error| {
        let error = match other_encoding(&error, answer) {
            Some(note) => format!("{error}; {note}"),
            None => error.to_string(),
        };
        match answer.media_type() {
            Some(media_type) if !is_json(&media_type) => NoDocument::Other { media_type, error },
            Some(_) | None => NoDocument::Invalid { error },
        }
    })
}

/// What encoding the bytes seem to be in, or are said to be in, where they are not the UTF-8 that JSON is written in. They
/// are never converted.
fn other_encoding(error: &JsonError, answer: &Answer) -> Option<String> {
    const RULE: &str = "JSON is sent as UTF-8 without a byte order mark (RFC 8259, section 8.1)";
    let bytes = answer.body.to_bytes();
    let looks = match bytes.as_slice() {
        [0xef, 0xbb, 0xbf, ..] => Some("the mark is that of UTF-8"),
        [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] => Some("the mark is that of UTF-32"),
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => Some("the mark is that of UTF-16"),
        [_, 0, 0, 0, ..] | [0, 0, 0, _, ..] => Some("it looks like UTF-32"),
        [_, 0, ..] | [0, _, ..] => Some("it looks like UTF-16"),
        _ => None,
    };
    if let Some(looks) = looks {
        return Some(format!("{looks}, and {RULE}"));
    }
    if error.kind != JsonErrorKind::InvalidUtf8 {
        return None;
    }
    let declared = answer.header("content-type").find_map(charset);
    Some(match declared.filter(|charset| !charset.eq_ignore_ascii_case("utf-8")) {
        Some(charset) => format!("its charset is said to be {}, and {RULE}", quoted(&charset)),
        None => RULE.to_owned(),
    })
}

/// The parameter `charset` of a media type.
fn charset(content_type: &str) -> Option<String> {
    content_type.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim().eq_ignore_ascii_case("charset").then(|| value.trim().trim_matches('"').to_owned())
    })
}

fn is_json(media_type: &str) -> bool {
    media_type.ends_with("/json") || media_type.ends_with("+json")
}
