use axum::body::Bytes;
use http::header::AUTHORIZATION;
use http::{HeaderMap, Method, Uri};
use percent_encoding::percent_decode_str;

use super::{BadBody, Params};

/// How much of a path the journal remembers, in characters.
const LONGEST_SHOWN_PATH: usize = 500;

/// One request, read whole.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    /// The verb.
    pub(crate) method: Method,
    /// The segments of the path, percent-decoded, empty ones left out.
    pub(crate) path: Vec<String>,
    /// The path as it was sent, cut off where it is too long for the journal.
    pub(crate) shown_path: String,
    /// The parameters of the query.
    pub(crate) query: Params,
    /// The headers.
    pub(crate) headers: HeaderMap,
    /// The body.
    pub(crate) body: Bytes,
}

impl Call {
    /// Puts the parts of a request together.
    pub(crate) fn new(method: Method, uri: &Uri, headers: HeaderMap, body: Bytes) -> Self {
        let path = uri.path().split('/').filter(|segment| !segment.is_empty());
        Self {
            method,
            path: path.map(|segment| percent_decode_str(segment).decode_utf8_lossy().into_owned()).collect(),
            shown_path: uri.path().chars().take(LONGEST_SHOWN_PATH).collect(),
            query: Params::from_form(uri.query().unwrap_or("").as_bytes()),
            headers,
            body,
        }
    }

    /// Every parameter: those of the body first, then those of the query.
    pub(crate) fn params(&self) -> Result<Params, BadBody> {
        Ok(Params::from_body(&self.body)?.or(&self.query))
    }
}

/// The token of an `Authorization: Bearer` header, whatever the case of the scheme.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.trim().split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
}
