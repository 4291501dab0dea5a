use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::HeaderMap;
use http::header::AUTHORIZATION;
use percent_encoding::percent_decode_str;

/// What an `Authorization: Basic` header held, split nowhere yet: the two generations split it at different colons.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct BasicCredentials(String);

impl BasicCredentials {
    /// Reads the header; `None` when there is none, or when it is not Basic or not decodable.
    pub(crate) fn from_headers(headers: &HeaderMap) -> Option<Self> {
        let header = headers.get(AUTHORIZATION)?.to_str().ok()?;
        let (scheme, encoded) = header.trim().split_once(' ')?;
        if !scheme.eq_ignore_ascii_case("basic") {
            return None;
        }
        let decoded = STANDARD.decode(encoded.trim()).ok()?;
        String::from_utf8(decoded).ok().map(Self)
    }

    /// Everything before and after the first colon.
    pub(crate) fn at_first_colon(&self) -> (&str, &str) {
        self.0.split_once(':').unwrap_or((&self.0, ""))
    }

    /// Everything before and after the last colon: names of applications may hold one, business units may not.
    pub(crate) fn at_last_colon(&self) -> (&str, &str) {
        self.0.rsplit_once(':').unwrap_or((&self.0, ""))
    }
}

/// Whether `presented` is `expected`, raw or percent-encoded: clients in the field do both with the same secret.
pub(crate) fn same_raw_or_encoded(presented: &str, expected: &str) -> bool {
    presented == expected || percent_decode_str(presented).decode_utf8().is_ok_and(|decoded| decoded == expected)
}

impl BasicCredentials {
    /// Whether they are `id` and `secret`, each raw or percent-encoded.
    pub(crate) fn are(&self, id: &str, secret: &str) -> bool {
        let (presented_id, presented_secret) = self.at_first_colon();
        same_raw_or_encoded(presented_id, id) && same_raw_or_encoded(presented_secret, secret)
    }

    /// Whether they name the client `id`.
    pub(crate) fn name(&self, id: &str) -> bool {
        same_raw_or_encoded(self.at_first_colon().0, id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_secret_is_known_raw_and_percent_encoded() {
        assert!(BasicCredentials("id:a=b==".into()).are("id", "a=b=="));
        assert!(BasicCredentials("id:a%3Db%3D%3D".into()).are("id", "a=b=="));
        assert!(!BasicCredentials("id:a=b".into()).are("id", "a=b=="));
    }

    #[test]
    fn an_application_name_may_hold_a_colon() {
        assert_eq!(BasicCredentials("My: App@V:4500".into()).at_last_colon(), ("My: App@V", "4500"));
    }
}
