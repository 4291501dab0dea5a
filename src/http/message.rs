use http::header::{CONTENT_LENGTH, HOST, HeaderName, HeaderValue, PROXY_AUTHORIZATION, TRANSFER_ENCODING};
use hyper::{Method, Request, Uri};
use url::{Position, Url};

use crate::event::Fault;

use super::WireRequest;
use super::connect::Spoken;
use super::failure::bad_request;
use super::payload::Payload;

/// How a request reaches its origin.
pub(super) enum Route {
    /// Straight, or through a tunnel.
    Direct,
    /// Through a proxy that reads it, with these credentials.
    Proxy(Option<String>),
}

/// Writes the request as hyper wants it.
///
/// # Errors
/// A fault of preparing, when the request cannot be put on the wire as it is meant.
pub(super) fn compose(request: &WireRequest, spoken: Spoken, route: &Route) -> Result<Request<Payload>, Fault> {
    let method = Method::from_bytes(request.method.as_bytes())
        .map_err(|_| bad_request(format!("`{}` is no method", request.method.escape_debug())))?;
    if method == Method::CONNECT {
        return Err(bad_request("CONNECT is for tunnels only".to_owned()));
    }
    let mut message = Request::new(Payload::new(request.body.clone()));
    *message.uri_mut() = uri(&request.url, &method, spoken, route)?;
    *message.method_mut() = method;
    let headers = message.headers_mut();
    for (name, value) in &request.headers {
        let (name, value) = field(name, value)?;
        if name == TRANSFER_ENCODING {
            return Err(bad_request("the harness frames the body itself, without Transfer-Encoding".to_owned()));
        }
        // hyper would take any length at its word and send a message that nobody can read.
        if name == CONTENT_LENGTH && value.as_bytes() != request.body.len().to_string().as_bytes() {
            return Err(bad_request(format!("Content-Length must be {}, the length of the body", request.body.len())));
        }
        headers.append(name, value);
    }
    if spoken == Spoken::One && !headers.contains_key(HOST) {
        let host = &request.url[Position::BeforeHost..Position::AfterPort];
        headers.insert(HOST, field("host", host)?.1);
    }
    // RFC 9110 §8.6: a method that has a meaning for content says so even where there is none.
    if request.body.is_empty()
        && matches!(request.method.as_str(), "POST" | "PUT" | "PATCH")
        && !headers.contains_key(CONTENT_LENGTH)
    {
        headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
    }
    if let Route::Proxy(Some(authorization)) = route {
        headers.insert(PROXY_AUTHORIZATION, field("proxy-authorization", authorization)?.1);
    }
    Ok(message)
}

fn uri(url: &Url, method: &Method, spoken: Spoken, route: &Route) -> Result<Uri, Fault> {
    let whole = spoken == Spoken::Two || matches!(route, Route::Proxy(_));
    let text = if whole { &url[..Position::AfterQuery] } else { &url[Position::BeforePath..Position::AfterQuery] };
    text.parse().map_err(|error| bad_request(format!("{method} cannot be sent to this URL: {error}")))
}

/// A header field; the value is not told, since it may be a secret.
fn field(name: &str, value: &str) -> Result<(HeaderName, HeaderValue), Fault> {
    let header = HeaderName::from_bytes(name.as_bytes())
        .map_err(|_| bad_request(format!("`{}` is no name of a header field", name.escape_debug())))?;
    let value = HeaderValue::from_bytes(value.as_bytes())
        .map_err(|_| bad_request(format!("the value of header `{name}` holds a line break or a control character")))?;
    Ok((header, value))
}
