use std::borrow::Cow;

use percent_encoding::percent_decode_str;
use url::Url;

use super::{Form, Handle, has_handle};

/// Where a URL with handles in it leads, its parameters decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Destination {
    /// The URL without query and fragment, normalised.
    pub to: String,
    /// The parameters of the query, in their order.
    pub query: Vec<(String, String)>,
    /// The parameters of the fragment, in their order.
    pub fragment: Vec<(String, String)>,
    /// The whole URL without its fragment, made to be sent: its handles stand for percent-encoded secrets.
    pub url: String,
}

impl Destination {
    /// Reads a URL, relative ones against `base`; handles stay handles, and a handle of an encoded secret becomes that of
    /// the secret, since the URL is what encoded it. `None` when it is no URL.
    #[must_use]
    pub fn read(url: &str, base: Option<&str>) -> Option<Self> {
        let guard = Guard::around([url, base.unwrap_or_default()]);
        let mut handles = Vec::new();
        let base = base.and_then(|base| Url::parse(&guard.protect(base, &mut handles)).ok());
        let mut to = Url::options().base_url(base.as_ref()).parse(&guard.protect(url, &mut handles)).ok()?;
        let parameters = |part: Option<&str>| -> Vec<(String, String)> {
            let pairs = part.unwrap_or_default().split('&').filter(|pair| !pair.is_empty());
            pairs
                .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
                .map(|(name, value)| (guard.decode(name, &handles), guard.decode(value, &handles)))
                .collect()
        };
        let query = parameters(to.query());
        let fragment = parameters(to.fragment());
        to.set_fragment(None);
        let url = Form::Percent.apply_to_handles(&guard.put_back(to.as_str(), &handles));
        to.set_query(None);
        Some(Self { to: guard.put_back(to.as_str(), &handles), query, fragment, url })
    }

    /// The parameter of this name in the query, else in the fragment; the last one where it stands several times.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<&str> {
        let last = |part: &'_ [(String, String)]| part.iter().rposition(|(key, _)| key == name);
        let in_query = last(&self.query).map(|at| &self.query[at]);
        in_query.or_else(|| last(&self.fragment).map(|at| &self.fragment[at])).map(|(_, value)| value.as_str())
    }
}

/// Marks that stand for handles while a URL is read: a handle has a `#` in it, and no part of a URL may be taken for one.
struct Guard {
    mark: String,
}

impl Guard {
    /// Marks that stand nowhere in these texts, decoded or not.
    fn around(texts: [&str; 2]) -> Self {
        let whole: String = texts
            .iter()
            .flat_map(|text| [Cow::Borrowed(*text), percent_decode_str(text).decode_utf8_lossy()])
            .collect::<String>()
            .to_ascii_lowercase();
        // Each begins at a place of its own, so the text does not hold all of them.
        let mark =
            (0..=whole.len()).map(|number| format!("handle{number}z")).find(|mark| !whole.contains(mark.as_str()));
        Self { mark: mark.unwrap_or_default() }
    }

    /// The text with marks in place of handles, which are kept.
    fn protect(&self, text: &str, handles: &mut Vec<String>) -> String {
        let mut protected = String::with_capacity(text.len());
        let mut at = 0;
        for (range, handle) in Handle::all(text) {
            protected.push_str(&text[at..range.start]);
            protected.extend([&*self.mark, &handles.len().to_string(), "z"]);
            handles.push(unwrapped(handle).to_string());
            at = range.end;
        }
        protected.push_str(&text[at..]);
        protected
    }

    /// A part of the URL, decoded as in forms (RFC 6749 section 4.2.2 has it so for the fragment, too). What is no handle
    /// and would look like one decoded stays encoded: what an endpoint writes is never taken for a secret.
    fn decode(&self, part: &str, handles: &[String]) -> String {
        let spaced = part.replace('+', " ");
        let decoded = percent_decode_str(&spaced).decode_utf8_lossy();
        self.put_back(if has_handle(&decoded) { part } else { &decoded }, handles)
    }

    fn put_back(&self, text: &str, handles: &[String]) -> String {
        handles
            .iter()
            .enumerate()
            .fold(text.to_owned(), |text, (number, handle)| text.replace(&format!("{}{number}z", self.mark), handle))
    }
}

/// The handle without the encodings of URLs.
fn unwrapped(handle: Handle) -> Handle {
    let is_of_urls = |form: &Form| {
        matches!(
            form,
            Form::Percent
                | Form::PercentLower
                | Form::Component
                | Form::ComponentLower
                | Form::Path
                | Form::PathLower
                | Form::Query
                | Form::QueryLower
                | Form::UrlForm
                | Form::UrlFormLower
        )
    };
    if handle.forms().last().is_some_and(is_of_urls) { handle.decoded() } else { handle }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(url: &str) -> Destination {
        Destination::read(url, Some("https://auth.example.test/a/authorize?x=1#y")).expect("a URL")
    }

    fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn parameters_are_decoded_and_handles_stay_handles() {
        let found = read(
            "https://Client.Example:443/cb?code=‹desk.code#1~percent›&state=a%20b+c%2Bd&‹a#1›=p‹a#2›q&flag&&x=%zz#token=‹a#3~base64›",
        );
        assert_eq!(found.to, "https://client.example/cb");
        assert_eq!(
            found.query,
            pairs(
                &[("code", "‹desk.code#1›"), ("state", "a b c+d"), ("‹a#1›", "p‹a#2›q"), ("flag", ""), ("x", "%zz"),]
            )
        );
        assert_eq!(found.fragment, pairs(&[("token", "‹a#3~base64›")]));
        assert_eq!(found.parameter("token"), Some("‹a#3~base64›"));
    }

    #[test]
    fn a_relative_url_is_read_against_that_of_the_request() {
        assert_eq!(read("/cb?a=1").to, "https://auth.example.test/cb");
        assert_eq!(read("cb").to, "https://auth.example.test/a/cb");
        assert_eq!(read("com.example.app:/cb").to, "com.example.app:/cb");
        assert_eq!(read("/u/‹user#1~path›/x").to, "https://auth.example.test/u/‹user#1›/x");
        assert_eq!(Destination::read("/cb", None), None);
    }

    #[test]
    fn what_an_endpoint_writes_is_never_taken_for_a_handle() {
        let encoded = "%E2%80%B9agent.access_token%231%E2%80%BA";
        let found = read(&format!("/cb?a={encoded}&b=‹x#1›{encoded}&c=handle0z0z&d=%68andle1z0z&e=HANDLE2Z0z"));
        assert_eq!(found.parameter("a"), Some(encoded));
        assert_eq!(found.parameter("b"), Some(&*format!("‹x#1›{encoded}")));
        assert_eq!(found.parameter("c"), Some("handle0z0z"));
        assert_eq!(found.parameter("d"), Some("handle1z0z"));
        assert_eq!(found.parameter("e"), Some("HANDLE2Z0z"));
    }

    proptest::proptest! {
        #[test]
        fn any_url_is_read_without_panic(url in "[a-z:/?#&=%+‹›~.0-9z]{0,60}") {
            let _ = Destination::read(&url, Some("https://a.example/‹a#1›"));
        }

        #[test]
        fn what_was_encoded_is_what_is_read(value in proptest::prelude::any::<String>()) {
            let encoded: String = url::form_urlencoded::byte_serialize(value.as_bytes()).collect();
            let found = read(&format!("/cb?v={encoded}#v={encoded}"));
            proptest::prop_assert_eq!(found.parameter("v"), Some(&*value));
            proptest::prop_assert_eq!(&found.query, &found.fragment);
        }
    }
}
