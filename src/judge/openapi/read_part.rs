use crate::diag::{Code, Diagnostic};

use super::content::{Media, is_json, media_type};
use super::convert::Direction;
use super::documents::At;
use super::mould::Mould;
use super::operation::{RequestBody, Response};
use super::parameter::Form;
use super::read::ApiReader;
use super::style::Style;
use super::{In, Parameter, StatusKey};

/// Header fields that are described elsewhere, and that a parameter therefore never is (OpenAPI 3.1.1 section 4.8.12).
const NOT_PARAMETERS: [&str; 3] = ["accept", "content-type", "authorization"];

impl<'r> ApiReader<'r> {
    /// The parameters of an operation: its own over those of its path.
    pub(super) fn parameters(&mut self, item: At<'r>, operation: At<'r>) -> Vec<Parameter> {
        let mut parameters: Vec<Parameter> = Vec::new();
        for parameter in operation.items("parameters").chain(item.items("parameters")) {
            let Some(read) = self.parameter(parameter) else { continue };
            let is_same =
                |other: &Parameter| other.place_in == read.place_in && read.place_in.same(&other.name, &read.name);
            let is_ignored =
                read.place_in == In::Header && NOT_PARAMETERS.iter().any(|name| read.name.eq_ignore_ascii_case(name));
            if !is_ignored && !parameters.iter().any(is_same) {
                parameters.push(read);
            }
        }
        parameters
    }

    fn parameter(&mut self, parameter: At<'r>) -> Option<Parameter> {
        let parameter = self.followed(parameter)?;
        let span = parameter.node.span;
        let Some(name) = parameter.text("name").map(str::to_owned) else {
            self.error(span, "a parameter needs its `name`", "of which name?");
            return None;
        };
        let Some(place_in) = parameter.text("in").and_then(In::parse) else {
            let span = parameter.node.get("in").map_or(span, |node| node.span);
            self.error(
                span,
                format!("where the parameter `{name}` stands is not said"),
                "`path`, `query`, `header` or `cookie`",
            );
            return None;
        };
        self.named(parameter, name, place_in, Direction::Request)
    }

    /// A parameter, or a header of an answer.
    fn named(&mut self, at: At<'r>, name: String, place_in: In, direction: Direction) -> Option<Parameter> {
        let form = self.form(at, place_in)?;
        let of_content = at.entries("content").next().and_then(|(_, media)| media.get("schema"));
        let schema = at.get("schema").or(of_content);
        let mould = schema.map_or(Mould::ANY, |schema| Mould::of(self.documents, schema));
        let schema = schema.and_then(|schema| self.schema(schema, direction));
        let is_required = at.is("required") || place_in == In::Path;
        let place = self.place(at);
        Some(Parameter { name, place_in, is_required, form, schema, mould, place })
    }

    fn form(&mut self, at: At<'r>, place_in: In) -> Option<Form> {
        if let Some((key, _)) = at.entries("content").next() {
            return Some(if is_json(&media_type(&key.text)) { Form::Json } else { Form::Other });
        }
        let named = at.get("style");
        let style = named.map_or(Some(Style::of(place_in)), |it| Style::parse(it.node.as_text()?, place_in));
        let Some(style) = style else {
            let message = format!("this is no style of a {} parameter", place_in.as_str());
            self.error(named.map_or(at.node.span, |it| it.node.span), message, "unknown style");
            return None;
        };
        let explode = at.node.get("explode").and_then(crate::value::Node::as_bool).unwrap_or(style == Style::Form);
        Some(Form::Styled { style, explode })
    }

    pub(super) fn request_body(&mut self, body: At<'r>) -> Option<RequestBody> {
        let body = self.followed(body)?;
        let content = self.content(body, Direction::Request);
        Some(RequestBody { is_required: body.is("required"), content, place: self.place(body) })
    }

    pub(super) fn response(&mut self, key: StatusKey, response: At<'r>) -> Response {
        let mut headers = Vec::new();
        for (name, header) in response.entries("headers") {
            // Its media type is that of the content.
            if name.text.eq_ignore_ascii_case("content-type") {
                continue;
            }
            let Some(header) = self.followed(header) else { continue };
            headers.extend(self.named(header, name.text.to_string(), In::Header, Direction::Answer));
        }
        let content = self.content(response, Direction::Answer);
        Response { key, headers, content, place: self.place(response) }
    }

    fn content(&mut self, at: At<'r>, direction: Direction) -> Vec<Media> {
        let mut content: Vec<Media> = Vec::new();
        for (key, media) in at.entries("content") {
            let range = media_type(&key.text);
            if !range.contains('/') {
                self.out.push(
                    Diagnostic::error(Code::BadOpenapi, format!("`{}` is no media type", key.text))
                        .at(key.span, "as in `application/json`"),
                );
                continue;
            }
            let schema = media.get("schema");
            let mould = schema.map_or(Mould::ANY, |schema| Mould::of(self.documents, schema));
            let place = self.place(schema.unwrap_or(media));
            let schema = schema.and_then(|schema| self.schema(schema, direction));
            content.push(Media { range, schema, mould, place });
        }
        content
    }

    fn followed(&mut self, at: At<'r>) -> Option<At<'r>> {
        match self.documents.follow(at) {
            Ok(found) => Some(found),
            Err(problem) => {
                self.out.push(*problem);
                None
            }
        }
    }
}
