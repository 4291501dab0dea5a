use crate::event::{Answer, Request};
use crate::judge::AnswerBody;
use crate::value::Json;

use super::content::{closest, is_json};
use super::operation::Response;
use super::request::Sent;
use super::{Operation, StatusKey};

/// How many fields that no document knows are named for one answer.
const MOST_FIELDS: usize = 50;

/// What of an operation one exchange touches.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Touched {
    /// The documented status that the answer has.
    pub status: Option<StatusKey>,
    /// The documented media type that it has.
    pub content_type: Option<String>,
    /// The parameters that were sent, by their number.
    pub parameters: Vec<usize>,
    /// What the document does not know.
    pub strangers: Vec<Stranger>,
}

/// Something in an answer that the document does not know.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stranger {
    /// A status.
    Status(u16),
    /// A media type, for this status.
    ContentType(u16, String),
    /// A field, as a path with every index left open, for this status.
    Field(u16, String),
}

/// What of an operation an exchange touches.
#[must_use]
pub fn touched(operation: &Operation, request: &Request, answer: Option<&Answer>) -> Touched {
    let sent = Sent::of(request);
    let parameters = operation.parameters.iter().enumerate().filter(|(_, it)| sent.has(it));
    let mut touched = Touched { parameters: parameters.map(|(at, _)| at).collect(), ..Touched::default() };
    let Some(answer) = answer else { return touched };
    let Some(response) = operation.response(answer.status) else {
        touched.strangers.push(Stranger::Status(answer.status));
        return touched;
    };
    touched.status = Some(response.key);
    read_body(response, answer, &mut touched);
    touched
}

fn read_body(response: &Response, answer: &Answer, touched: &mut Touched) {
    let Some(media_type) = answer.media_type().filter(|_| !answer.body.is_empty()) else { return };
    let Some(media) = closest(&response.content, &media_type) else {
        touched.strangers.push(Stranger::ContentType(answer.status, media_type));
        return;
    };
    touched.content_type = Some(media.range.clone());
    let body = AnswerBody::new(Some(answer));
    let (Some(schema), true, Ok(document)) = (&media.schema, is_json(&media_type), body.document()) else { return };
    let mut fields = Fields { knows: &|way| schema.speaks_of(way.iter().map(Way::as_step)), found: Vec::new() };
    fields.read(document.json(), &mut Vec::new());
    touched.strangers.extend(fields.found.into_iter().map(|field| Stranger::Field(answer.status, field)));
}

/// A step into a value.
enum Way<'j> {
    Member(&'j str),
    Element(usize),
}

impl Way<'_> {
    fn as_step(&self) -> Result<&str, usize> {
        match self {
            Self::Member(name) => Ok(name),
            Self::Element(index) => Err(*index),
        }
    }
}

struct Fields<'s> {
    knows: &'s dyn Fn(&[Way<'_>]) -> bool,
    found: Vec<String>,
}

impl Fields<'_> {
    /// Notes every field that the schema says nothing of; what stands within one is not looked at.
    fn read<'j>(&mut self, value: &'j Json, way: &mut Vec<Way<'j>>) {
        if self.found.len() >= MOST_FIELDS {
            return;
        }
        match value {
            Json::Object(members) => {
                // An object of which no member is described may hold any.
                let is_open = !members.iter().any(|(name, _)| self.knows_below(way, name));
                let is_root = way.is_empty();
                for (name, member) in members.iter().filter(|_| !is_open || is_root) {
                    way.push(Way::Member(name));
                    if (self.knows)(way) {
                        self.read(member, way);
                    } else {
                        let field = told(way);
                        if !self.found.contains(&field) {
                            self.found.push(field);
                        }
                    }
                    way.pop();
                }
            }
            Json::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    way.push(Way::Element(index));
                    if (self.knows)(way) {
                        self.read(item, way);
                    }
                    way.pop();
                }
            }
            Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => {}
        }
    }

    fn knows_below<'j>(&self, way: &mut Vec<Way<'j>>, name: &'j str) -> bool {
        way.push(Way::Member(name));
        let knows = (self.knows)(way);
        way.pop();
        knows
    }
}

fn told(way: &[Way<'_>]) -> String {
    way.iter().fold("$".to_owned(), |text, step| match step {
        Way::Member(name) => format!("{text}.{name}"),
        Way::Element(_) => format!("{text}[*]"),
    })
}
