//! `GET` and `POST /auth/authorize` of the current sign-in: the authorization code with PKCE (FAQ Q7; RFC 6749 §4.1,
//! RFC 7636, OpenID Connect Core §3.1.2).

use http::Method;

use super::pkce::ChallengeRefusal;
use super::redirect::NoRedirect;
use super::sign_in_page::signed_out_page;
use super::{Challenge, FirstLook, Redirect, SignInPage, SignedIn};
use crate::sandbox::defects::Defect;
use crate::sandbox::tenant::{OpenIdClient, Person, Tenant};
use crate::sandbox::wire::{Call, Params, Reply};

/// What of a request comes back with the form.
const KEPT: [&str; 10] = [
    "response_type",
    "client_id",
    "redirect_uri",
    "scope",
    "state",
    "nonce",
    "code_challenge",
    "code_challenge_method",
    "display",
    "prompt",
];

/// Why the browser is sent back without a code (RFC 6749 §4.1.2.1, OpenID Connect Core §3.1.2.6).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
enum AuthorizeRefusal {
    #[error("{0}")]
    InvalidRequest(String),
    #[error("Only the response_type code is supported")]
    UnsupportedResponseType,
    #[error("The scope must contain openid")]
    InvalidScope,
    #[error("Nobody is signed in")]
    LoginRequired,
    #[error("Request objects are not supported")]
    RequestNotSupported,
}

impl AuthorizeRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::InvalidRequest(_) => "invalid_request",
            Self::UnsupportedResponseType => "unsupported_response_type",
            Self::InvalidScope => "invalid_scope",
            Self::LoginRequired => "login_required",
            Self::RequestNotSupported => "request_not_supported",
        }
    }
}

impl From<ChallengeRefusal> for AuthorizeRefusal {
    fn from(refusal: ChallengeRefusal) -> Self {
        Self::InvalidRequest(refusal.to_string())
    }
}

/// Answers an authorization request by the page, and the page's form by a code.
pub(crate) fn authorize(tenant: &Tenant, call: &Call) -> Reply {
    // Nobody signs in by a URL: it would be written down wherever it passes.
    let posted = if call.method == Method::POST { Params::from_body(&call.body) } else { Ok(Params::default()) };
    let posted = match posted {
        Ok(posted) => posted,
        Err(bad) => return bad.into(),
    };
    let params = posted.clone().or(&call.query);
    let (client, redirect) = match sender(tenant, &params) {
        Ok(sender) => sender,
        Err(refusal) => return refusal.into(),
    };
    let checked = match checked(client, &params) {
        Err(AuthorizeRefusal::UnsupportedResponseType) if tenant.defects.has(Defect::AnyResponseType) => {
            Challenge::read(params.text("code_challenge"), params.text("code_challenge_method")).map_err(Into::into)
        }
        checked => checked,
    };
    let challenge = match checked {
        Ok(challenge) => challenge,
        Err(refusal) => return redirect.refusing(refusal.code(), &refusal.to_string()),
    };
    let page = SignInPage { action: "/auth/authorize", client: &client.id, kept: &KEPT };
    let look = match (posted.text("username"), posted.text("password")) {
        (None, None) => FirstLook::Yes,
        (username, password) => {
            if let Some(person) = person(tenant, username.unwrap_or_default(), password.unwrap_or_default()) {
                let code = tenant.codes().issue(SignedIn {
                    agent: person.id,
                    at: tenant.now(),
                    client: client.id.clone(),
                    redirect_uri: redirect.uri().to_owned(),
                    challenge,
                    nonce: params.text("nonce").map(str::to_owned),
                });
                return redirect.with(&[("code", &code)]);
            }
            FirstLook::Failed
        }
    };
    page.shown(&params, look)
}

/// `GET` and `POST /auth/authorize/logout`. Nobody stays signed in, so there is nothing to end.
pub(crate) fn logout() -> Reply {
    signed_out_page()
}

fn sender<'t, 'p>(tenant: &'t Tenant, params: &'p Params) -> Result<(&'t OpenIdClient, Redirect<'p>), NoRedirect> {
    let client = params.text("client_id").and_then(|id| tenant.applications.open_id_client(|known| known == id));
    let client = client.ok_or(NoRedirect::UnknownClient)?;
    let state = params.text("state").filter(|_| !tenant.defects.has(Defect::StateLost));
    let wanted = params.text("redirect_uri");
    let registered = match wanted {
        Some(stranger) if tenant.defects.has(Defect::RedirectToStranger) => stranger,
        Some(_) | None => client.redirect_uri,
    };
    Ok((client, Redirect::to(registered, wanted, state)?))
}

fn checked(client: &OpenIdClient, params: &Params) -> Result<Option<Challenge>, AuthorizeRefusal> {
    if params.text("request").or_else(|| params.text("request_uri")).is_some() {
        return Err(AuthorizeRefusal::RequestNotSupported);
    }
    match params.text("response_type") {
        None => return Err(AuthorizeRefusal::InvalidRequest("response_type is missing".to_owned())),
        Some("code") => {}
        Some(_) => return Err(AuthorizeRefusal::UnsupportedResponseType),
    }
    if !params.text("scope").unwrap_or_default().split(' ').any(|scope| scope == "openid") {
        return Err(AuthorizeRefusal::InvalidScope);
    }
    let challenge = Challenge::read(params.text("code_challenge"), params.text("code_challenge_method"))?;
    if challenge.is_none() && client.secret.is_none() {
        return Err(AuthorizeRefusal::InvalidRequest("code_challenge is missing".to_owned()));
    }
    let prompts: Vec<&str> = params.text("prompt").unwrap_or_default().split_whitespace().collect();
    match prompts.as_slice() {
        ["none"] => Err(AuthorizeRefusal::LoginRequired),
        several if several.contains(&"none") => {
            Err(AuthorizeRefusal::InvalidRequest("prompt says none and more".to_owned()))
        }
        _ => Ok(challenge),
    }
}

fn person<'a>(tenant: &'a Tenant, username: &str, password: &str) -> Option<&'a Person> {
    tenant
        .directory
        .by_sign_in_name(username)
        .filter(|person| person.sign_in.is_page_password(password) || tenant.defects.has(Defect::WrongPasswordAccepted))
}
