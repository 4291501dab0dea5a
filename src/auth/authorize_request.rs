use crate::http::{Limits, Outgoing};
use crate::suite::{Grant, OAuth2};
use crate::value::{Form, Json};

use super::Signer;
use super::parameters::{Parameters, plain};
use super::pkce;

/// How large a page may be, in bytes.
const MAX_PAGE_BYTES: u64 = 2 * 1024 * 1024;
/// What a browser asks for when it goes to a page.
const PAGES: &str = "text/html, application/xhtml+xml;q=0.9, */*;q=0.8";
/// Parameters of token requests, which the target may declare among its others.
const OF_TOKENS: [&str; 7] =
    ["grant_type", "username", "password", "code", "code_verifier", "refresh_token", "client_secret"];

/// A sign-in in a browser, about to begin.
#[derive(Clone, Debug)]
pub struct AuthorizeRequest {
    /// The authorization request.
    pub outgoing: Outgoing,
    /// The parameters by their OAuth names, in order, as they were before they were renamed.
    pub parameters: Vec<(String, Json)>,
    /// Where the browser is to be sent back to.
    pub redirect_uri: Option<String>,
    /// What is filled in for the name; the page's own value stays where there is none.
    pub username: Option<String>,
    /// What is filled in for the password.
    pub password: Option<String>,
}

/// Writes the authorization request that a sign-in in a browser begins with, as the target declares it.
///
/// `with` replaces or adds parameters by their OAuth names, and a null leaves one out. Three of them are never sent:
/// `username` and `password` are what is filled in on the page, and of a `code_verifier` its challenge goes out. Nothing
/// is added by itself: a `state` or a `nonce` is sent only where it is given.
///
/// # Source
/// RFC 6749 §4.1.1 (code), §4.2.1 (implicit); RFC 7636 §4.3 (challenge); `OpenID` Connect Core 1.0 §3.1.2.1.
#[must_use]
pub fn authorize_request(
    oauth2: &OAuth2,
    authorize_url: &str,
    signer: &Signer,
    with: &[(String, Json)],
    limits: Limits,
) -> AuthorizeRequest {
    let mut parameters = Parameters::default();
    parameters.set_text("response_type", Some(if oauth2.grant == Grant::Implicit { "token" } else { "code" }));
    parameters.set_text("client_id", signer.client_id.as_deref());
    parameters.set_text("redirect_uri", oauth2.redirect_uri.as_deref());
    parameters.set_text("scope", oauth2.scope.as_deref());
    for (name, value) in oauth2.params.iter().filter(|(name, _)| !OF_TOKENS.contains(&name.as_str())) {
        parameters.set(name, value.clone());
    }
    let mut login = Parameters::default();
    login.set_text("username", signer.username.as_deref());
    login.set_text("password", signer.password.as_deref());
    let verifier = with.iter().find(|(name, value)| name == "code_verifier" && !value.is_null());
    if let Some((_, verifier)) = verifier {
        parameters.set_text("code_challenge", Some(&pkce::challenge(&plain(verifier))));
        parameters.set_text("code_challenge_method", Some(pkce::METHOD));
    }
    for (name, value) in with {
        match name.as_str() {
            "username" | "password" => login.set(name, value.clone()),
            "code_verifier" => {}
            _ => parameters.set(name, value.clone()),
        }
    }
    let mut url = authorize_url.to_owned();
    for (name, value) in parameters.renamed(oauth2) {
        url.push(if url.contains('?') { '&' } else { '?' });
        url.extend([Form::Percent.apply(&name).as_str(), "=", &Form::Percent.apply(&plain(&value))]);
    }
    let limits = Limits { max_body_bytes: limits.max_body_bytes.min(MAX_PAGE_BYTES), ..limits };
    AuthorizeRequest {
        outgoing: page_request(&url, limits),
        // The suite may have taken it out to see what happens; the server then takes the one it knows.
        redirect_uri: parameters.text("redirect_uri").or_else(|| oauth2.redirect_uri.clone()),
        parameters: parameters.0,
        username: login.text("username"),
        password: login.text("password"),
    }
}

/// The request by which a browser goes to a page.
pub(super) fn page_request(url: &str, limits: Limits) -> Outgoing {
    let mut outgoing = Outgoing::new("GET", url, limits);
    outgoing.headers.push(("accept".to_owned(), Some(PAGES.to_owned())));
    outgoing
}
