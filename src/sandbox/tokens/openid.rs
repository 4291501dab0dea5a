//! `POST /auth/token` of the current sign-in (FAQ Q6, Q7, Q8; RFC 6749).

use http::StatusCode;
use serde_json::json;

use super::{Caller, Generation, IssuedToken, RefreshRefusal, Scopes, User};
use crate::sandbox::tenant::{OpenIdClient, Person, SignIn, Tenant};
use crate::sandbox::wire::{BadBody, BasicCredentials, Call, Params, Reply};

/// Why a token request is refused (RFC 6749 §5.2).
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
enum TokenRefusal {
    #[error("{0}")]
    InvalidRequest(&'static str),
    #[error("Client authentication failed")]
    InvalidClient,
    #[error("This client may not use this grant")]
    UnauthorizedClient,
    #[error("{0}")]
    InvalidGrant(&'static str),
    #[error("The grant type is not supported")]
    UnsupportedGrant,
}

impl From<BadBody> for TokenRefusal {
    fn from(_: BadBody) -> Self {
        Self::InvalidRequest("The request body is not valid")
    }
}

impl From<RefreshRefusal> for TokenRefusal {
    fn from(refusal: RefreshRefusal) -> Self {
        match refusal {
            RefreshRefusal::Unknown => Self::InvalidGrant("The refresh token is invalid"),
            RefreshRefusal::Expired => Self::InvalidGrant("The refresh token has expired"),
        }
    }
}

impl From<TokenRefusal> for Reply {
    fn from(refusal: TokenRefusal) -> Self {
        let (status, error) = match refusal {
            TokenRefusal::InvalidRequest(_) => (StatusCode::BAD_REQUEST, "invalid_request"),
            TokenRefusal::InvalidClient => (StatusCode::UNAUTHORIZED, "invalid_client"),
            TokenRefusal::UnauthorizedClient => (StatusCode::BAD_REQUEST, "unauthorized_client"),
            TokenRefusal::InvalidGrant(_) => (StatusCode::BAD_REQUEST, "invalid_grant"),
            TokenRefusal::UnsupportedGrant => (StatusCode::BAD_REQUEST, "unsupported_grant_type"),
        };
        let text = refusal.to_string();
        // The reference's error schema says `errorDescription`, RFC 6749 says `error_description`.
        let body = json!({ "error": error, "error_description": text, "errorDescription": text });
        let reply = Reply::json(status, text, body).not_stored();
        if status == StatusCode::UNAUTHORIZED { reply.challenged("Basic realm=\"assize-sandbox\"") } else { reply }
    }
}

/// Answers a token request.
pub(crate) fn token(tenant: &Tenant, call: &Call) -> Reply {
    match grant(tenant, call) {
        Ok(issued) => Reply::ok(json!({
            "access_token": issued.access_token,
            "token_type": "Bearer",
            "expires_in": issued.lifetime.as_secs(),
            "refresh_token": issued.refresh_token,
        }))
        .not_stored(),
        Err(refusal) => refusal.into(),
    }
}

fn grant(tenant: &Tenant, call: &Call) -> Result<IssuedToken, TokenRefusal> {
    // Only the body: a URL is no place for a password.
    let params = Params::from_body(&call.body)?;
    let client = authenticated_client(tenant, call, &params)?;
    match params.text("grant_type") {
        None => Err(TokenRefusal::InvalidRequest("grant_type is missing")),
        Some("password") => {
            // A public client has a user interface and must use the authorization code (FAQ Q7).
            let client = client.ok_or(TokenRefusal::InvalidClient)?;
            if client.secret.is_none() {
                return Err(TokenRefusal::UnauthorizedClient);
            }
            let username = params.text("username").ok_or(TokenRefusal::InvalidRequest("username is missing"))?;
            let password = params.text("password").ok_or(TokenRefusal::InvalidRequest("password is missing"))?;
            let person =
                tenant.directory.by_sign_in_name(username).filter(|person| has_key(person, username, password));
            let person = person.ok_or(TokenRefusal::InvalidGrant("The access key is invalid"))?;
            let caller = Caller::User(User { agent: person.id, scopes: Scopes::ALL });
            Ok(tenant.tokens().issue(caller, Generation::OpenId, tenant.now()))
        }
        Some("refresh_token") => {
            // The official SDK sends nothing but the token: no client is asked for here.
            let token = params.text("refresh_token").ok_or(TokenRefusal::InvalidRequest("refresh_token is missing"))?;
            Ok(tenant.tokens().renew(token, Generation::OpenId, tenant.now())?)
        }
        Some(_) => Err(TokenRefusal::UnsupportedGrant),
    }
}

/// The client that a request names, by Basic or in the body; `None` when it names none.
fn authenticated_client<'a>(
    tenant: &'a Tenant,
    call: &Call,
    params: &Params,
) -> Result<Option<&'a OpenIdClient>, TokenRefusal> {
    let posted = params.text("client_id");
    if let Some(basic) = BasicCredentials::from_headers(&call.headers) {
        let client = tenant.applications.open_id_client(|id| basic.name(id)).ok_or(TokenRefusal::InvalidClient)?;
        if posted.is_some_and(|posted| posted != client.id) {
            return Err(TokenRefusal::InvalidRequest("Two different clients are named"));
        }
        let right = client.secret.as_ref().is_none_or(|secret| basic.are(&client.id, secret));
        return right.then_some(Some(client)).ok_or(TokenRefusal::InvalidClient);
    }
    if call.headers.contains_key(http::header::AUTHORIZATION) {
        return Err(TokenRefusal::InvalidClient);
    }
    let Some(posted) = posted else { return Ok(None) };
    let client = tenant.applications.open_id_client(|id| id == posted).ok_or(TokenRefusal::InvalidClient)?;
    let secret = params.text("client_secret");
    let proven = client.secret.is_none() || client.secret.as_deref() == secret;
    // Renewing needs no client, but one that gives a secret must give the right one.
    let needless = secret.is_none() && params.text("grant_type") == Some("refresh_token");
    if proven || needless { Ok(Some(client)) } else { Err(TokenRefusal::InvalidClient) }
}

fn has_key(person: &Person, key_id: &str, key_secret: &str) -> bool {
    match &person.sign_in {
        SignIn::AccessKey { id, secret } => id == key_id && secret == key_secret,
        SignIn::Password(_) | SignIn::Page(_) => false,
    }
}
