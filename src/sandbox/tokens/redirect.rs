use http::StatusCode;
use http::header::LOCATION;
use url::form_urlencoded::Serializer;

use crate::sandbox::wire::Reply;

/// The longest `state` that is sent back, in bytes: it travels in a header.
const LONGEST_STATE: usize = 4096;

/// Where the browser goes when the sign-in has ended: a registered address, and the `state` that came with the request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Redirect<'a> {
    uri: &'a str,
    state: Option<&'a str>,
}

/// Why a browser is sent nowhere (RFC 6749 §4.1.2.1): an address that is not registered could be anybody's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NoRedirect {
    /// No application is named, or none that there is.
    #[error("Unknown client_id")]
    UnknownClient,
    /// None is named, or another one than the one that is registered.
    #[error("The redirect_uri is not registered for this client")]
    NotRegistered,
    /// It would not fit into the answer.
    #[error("The state is longer than {LONGEST_STATE} bytes")]
    LongState,
}

impl From<NoRedirect> for Reply {
    fn from(refusal: NoRedirect) -> Self {
        Self::refusal(StatusCode::BAD_REQUEST, refusal.to_string()).not_stored()
    }
}

impl<'a> Redirect<'a> {
    /// The redirect to `wanted`, which must be `registered` character for character.
    pub(crate) fn to(registered: &'a str, wanted: Option<&str>, state: Option<&'a str>) -> Result<Self, NoRedirect> {
        if wanted != Some(registered) {
            return Err(NoRedirect::NotRegistered);
        }
        if state.is_some_and(|state| state.len() > LONGEST_STATE) {
            return Err(NoRedirect::LongState);
        }
        Ok(Self { uri: registered, state })
    }

    /// Where it goes.
    pub(crate) fn uri(&self) -> &'a str {
        self.uri
    }

    /// Sends the browser there with `values` in the query.
    pub(crate) fn with(&self, values: &[(&str, &str)]) -> Reply {
        let mut query = Serializer::new(String::new());
        query.extend_pairs(values);
        if let Some(state) = self.state {
            query.append_pair("state", state);
        }
        let separator = if self.uri.contains('?') { '&' } else { '?' };
        let location = format!("{}{separator}{}", self.uri, query.finish());
        Reply::empty(StatusCode::FOUND, "Found").with(LOCATION, &location).not_stored()
    }

    /// Sends the browser there with an error (RFC 6749 §4.1.2.1).
    pub(crate) fn refusing(&self, error: &str, description: &str) -> Reply {
        self.with(&[("error", error), ("error_description", description)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REGISTERED: &str = "https://a.example/back";

    #[test]
    fn only_the_very_address_is_redirected_to() {
        for other in ["https://a.example/back/", "https://a.example/back?x=1", "https://A.example/back", "//a.example"]
        {
            assert_eq!(Redirect::to(REGISTERED, Some(other), None), Err(NoRedirect::NotRegistered));
        }
        assert_eq!(Redirect::to(REGISTERED, None, None), Err(NoRedirect::NotRegistered));
        assert!(Redirect::to(REGISTERED, Some(REGISTERED), Some("s")).is_ok());
    }

    #[test]
    fn a_state_cannot_add_values_or_headers() {
        let redirect = Redirect::to(REGISTERED, Some(REGISTERED), Some("a&code=b\r\nx: y")).unwrap();
        let response = redirect.with(&[("code", "c")]).into_response(&http::HeaderMap::new());
        assert_eq!(response.headers()[LOCATION], "https://a.example/back?code=c&state=a%26code%3Db%0D%0Ax%3A+y");
    }
}
