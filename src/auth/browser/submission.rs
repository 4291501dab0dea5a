use crate::auth::authorize_request::page_request;
use crate::http::{Limits, Outgoing, OutgoingBody, OutgoingPart, PartContent};
use crate::value::{Destination, Form as Encoding, Origin};

use super::control::Override;
use super::form::{Enctype, Form, Method};

/// A form as it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Submission {
    /// Where it goes, relative to the page; the page's own address where it does not say.
    action: Option<String>,
    body: Fields,
}

/// How its fields are written.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Fields {
    Query(Vec<(String, String)>),
    UrlEncoded(Vec<(String, String)>),
    Multipart(Vec<(String, String)>),
}

impl Submission {
    /// A form, sent with these fields by a button that may say otherwise; none when it is not sent at all.
    pub(super) fn of(form: &Form, own: Option<&Override>, pairs: Vec<(String, String)>) -> Option<Self> {
        let body = match (form.method(own), form.enctype(own)) {
            (Method::Dialog, _) => return None,
            (Method::Get, _) => Fields::Query(pairs),
            (Method::Post, Enctype::UrlEncoded) => Fields::UrlEncoded(pairs),
            (Method::Post, Enctype::Multipart) => Fields::Multipart(pairs),
        };
        Some(Self { action: form.action(own).map(str::to_owned), body })
    }

    /// The request, from the page at `url` whose addresses are relative to `base`; none where it goes to no web address.
    pub(super) fn outgoing(&self, url: &str, base: Option<&str>, limits: Limits) -> Option<Outgoing> {
        let page = Destination::read(url, None)?;
        let to = match &self.action {
            None => page.clone(),
            Some(action) => {
                // HTML, "the base element": what cannot be read is as good as none.
                let base = base.and_then(|base| Destination::read(base, Some(url)));
                Destination::read(action, Some(base.as_ref().map_or(url, |base| &base.url)))?
            }
        };
        Origin::parse(&to.to).filter(|origin| matches!(origin.scheme(), "http" | "https"))?;
        let mut outgoing = match &self.body {
            Fields::Query(pairs) => {
                let mut url = Encoding::Percent.apply_to_handles(&to.to);
                for (at, (name, value)) in pairs.iter().enumerate() {
                    let encoded = [name, value].map(|text| Encoding::Percent.apply(text));
                    url.extend([if at == 0 { "?" } else { "&" }, &encoded[0], "=", &encoded[1]]);
                }
                page_request(&url, limits)
            }
            Fields::UrlEncoded(_) | Fields::Multipart(_) => page_request(&to.url, limits),
        };
        match &self.body {
            Fields::Query(_) => {}
            Fields::UrlEncoded(pairs) => {
                "POST".clone_into(&mut outgoing.method);
                outgoing.body = OutgoingBody::Form(pairs.clone());
            }
            Fields::Multipart(pairs) => {
                "POST".clone_into(&mut outgoing.method);
                let part = |(name, value): &(String, String)| OutgoingPart {
                    name: name.clone(),
                    file_name: None,
                    media_type: None,
                    content: PartContent::Text(value.clone()),
                };
                outgoing.body = OutgoingBody::Multipart(pairs.iter().map(part).collect());
            }
        }
        // Servers that guard their forms against other sites look at these (Fetch, "origin header"; strict-origin).
        if let Some(origin) = Origin::parse(&page.to) {
            outgoing.headers.push(("referer".to_owned(), Some(format!("{origin}/"))));
            if outgoing.method == "POST" {
                outgoing.headers.push(("origin".to_owned(), Some(origin.to_string())));
            }
        }
        Some(outgoing)
    }
}
