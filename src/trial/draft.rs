use std::sync::Arc;

use crate::suite::{BodySpec, Defaults, PartSpec, RequestSpec, UrlSpec};
use crate::value::{Form, Json, Missing, Operand, Scope};

/// A request with all names put in; secrets stand as handles.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// The device that sends it; none is `nobody`.
    pub device: Option<String>,
    /// What the device shows.
    pub shown: Shown,
    /// Method, in capitals.
    pub method: String,
    /// The whole URL.
    pub url: String,
    /// Header fields; those left out are left out of what the target adds too.
    pub headers: Vec<(String, Option<String>)>,
    /// Cookies over those of the jar; those left out are left out of the jar's too.
    pub cookies: Vec<(String, Option<String>)>,
    /// The body.
    pub body: DraftBody,
}

/// What a device shows to prove who it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shown {
    /// What the harness has for it; for nobody, nothing.
    Own,
    /// Exactly this bearer token.
    Bearer(String),
    /// The OAuth client's own id and secret.
    ClientBasic,
}

/// The body of a [`Draft`].
#[derive(Clone, Debug, PartialEq)]
pub enum DraftBody {
    /// None.
    Empty,
    /// JSON.
    Json(Json),
    /// `application/x-www-form-urlencoded`, not encoded yet.
    Form(Vec<(String, String)>),
    /// Text.
    Text(String),
    /// The bytes of a file of the suite.
    File {
        /// Its name.
        name: String,
        /// Its bytes.
        bytes: Arc<[u8]>,
    },
    /// `multipart/form-data`.
    Multipart(Vec<(String, DraftPart)>),
}

/// A part of a multipart body.
#[derive(Clone, Debug, PartialEq)]
pub enum DraftPart {
    /// A value.
    Value(String),
    /// A file of the suite.
    File {
        /// Its name.
        name: String,
        /// Its bytes.
        bytes: Arc<[u8]>,
        /// Its media type.
        media_type: Option<String>,
    },
}

impl Draft {
    /// Puts names into a request.
    ///
    /// # Errors
    /// At the first name without a value.
    pub(super) fn of(
        spec: &RequestSpec,
        defaults: &Defaults,
        base_url: &str,
        scope: &dyn Scope,
    ) -> Result<Self, Missing> {
        let mut headers = Vec::new();
        for (name, template) in &defaults.headers {
            if !spec.headers.iter().any(|(own, _)| own.eq_ignore_ascii_case(name)) {
                headers.push((name.clone(), Some(template.render(scope)?)));
            }
        }
        for (name, template) in &spec.headers {
            headers.push((name.clone(), template.as_ref().map(|template| template.render(scope)).transpose()?));
        }
        let mut cookies = Vec::new();
        for (name, template) in &spec.cookies {
            cookies.push((name.clone(), template.as_ref().map(|template| template.render(scope)).transpose()?));
        }
        Ok(Self {
            device: None,
            shown: Shown::Own,
            method: spec.method.clone(),
            url: url(spec, base_url, scope)?,
            headers,
            cookies,
            body: body(&spec.body, scope)?,
        })
    }
}

/// The whole URL: what stands in the file is taken as it is, what a name stands for is encoded. A name that the URL
/// begins with is a URL and is taken whole.
fn url(spec: &RequestSpec, base_url: &str, scope: &dyn Scope) -> Result<String, Missing> {
    let mut url = match &spec.place {
        UrlSpec::Path(path) => {
            format!("{base_url}{}", path.render_with(scope, &mut |value| Form::Percent.apply(value))?)
        }
        UrlSpec::Whole(whole) => {
            let mut is_first = true;
            whole.render_with(scope, &mut |value| {
                if std::mem::take(&mut is_first) { value.to_owned() } else { Form::Percent.apply(value) }
            })?
        }
    };
    for (name, operand) in &spec.query {
        for value in texts(operand, scope)? {
            url.push(if url.contains('?') { '&' } else { '?' });
            url.push_str(&Form::Percent.apply(name));
            url.push('=');
            url.push_str(&Form::Percent.apply(&value));
        }
    }
    Ok(url)
}

fn body(spec: &BodySpec, scope: &dyn Scope) -> Result<DraftBody, Missing> {
    Ok(match spec {
        BodySpec::Empty => DraftBody::Empty,
        BodySpec::Json(operand) => DraftBody::Json(operand.resolve(scope)?),
        BodySpec::Form(pairs) => {
            let mut fields = Vec::new();
            for (name, operand) in pairs {
                fields.extend(texts(operand, scope)?.into_iter().map(|value| (name.clone(), value)));
            }
            DraftBody::Form(fields)
        }
        BodySpec::Text(template) => DraftBody::Text(template.render(scope)?),
        BodySpec::File { name, bytes } => DraftBody::File { name: name.clone(), bytes: Arc::clone(bytes) },
        BodySpec::Multipart(parts) => {
            let mut drafts = Vec::new();
            for (name, part) in parts {
                match part {
                    PartSpec::Value(operand) => drafts.extend(
                        texts(operand, scope)?.into_iter().map(|value| (name.clone(), DraftPart::Value(value))),
                    ),
                    PartSpec::File { name: file, bytes, media_type } => drafts.push((
                        name.clone(),
                        DraftPart::File {
                            name: file.clone(),
                            bytes: Arc::clone(bytes),
                            media_type: media_type.clone(),
                        },
                    )),
                }
            }
            DraftBody::Multipart(drafts)
        }
    })
}

/// The texts that a value is sent as: one for each item of a list, none for null.
fn texts(operand: &Operand, scope: &dyn Scope) -> Result<Vec<String>, Missing> {
    Ok(match operand.resolve(scope)? {
        Json::Null => Vec::new(),
        Json::Array(items) => items.iter().map(text).collect(),
        value @ (Json::Bool(_) | Json::Number(_) | Json::String(_) | Json::Object(_)) => vec![text(&value)],
    })
}

fn text(value: &Json) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
