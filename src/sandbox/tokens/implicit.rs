//! `GET` and `POST /InContactAuthorizationServer/Authenticate` of the first generation: the implicit grant (FAQ Q9, Q10).
//! Its token comes back in the query of the redirect, not in the fragment where RFC 6749 §4.2.2 has it (NICE reference).

use http::Method;

use super::redirect::NoRedirect;
use super::{Caller, FirstLook, Generation, Redirect, Scopes, SignInPage, User};
use crate::sandbox::defects::Defect;
use crate::sandbox::tenant::Tenant;
use crate::sandbox::wire::{Call, Params, Reply, same_raw_or_encoded};

/// What of a request comes back with the form.
const KEPT: [&str; 5] = ["response_type", "client_id", "redirect_uri", "scope", "state"];

/// Why the browser is sent back without a token (RFC 6749 §4.2.2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
enum ImplicitRefusal {
    #[error("response_type is missing")]
    NoResponseType,
    #[error("Only the response_type token is supported")]
    UnsupportedResponseType,
    #[error("None of the requested scopes exists")]
    BadScope,
}

impl ImplicitRefusal {
    fn code(self) -> &'static str {
        match self {
            Self::NoResponseType => "invalid_request",
            Self::UnsupportedResponseType => "unsupported_response_type",
            Self::BadScope => "invalid_scope",
        }
    }
}

/// Answers a request by the page, and the page's form by a token.
pub(crate) fn authenticate(tenant: &Tenant, call: &Call) -> Reply {
    // Nobody signs in by a URL: it would be written down wherever it passes.
    let posted = if call.method == Method::POST { Params::from_body(&call.body) } else { Ok(Params::default()) };
    let posted = match posted {
        Ok(posted) => posted,
        Err(bad) => return bad.into(),
    };
    let params = posted.clone().or(&call.query);
    let application = &tenant.applications.central;
    let redirect = match sender(tenant, &params) {
        Ok(redirect) => redirect,
        Err(refusal) => return refusal.into(),
    };
    let scopes = match scopes(&params) {
        Ok(scopes) => scopes,
        Err(refusal) => return redirect.refusing(refusal.code(), &refusal.to_string()),
    };
    let page =
        SignInPage { action: "/InContactAuthorizationServer/Authenticate", client: &application.name, kept: &KEPT };
    let look = match (posted.text("username"), posted.text("password")) {
        (None, None) => FirstLook::Yes,
        (username, password) => {
            let person = tenant.directory.by_sign_in_name(username.unwrap_or_default());
            if let Some(person) = person.filter(|who| {
                who.sign_in.is_password(password.unwrap_or_default())
                    || tenant.defects.has(Defect::WrongPasswordAccepted)
            }) {
                return handed_over(tenant, &redirect, User { agent: person.id, scopes });
            }
            FirstLook::Failed
        }
    };
    page.shown(&params, look)
}

fn sender<'p>(tenant: &'p Tenant, params: &'p Params) -> Result<Redirect<'p>, NoRedirect> {
    let application = &tenant.applications.central;
    if !params.text("client_id").is_some_and(|id| same_raw_or_encoded(id, &application.name)) {
        return Err(NoRedirect::UnknownClient);
    }
    let state = params.text("state").filter(|_| !tenant.defects.has(Defect::StateLost));
    Redirect::to(application.redirect_uri, params.text("redirect_uri"), state)
}

/// The scopes that are asked for: here, unlike at the token service, nothing asked for means nothing.
fn scopes(params: &Params) -> Result<Scopes, ImplicitRefusal> {
    match params.text("response_type") {
        None => return Err(ImplicitRefusal::NoResponseType),
        Some("token") => {}
        Some(_) => return Err(ImplicitRefusal::UnsupportedResponseType),
    }
    match params.text("scope").filter(|scope| !scope.trim().is_empty()) {
        None => Ok(Scopes::NONE),
        some => Scopes::requested(some).ok_or(ImplicitRefusal::BadScope),
    }
}

fn handed_over(tenant: &Tenant, redirect: &Redirect<'_>, user: User) -> Reply {
    let scope = user.scopes.to_string();
    let (mut tokens, now) = (tenant.tokens(), tenant.now());
    let grant = tokens.begin(Caller::User(user), &tenant.applications.central.name, Generation::Implicit, now);
    let issued = tokens.issue_opaque(grant, now);
    redirect.with(&[
        ("scope", &scope),
        ("access_token", if tenant.defects.has(Defect::ImplicitNoToken) { "" } else { &issued.access_token }),
        ("token_type", "bearer"),
        ("expires_in", &issued.lifetime.as_secs().to_string()),
        ("resource_server_base_uri", &format!("{}/inContactAPI/", tenant.address)),
    ])
}
