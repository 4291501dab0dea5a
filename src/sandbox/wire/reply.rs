use axum::body::Body;
use http::header::{
    ALLOW, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, SERVER, WWW_AUTHENTICATE,
    X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode};
use hyper::ext::ReasonPhrase;
use serde_json::{Map, Value, json};

use crate::sandbox::front::WireFault;

/// The longest reason phrase sent, in bytes.
const LONGEST_REASON: usize = 300;

const DESCRIPTION: HeaderName = HeaderName::from_static("icstatusdescription");
const NOT_NICE: HeaderName = HeaderName::from_static("x-assize-sandbox");
const CORRELATION: HeaderName = HeaderName::from_static("correlationid");

/// One answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reply {
    status: StatusCode,
    reason: String,
    body: Content,
    headers: Vec<(HeaderName, HeaderValue)>,
    wire_fault: Option<WireFault>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Content {
    Empty,
    Json(Value),
    Text { mime: &'static str, text: String },
}

impl Reply {
    /// `200 Success` with JSON.
    pub(crate) fn ok(body: Value) -> Self {
        Self::json(StatusCode::OK, "Success", body)
    }

    /// `200 Success` with a text of some type.
    pub(crate) fn file(mime: &'static str, text: String) -> Self {
        Self { body: Content::Text { mime, text }, ..Self::empty(StatusCode::OK, "Success") }
    }

    /// `200 Success` with HTML that may hold what a client sent: no script of it runs, and nobody frames it.
    pub(crate) fn page(html: String) -> Self {
        Self::file("text/html; charset=utf-8", html)
            .with(CONTENT_SECURITY_POLICY, "default-src 'none'; base-uri 'none'; frame-ancestors 'none'")
            .with(X_CONTENT_TYPE_OPTIONS, "nosniff")
            .with(REFERRER_POLICY, "no-referrer")
    }

    /// A status, its message, and JSON.
    pub(crate) fn json(status: StatusCode, reason: impl Into<String>, body: Value) -> Self {
        Self { status, reason: reason.into(), body: Content::Json(body), headers: Vec::new(), wire_fault: None }
    }

    /// A status and its message, without a body.
    pub(crate) fn empty(status: StatusCode, reason: impl Into<String>) -> Self {
        Self { status, reason: reason.into(), body: Content::Empty, headers: Vec::new(), wire_fault: None }
    }

    /// A refusal: its message stands in the reason phrase, in `icStatusDescription` and in the body.
    pub(crate) fn refusal(status: StatusCode, description: impl Into<String>) -> Self {
        Self::refusal_as(status, error_code(status), description)
    }

    /// A refusal with an error code of its own, such as those of RFC 6749 §5.2.
    pub(crate) fn refusal_as(status: StatusCode, error: &str, description: impl Into<String>) -> Self {
        let description = description.into();
        let body = json!({ "error": error, "error_description": description });
        Self::json(status, description, body)
    }

    /// With a header more.
    pub(crate) fn with(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.push((name, value));
        }
        self
    }

    /// With the challenge that every 401 owes (RFC 9110 §11.6.1).
    pub(crate) fn challenged(self, challenge: &str) -> Self {
        self.with(WWW_AUTHENTICATE, challenge)
    }

    /// With the verbs that a path has.
    pub(crate) fn allowing(self, verbs: &str) -> Self {
        self.with(ALLOW, verbs)
    }

    /// With the headers that a token answer owes (RFC 6749 §5.1).
    pub(crate) fn not_stored(self) -> Self {
        self.with(CACHE_CONTROL, "no-store").with(http::header::PRAGMA, "no-cache")
    }

    /// The status.
    pub(crate) fn status(&self) -> StatusCode {
        self.status
    }

    /// The message.
    pub(crate) fn reason(&self) -> &str {
        &self.reason
    }

    /// The same under another status.
    pub(crate) fn restated(self, status: StatusCode) -> Self {
        Self { status, ..self }
    }

    /// With another JSON object; what is no object stays as it is.
    pub(crate) fn changed(mut self, change: impl FnOnce(&mut Map<String, Value>)) -> Self {
        if let Content::Json(Value::Object(body)) = &mut self.body {
            change(body);
        }
        self
    }

    /// With its JSON under the name of another type.
    pub(crate) fn mislabelled(mut self) -> Self {
        if let Content::Json(value) = &self.body {
            self.body = Content::Text { mime: "text/plain", text: value.to_string() };
        }
        self
    }

    /// Broken on its way out.
    pub(crate) fn breaking(self, fault: WireFault) -> Self {
        Self { wire_fault: Some(fault), ..self }
    }

    /// How it is to be broken on its way out.
    pub(crate) fn wire_fault(&self) -> Option<WireFault> {
        self.wire_fault
    }

    /// Without a header.
    pub(crate) fn without(mut self, name: &HeaderName) -> Self {
        self.headers.retain(|(known, _)| known != name);
        self
    }

    /// The answer on the wire to a request with these headers: its correlation id comes back.
    pub(crate) fn into_response(self, request: &HeaderMap) -> Response<Body> {
        let reason = printable(&self.reason);
        let (mime, body) = match self.body {
            Content::Empty => (None, Body::empty()),
            Content::Json(value) => (Some("application/json"), Body::from(value.to_string())),
            Content::Text { mime, text } => (Some(mime), Body::from(text)),
        };
        let mut response = Response::new(body);
        *response.status_mut() = self.status;
        if let Ok(phrase) = ReasonPhrase::try_from(reason.as_bytes()) {
            response.extensions_mut().insert(phrase);
        }
        let headers = response.headers_mut();
        headers.insert(SERVER, HeaderValue::from_static("assize-sandbox (not NICE CXone)"));
        headers.insert(NOT_NICE, HeaderValue::from_static("a simulated tenant; not a service of NICE"));
        if let Ok(value) = HeaderValue::from_str(&reason) {
            headers.insert(DESCRIPTION, value);
        }
        if let Some(mime) = mime {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(mime));
        }
        if let Some(id) = request.get(CORRELATION) {
            headers.insert(CORRELATION, id.clone());
        }
        for (name, value) in self.headers {
            headers.append(name, value);
        }
        response
    }
}

/// The `error` member of a refusal that has no code of its own.
fn error_code(status: StatusCode) -> &'static str {
    match status.as_u16() {
        400 => "invalid_request",
        401 => "invalid_token",
        403 => "forbidden",
        404 => "not_found",
        405 => "method_not_allowed",
        408 => "request_timeout",
        409 => "conflict",
        413 => "payload_too_large",
        429 => "too_many_requests",
        503 => "unavailable",
        _ => "error",
    }
}

/// The part of a message that a status line can carry: it may repeat what a client sent.
fn printable(message: &str) -> String {
    let legal = |c: char| if c == ' ' || c.is_ascii_graphic() { c } else { '?' };
    message.chars().take(LONGEST_REASON).map(legal).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_client_sent_cannot_split_the_status_line() {
        let reply = Reply::refusal(StatusCode::NOT_FOUND, "Invalid agentId - 'a\r\nset-cookie: ü'");
        let response = reply.into_response(&HeaderMap::new());
        assert_eq!(response.headers()["icstatusdescription"], "Invalid agentId - 'a??set-cookie: ?'");
    }

    #[test]
    fn the_correlation_id_comes_back() {
        let mut request = HeaderMap::new();
        request.insert("CorrelationId", HeaderValue::from_static("abc-1"));
        let response = Reply::ok(json!({})).into_response(&request);
        assert_eq!(response.headers()["correlationid"], "abc-1");
    }
}
