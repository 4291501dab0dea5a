use crate::event::Answer;
use crate::judge::check::duplicate_key;
use crate::judge::subject::NoDocument;
use crate::judge::{AnswerBody, BreachCode};
use crate::value::{Json, has_handle};

use super::content::{Media, closest, is_json, listed};
use super::operation::Response;
use super::parameter::{Form, Parameter};
use super::style::of_text;
use super::{Operation, Slip};

impl Operation {
    /// Everything of an answer that is not as the document says. `method` is that of the request.
    pub(in crate::judge) fn judge_answer(&self, answer: &Answer, body: &AnswerBody<'_>) -> Vec<Slip> {
        let Some(response) = self.response(answer.status) else {
            let documented: Vec<String> = self.statuses().map(|key| key.to_string()).collect();
            let message = match &documented[..] {
                [] => format!("status {} is not documented, and no other is", answer.status),
                all => format!("status {} is not documented; documented are {}", answer.status, all.join(", ")),
            };
            return vec![Slip::new(BreachCode::UndocumentedStatus, "status", message, &self.place)];
        };
        let mut slips: Vec<Slip> = response.headers.iter().filter_map(|header| judge_header(header, answer)).collect();
        slips.extend(self.judge_body(response, answer, body));
        slips
    }

    fn judge_body(&self, response: &Response, answer: &Answer, body: &AnswerBody<'_>) -> Option<Slip> {
        let is_bare = self.method == "HEAD" || matches!(answer.status, 204 | 304) || response.content.is_empty();
        if is_bare {
            return None;
        }
        let Some(media_type) = answer.media_type() else {
            if answer.body.is_empty() {
                return empty(response);
            }
            let message = format!("the body has no content type; documented is {}", listed(&response.content));
            let code = BreachCode::UndocumentedContentType;
            return Some(Slip::new(code, "header content-type", message, &response.place));
        };
        let Some(media) = closest(&response.content, &media_type) else {
            let message = format!(
                "content type `{media_type}` is not documented for status {}; documented is {}",
                answer.status,
                listed(&response.content)
            );
            let code = BreachCode::UndocumentedContentType;
            return Some(Slip::new(code, "header content-type", message, &response.place));
        };
        judge_media(media, &media_type, answer, body)
    }
}

/// That a body is promised, and none is there.
fn empty(response: &Response) -> Option<Slip> {
    // Where one media type says nothing of what is in it, nothing may be.
    let is_promised = response.content.iter().all(|media| media.schema.is_some());
    let media = response.content.iter().find(|media| is_promised && is_json(&media.range))?;
    Some(Slip::new(BreachCode::JsonInvalid, "body", "the body is empty, and one is documented", &media.place))
}

fn judge_media(media: &Media, media_type: &str, answer: &Answer, body: &AnswerBody<'_>) -> Option<Slip> {
    let schema = media.schema.as_ref()?;
    if !is_json(media_type) {
        // What is neither JSON nor text cannot be held against a schema.
        let text = answer.body.as_text().filter(|text| media_type == "text/plain" && !has_handle(text))?;
        return Slip::of_schema(schema, &media.mould.cast(text), BreachCode::SchemaViolation, "body", &media.place);
    }
    match body.document() {
        Ok(document) => {
            if let Some(key) = body.duplicate_key() {
                let breach = duplicate_key(key);
                return Some(Slip::new(breach.code, key, breach.message, &media.place));
            }
            Slip::of_verdict(
                schema.judge(document.json(), document.view()),
                BreachCode::SchemaViolation,
                "body",
                &media.place,
            )
        }
        Err(
            reason @ (NoDocument::NoAnswer | NoDocument::Blank | NoDocument::Other { .. } | NoDocument::Invalid { .. }),
        ) => Some(Slip::new(BreachCode::JsonInvalid, "body", reason.to_string(), &media.place)),
    }
}

fn judge_header(header: &Parameter, answer: &Answer) -> Option<Slip> {
    let at = format!("header {}", header.name.to_ascii_lowercase());
    let values: Vec<&str> = answer.header(&header.name).collect();
    if values.is_empty() {
        let message = format!("the header `{}` is not there, and the document requires it", header.name);
        return header.is_required.then(|| Slip::new(BreachCode::HeaderMissing, &at, message, &header.place));
    }
    let value = header.read_text(&values.join(","))?;
    let schema = header.schema.as_ref()?;
    match value {
        Ok(value) => Slip::of_schema(schema, &value, BreachCode::HeaderMismatch, &at, &header.place),
        Err(message) => Some(Slip::new(BreachCode::HeaderMismatch, &at, message, &header.place)),
    }
}

impl Parameter {
    /// The value that a text stands for, or why it stands for none; nothing where it cannot be looked into.
    pub(super) fn read_text(&self, text: &str) -> Option<Result<Json, String>> {
        if has_handle(text) {
            return None;
        }
        match self.form {
            Form::Other => None,
            Form::Json => Some(Json::parse(text.as_bytes()).map_err(|error| format!("{self} is no JSON: {error}"))),
            Form::Styled { style, explode } => {
                let value = of_text(text, &self.name, (style, explode), &self.mould);
                Some(value.ok_or_else(|| format!("{self} is not in its style")))
            }
        }
    }
}
