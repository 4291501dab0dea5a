use url::Url;

use crate::event::Request;
use crate::judge::BreachCode;
use crate::value::{Json, has_handle};

use super::content::{Media, closest, is_json, listed, media_type};
use super::mould::Mould;
use super::parameter::{Form, In, Parameter};
use super::style::{Style, of_pairs};
use super::{Operation, Slip};

/// Every slip of a request is one kind: it is the author's to look at.
const CODE: BreachCode = BreachCode::RequestUndocumented;

/// What a request holds besides its body.
pub(super) struct Sent {
    pub(super) path: String,
    pub(super) query: Vec<(String, String)>,
    pub(super) headers: Vec<(String, String)>,
    pub(super) cookies: Vec<(String, String)>,
}

impl Sent {
    pub(super) fn of(request: &Request) -> Self {
        let url = Url::parse(&request.url).ok();
        let query = url.as_ref().map(|url| url.query_pairs().into_owned().collect()).unwrap_or_default();
        let headers = request.headers.iter().map(|it| (it.name.clone(), it.value.clone())).collect();
        let cookies = request.headers.iter().filter(|it| it.name == "cookie").flat_map(|it| it.value.split(';'));
        let cookies = cookies.filter_map(|pair| pair.trim().split_once('='));
        let cookies = cookies.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        Self { path: url.map(|url| url.path().to_owned()).unwrap_or_default(), query, headers, cookies }
    }

    /// Whether a parameter is there.
    pub(super) fn has(&self, parameter: &Parameter) -> bool {
        let pairs = match parameter.place_in {
            In::Path => return true,
            In::Query => &self.query,
            In::Header => &self.headers,
            In::Cookie => &self.cookies,
        };
        pairs.iter().any(|(name, _)| parameter.takes(name))
    }
}

impl Parameter {
    /// Whether what has this name in a request belongs to it.
    fn takes(&self, name: &str) -> bool {
        let is_member = |key: &str| match &self.mould {
            Mould::Record(members, _) => members.iter().any(|(member, _)| member == key),
            Mould::Scalar(_) | Mould::List(_) => false,
        };
        match self.form {
            Form::Styled { style: Style::DeepObject, .. } => {
                name.strip_prefix(self.name.as_str()).is_some_and(|rest| rest.starts_with('['))
            }
            Form::Styled { style: Style::Form, explode: true } if is_member(name) => true,
            Form::Styled { .. } | Form::Json | Form::Other => self.place_in.same(&self.name, name),
        }
    }
}

impl Operation {
    /// Everything of a request that is not as the document says.
    pub(in crate::judge) fn judge_request(&self, request: &Request) -> Vec<Slip> {
        let sent = Sent::of(request);
        let mut slips = Vec::new();
        for parameter in &self.parameters {
            slips.extend(self.judge_parameter(parameter, &sent));
        }
        for (name, _) in &sent.query {
            let is_known = self.parameters.iter().any(|it| it.place_in == In::Query && it.takes(name));
            if !is_known {
                let message = format!("the parameter `{name}` of the query is not documented");
                slips.push(Slip::new(CODE, &format!("query {name}"), message, &self.place));
            }
        }
        slips.extend(self.judge_sent_body(request));
        slips
    }

    fn judge_parameter(&self, parameter: &Parameter, sent: &Sent) -> Option<Slip> {
        let at = parameter.to_string();
        let text_of = |pairs: &[(String, String)]| -> Option<String> {
            pairs
                .iter()
                .find(|(name, _)| parameter.place_in.same(name, &parameter.name))
                .map(|(_, value)| value.clone())
        };
        let value = match (parameter.place_in, parameter.form) {
            (In::Path, _) => {
                let values = self.path.values_in(&sent.path)?;
                let text = values.into_iter().find(|(name, _)| *name == parameter.name)?.1;
                parameter.read_text(&text)
            }
            (In::Query, Form::Styled { style, explode }) => {
                of_pairs(&sent.query, &parameter.name, (style, explode), &parameter.mould).map(Ok)
            }
            (In::Cookie, Form::Styled { style, explode }) => {
                of_pairs(&sent.cookies, &parameter.name, (style, explode), &parameter.mould).map(Ok)
            }
            (In::Query, Form::Json | Form::Other) => parameter.read_text(&text_of(&sent.query)?),
            (In::Cookie, Form::Json | Form::Other) => parameter.read_text(&text_of(&sent.cookies)?),
            (In::Header, _) => text_of(&sent.headers).and_then(|text| parameter.read_text(&text)),
        };
        let Some(value) = value else {
            let is_missing = parameter.is_required && !sent.has(parameter);
            let message = format!("the {at} is not there, and the document requires it");
            return is_missing.then(|| Slip::new(CODE, &at, message, &parameter.place));
        };
        match value {
            Err(message) => Some(Slip::new(CODE, &at, message, &parameter.place)),
            Ok(value) if has_handle(&value.preview(usize::MAX)) => None,
            Ok(value) => Slip::of_schema(parameter.schema.as_ref()?, &value, CODE, &at, &parameter.place),
        }
    }

    fn judge_sent_body(&self, request: &Request) -> Option<Slip> {
        let Some(body) = &self.body else {
            if request.body.is_empty() {
                return None;
            }
            let message = "a body is sent, and none is documented";
            return Some(Slip::new(CODE, "body", message, &self.place));
        };
        if request.body.is_empty() {
            let message = "no body is sent, and the document requires one";
            return body.is_required.then(|| Slip::new(CODE, "body", message, &body.place));
        }
        let field = request.headers.iter().find(|header| header.name == "content-type");
        let media_type = field.map(|header| media_type(&header.value)).unwrap_or_default();
        let Some(media) = closest(&body.content, &media_type) else {
            if body.content.is_empty() {
                return None;
            }
            let message =
                format!("content type `{media_type}` is not documented; documented is {}", listed(&body.content));
            return Some(Slip::new(CODE, "header content-type", message, &body.place));
        };
        let value = match sent_value(media, &media_type, request)? {
            Ok(value) => value,
            Err(message) => return Some(Slip::new(CODE, "body", message, &media.place)),
        };
        Slip::of_schema(media.schema.as_ref()?, &value, CODE, "body", &media.place)
    }
}

/// What the body of a request holds; nothing where it cannot be looked into.
fn sent_value(media: &Media, media_type: &str, request: &Request) -> Option<Result<Json, String>> {
    let text = request.body.as_text()?;
    if is_json(media_type) {
        return Some(Json::parse(text.as_bytes()).map_err(|error| format!("the body is no JSON: {error}")));
    }
    let is_form = media_type == "application/x-www-form-urlencoded" && !has_handle(text);
    is_form.then(|| {
        let pairs: Vec<(String, String)> = url::form_urlencoded::parse(text.as_bytes()).into_owned().collect();
        let mut members: Vec<(String, Json)> = Vec::new();
        for (name, _) in &pairs {
            if members.iter().any(|(known, _)| known == name) {
                continue;
            }
            let value = of_pairs(&pairs, name, (Style::Form, true), media.mould.member(name));
            members.extend(value.map(|value| (name.clone(), value)));
        }
        Ok(Json::Object(members))
    })
}
