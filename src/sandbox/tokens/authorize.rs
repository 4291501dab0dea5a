//! `GET` and `POST /auth/authorize` of the current sign-in: the authorization code with PKCE (FAQ Q7; RFC 6749 §4.1,
//! RFC 7636, OpenID Connect Core §3.1.2).

use std::time::Duration;

use http::Method;
use http::header::SET_COOKIE;

use super::browsers::{cookie, no_cookie};
use super::pkce::ChallengeRefusal;
use super::redirect::NoRedirect;
use super::sign_in_page::signed_out_page;
use super::{Challenge, FirstLook, Present, Redirect, SignInPage, SignedIn};
use crate::sandbox::defects::Defect;
use crate::sandbox::tenant::{OpenIdClient, Person, Tenant};
use crate::sandbox::wire::{Call, Params, Reply};

/// What of a request comes back with the form.
const KEPT: [&str; 11] = [
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
    "max_age",
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
            Challenge::read(params.text("code_challenge"), params.text("code_challenge_method"))
                .map(|challenge| (challenge, Prompt::IfNeeded))
                .map_err(Into::into)
        }
        checked => checked,
    };
    let (challenge, prompt) = match checked {
        Ok(checked) => checked,
        Err(refusal) => return redirect.refusing(refusal.code(), &refusal.to_string()),
    };
    let sent_back = |who: Present| {
        let signed_in = SignedIn {
            agent: who.agent,
            at: who.since,
            client: client.id.clone(),
            redirect_uri: redirect.uri().to_owned(),
            challenge: challenge.clone(),
            nonce: params.text("nonce").map(str::to_owned),
        };
        let code = tenant.codes().issue(signed_in, tenant.now());
        redirect.with(&[("code", &code)])
    };
    let page = SignInPage { action: "/auth/authorize", client: &client.id, kept: &KEPT };
    if let (None, None) = (posted.text("username"), posted.text("password")) {
        let present = tenant.browsers().present(&call.headers, tenant.now());
        let present = present.filter(|who| is_enough(tenant, *who, prompt, &params));
        return match (present, prompt) {
            (Some(who), _) => sent_back(who),
            (None, Prompt::Never) => {
                let refusal = AuthorizeRefusal::LoginRequired;
                redirect.refusing(refusal.code(), &refusal.to_string())
            }
            (None, Prompt::IfNeeded | Prompt::Always) => page.shown(&params, FirstLook::Yes),
        };
    }
    let (username, password) = (posted.text("username"), posted.text("password"));
    let Some(person) = person(tenant, username.unwrap_or_default(), password.unwrap_or_default()) else {
        return page.shown(&params, FirstLook::Failed);
    };
    let who = Present { agent: person.id, since: tenant.now() };
    let key = tenant.browsers().enter(who.agent, who.since);
    sent_back(who).with(SET_COOKIE, &cookie(&tenant.address, &key))
}

/// `GET` and `POST /auth/authorize/logout`: the browser is not known any longer. Tokens work on.
pub(crate) fn logout(tenant: &Tenant, call: &Call) -> Reply {
    tenant.browsers().leave(&call.headers);
    signed_out_page().with(SET_COOKIE, &no_cookie(&tenant.address))
}

/// Whether somebody is asked who they are (OpenID Connect Core §3.1.2.1, `prompt`; NICE reference: `none` and `login`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Prompt {
    /// `none`: whoever is not signed in is sent back.
    Never,
    /// Nothing: whoever is signed in is not asked.
    IfNeeded,
    /// `login`, and whatever else a person would have to look at.
    Always,
}

/// Whether somebody who is signed in need not sign in again: not for too long, and as whom the client expects
/// (OpenID Connect Core §3.1.2.1: `max_age`, `login_hint`).
fn is_enough(tenant: &Tenant, who: Present, prompt: Prompt, params: &Params) -> bool {
    let is_recent = |seconds| tenant.now().since(who.since) <= Duration::from_secs(seconds);
    let is_expected = |hint: &str| tenant.directory.person(who.agent).is_some_and(|it| it.username == hint);
    prompt != Prompt::Always
        && params.text("max_age").and_then(|text| text.parse().ok()).is_none_or(is_recent)
        && params.text("login_hint").is_none_or(is_expected)
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

fn checked(client: &OpenIdClient, params: &Params) -> Result<(Option<Challenge>, Prompt), AuthorizeRefusal> {
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
    if params.text("max_age").is_some_and(|text| text.parse::<u64>().is_err()) {
        return Err(AuthorizeRefusal::InvalidRequest("max_age is no number of seconds".to_owned()));
    }
    let prompts: Vec<&str> = params.text("prompt").unwrap_or_default().split_whitespace().collect();
    match prompts.as_slice() {
        [] => Ok((challenge, Prompt::IfNeeded)),
        ["none"] => Ok((challenge, Prompt::Never)),
        several if several.contains(&"none") => {
            Err(AuthorizeRefusal::InvalidRequest("prompt says none and more".to_owned()))
        }
        _ => Ok((challenge, Prompt::Always)),
    }
}

fn person<'a>(tenant: &'a Tenant, username: &str, password: &str) -> Option<&'a Person> {
    tenant
        .directory
        .by_sign_in_name(username)
        .filter(|person| person.sign_in.is_page_password(password) || tenant.defects.has(Defect::WrongPasswordAccepted))
}
