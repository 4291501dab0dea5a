//! `POST /auth/token` of the current sign-in (FAQ Q6, Q7, Q8; RFC 6749).

use http::StatusCode;
use serde_json::json;

use super::{
    Caller, CodeRefusal, Generation, Grant, NoSigningKey, Proof, RefreshRefusal, Scopes, SignedTokens, SigningKey, User,
};
use crate::sandbox::tenant::{OpenIdClient, Tenant};
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
    #[error("{0}")]
    InvalidCode(CodeRefusal),
    #[error("The grant type is not supported")]
    UnsupportedGrant,
    #[error("{0}")]
    NoKey(NoSigningKey),
}

impl From<BadBody> for TokenRefusal {
    fn from(_: BadBody) -> Self {
        Self::InvalidRequest("The request body is not valid")
    }
}

impl From<CodeRefusal> for TokenRefusal {
    fn from(refusal: CodeRefusal) -> Self {
        Self::InvalidCode(refusal)
    }
}

impl From<NoSigningKey> for TokenRefusal {
    fn from(refusal: NoSigningKey) -> Self {
        Self::NoKey(refusal)
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
            TokenRefusal::InvalidGrant(_) | TokenRefusal::InvalidCode(_) => (StatusCode::BAD_REQUEST, "invalid_grant"),
            TokenRefusal::UnsupportedGrant => (StatusCode::BAD_REQUEST, "unsupported_grant_type"),
            TokenRefusal::NoKey(_) => (StatusCode::SERVICE_UNAVAILABLE, "temporarily_unavailable"),
        };
        let text = refusal.to_string();
        // The reference's error schema says `errorDescription`, RFC 6749 says `error_description`.
        let body = json!({ "error": error, "error_description": text, "errorDescription": text });
        let reply = Reply::json(status, text, body).not_stored();
        if status == StatusCode::UNAUTHORIZED { reply.challenged("Basic realm=\"assize-sandbox\"") } else { reply }
    }
}

/// Answers a token request.
pub(crate) async fn token(tenant: &Tenant, call: &Call) -> Reply {
    match grant(tenant, call).await {
        Ok(signed) => Reply::ok(json!({
            "access_token": signed.issued.access_token,
            "token_type": "Bearer",
            "expires_in": signed.issued.lifetime.as_secs(),
            "refresh_token": signed.issued.refresh_token,
            "id_token": signed.id_token,
        }))
        .not_stored(),
        Err(refusal) => refusal.into(),
    }
}

async fn grant(tenant: &Tenant, call: &Call) -> Result<SignedTokens, TokenRefusal> {
    // Only the body: a URL is no place for a password.
    let params = Params::from_body(&call.body)?;
    let client = authenticated_client(tenant, call, &params)?;
    match params.text("grant_type") {
        None => Err(TokenRefusal::InvalidRequest("grant_type is missing")),
        Some("password") => by_access_key(tenant, client, &params).await,
        Some("authorization_code") => by_code(tenant, client, &params).await,
        Some("refresh_token") => {
            // The official SDK sends nothing but the token: no client is asked for here. One that says who it is renews
            // its own only (RFC 6749 §6).
            let token = params.text("refresh_token").ok_or(TokenRefusal::InvalidRequest("refresh_token is missing"))?;
            let key = SigningKey::of_process().await?;
            if client.is_some_and(|client| tenant.tokens().is_of_another_client(token, &client.id)) {
                return Err(RefreshRefusal::Unknown.into());
            }
            let grant = tenant.tokens().renew(token, Generation::OpenId, tenant.now())?;
            Ok(SignedTokens::issue(tenant, &key, grant, None)?)
        }
        // Token exchange and impersonation among them: they are for services that a sandbox has not.
        Some(_) => Err(TokenRefusal::UnsupportedGrant),
    }
}

/// A back end signs in by an access key (FAQ Q7).
async fn by_access_key(
    tenant: &Tenant,
    client: Option<&OpenIdClient>,
    params: &Params,
) -> Result<SignedTokens, TokenRefusal> {
    // A public client has a user interface and must use the authorization code (FAQ Q7).
    let client = client.ok_or(TokenRefusal::InvalidClient)?;
    if client.secret.is_none() {
        return Err(TokenRefusal::UnauthorizedClient);
    }
    let username = params.text("username").ok_or(TokenRefusal::InvalidRequest("username is missing"))?;
    let password = params.text("password").ok_or(TokenRefusal::InvalidRequest("password is missing"))?;
    let person = tenant.directory.by_sign_in_name(username);
    let person = person.filter(|person| person.sign_in.is_access_key(username, password));
    let person = person.ok_or(TokenRefusal::InvalidGrant("The access key is invalid"))?;
    let caller = Caller::User(User { agent: person.id, scopes: Scopes::ALL });
    let key = SigningKey::of_process().await?;
    let grant = tenant.tokens().begin(caller, &client.id, Generation::OpenId, tenant.now());
    Ok(SignedTokens::issue(tenant, &key, grant, None)?)
}

/// A client exchanges what the sign-in page sent it (RFC 6749 §4.1.3).
async fn by_code(
    tenant: &Tenant,
    client: Option<&OpenIdClient>,
    params: &Params,
) -> Result<SignedTokens, TokenRefusal> {
    let client = client.ok_or(TokenRefusal::InvalidClient)?;
    let code = params.text("code").ok_or(TokenRefusal::InvalidRequest("code is missing"))?;
    let redirect_uri = params.text("redirect_uri").ok_or(TokenRefusal::InvalidRequest("redirect_uri is missing"))?;
    let proof = Proof { client: &client.id, redirect_uri, verifier: params.text("code_verifier") };
    let key = SigningKey::of_process().await?;
    let now = tenant.now();
    let number = tenant.tokens().next_number();
    let redeemed = tenant.codes().redeem(code, proof, number, now);
    let signed_in = redeemed.inspect_err(|refusal| {
        if let CodeRefusal::Used(grant) = refusal {
            tenant.tokens().revoke(*grant);
        }
    })?;
    let caller = Caller::User(User { agent: signed_in.agent, scopes: Scopes::ALL });
    let grant = Grant::new(number, caller, &client.id, Generation::OpenId, now);
    Ok(SignedTokens::issue(tenant, &key, grant, Some(&signed_in))?)
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
