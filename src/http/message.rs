use http::header::{CONTENT_LENGTH, HOST, HeaderMap, HeaderName, HeaderValue, TRANSFER_ENCODING};
use hyper::{Method, Request, Uri};
use url::Position;

use crate::event::Fault;

use super::WireRequest;
use super::failure::bad_request;
use super::payload::Payload;

/// What both transports send before the body: the method, and the header fields that the request asks for.
///
/// # Errors
/// A fault of preparing, when the request cannot be put on the wire as it is meant.
pub(super) fn head(request: &WireRequest) -> Result<(Method, HeaderMap), Fault> {
    let method = Method::from_bytes(request.method.as_bytes())
        .map_err(|_| bad_request(format!("`{}` is no method", request.method.escape_debug())))?;
    if method == Method::CONNECT {
        return Err(bad_request("CONNECT is for tunnels only".to_owned()));
    }
    let mut headers = HeaderMap::new();
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
    // RFC 9110 §8.6: a method that has a meaning for content says so even where there is none.
    if request.body.is_empty()
        && matches!(request.method.as_str(), "POST" | "PUT" | "PATCH")
        && !headers.contains_key(CONTENT_LENGTH)
    {
        headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
    }
    Ok((method, headers))
}

/// Writes the request for a connection to its origin, in HTTP/1.1.
///
/// # Errors
/// As for [`head`].
pub(super) fn compose(request: &WireRequest) -> Result<Request<Payload>, Fault> {
    let (method, mut headers) = head(request)?;
    if !headers.contains_key(HOST) && !request.hostless {
        let host = &request.url[Position::BeforeHost..Position::AfterPort];
        headers.insert(HOST, field("host", host)?.1);
    }
    let target = request.dotted.as_deref().unwrap_or(&request.url[Position::BeforePath..Position::AfterQuery]);
    let uri: Uri =
        target.parse().map_err(|error| bad_request(format!("{method} cannot be sent to this URL: {error}")))?;
    let mut message = Request::new(Payload::new(request.body.clone()));
    *message.uri_mut() = uri;
    *message.method_mut() = method;
    *message.headers_mut() = headers;
    Ok(message)
}

/// A header field; the value is not told, since it may be a secret.
fn field(name: &str, value: &str) -> Result<(HeaderName, HeaderValue), Fault> {
    let header = HeaderName::from_bytes(name.as_bytes())
        .map_err(|_| bad_request(format!("`{}` is no name of a header field", name.escape_debug())))?;
    let value = HeaderValue::from_bytes(value.as_bytes())
        .map_err(|_| bad_request(format!("the value of header `{name}` holds a line break or a control character")))?;
    Ok((header, value))
}
