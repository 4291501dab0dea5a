//! Tokens of the second generation: by access key (`POST /authentication/v1/token/access-key`), and what renews them
//! (`POST /public/user/refresh`). The official SDK crosses over by `POST /public/authentication/v1/token`, with a token of
//! the current sign-in, and renews by `POST /public/authentication/v1/refresh`.

use http::StatusCode;
use serde_json::{Value, json};

use super::{Caller, Generation, IssuedToken, NoSigningKey, RefreshRefusal, Scopes, SignedTokens, SigningKey, User};
use crate::sandbox::tenant::Tenant;
use crate::sandbox::wire::{BadBody, BasicCredentials, Call, Params, Reply};

/// What stands for the client in the tokens: no application takes part here.
const AUDIENCE: &str = "sandbox-regional";

/// Why there are no tokens (NICE reference: 400 and 401).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
enum KeyRefusal {
    #[error("Invalid Input")]
    InvalidInput,
    #[error("Unauthorized")]
    Unauthorized,
    #[error(transparent)]
    NoKey(#[from] NoSigningKey),
}

impl From<BadBody> for KeyRefusal {
    fn from(_: BadBody) -> Self {
        Self::InvalidInput
    }
}

impl From<RefreshRefusal> for KeyRefusal {
    fn from(_: RefreshRefusal) -> Self {
        Self::Unauthorized
    }
}

impl From<KeyRefusal> for Reply {
    fn from(refusal: KeyRefusal) -> Self {
        let text = refusal.to_string();
        let reply = match refusal {
            KeyRefusal::InvalidInput => Self::refusal(StatusCode::BAD_REQUEST, text),
            KeyRefusal::Unauthorized => {
                Self::refusal(StatusCode::UNAUTHORIZED, text).challenged("Bearer realm=\"assize-sandbox\"")
            }
            KeyRefusal::NoKey(_) => Self::refusal(StatusCode::SERVICE_UNAVAILABLE, text),
        };
        reply.not_stored()
    }
}

/// `POST /authentication/v1/token/access-key`.
pub(crate) async fn token(tenant: &Tenant, call: &Call) -> Reply {
    by_key(tenant, call).await.map_or_else(Reply::from, |body| Reply::ok(body).not_stored())
}

/// `POST /public/user/refresh`, whose answer has other names for the same things.
pub(crate) async fn refresh(tenant: &Tenant, call: &Call) -> Reply {
    renewed(tenant, call).await.map_or_else(Reply::from, |body| Reply::ok(body).not_stored())
}

/// `POST /public/authentication/v1/token`: a token of any sign-in for one of this generation. The facts tell how the
/// official SDK asks; that it is answered as a renewal is [INF].
pub(crate) async fn crossed_over(tenant: &Tenant, call: &Call) -> Reply {
    by_token(tenant, call).await.map_or_else(Reply::from, |body| Reply::ok(body).not_stored())
}

/// `POST /public/authentication/v1/refresh`: as the other renewal, for an application that says who it is.
pub(crate) async fn refresh_of_sdk(tenant: &Tenant, call: &Call) -> Reply {
    if !is_by_application(tenant, call) {
        return KeyRefusal::Unauthorized.into();
    }
    refresh(tenant, call).await
}

/// Whether the header is `Basic` with `{clientId}@cxone`, as the official SDK writes it: there is no secret.
fn is_by_application(tenant: &Tenant, call: &Call) -> bool {
    let Some(basic) = BasicCredentials::from_headers(&call.headers) else { return false };
    tenant.applications.open_id_client(|id| basic.name(&format!("{id}@cxone"))).is_some()
}

async fn by_key(tenant: &Tenant, call: &Call) -> Result<Value, KeyRefusal> {
    let params = Params::from_body(&call.body)?;
    let id = params.text("accessKeyId").ok_or(KeyRefusal::InvalidInput)?;
    let secret = params.text("accessKeySecret").ok_or(KeyRefusal::InvalidInput)?;
    let person = tenant.directory.by_sign_in_name(id).filter(|person| person.sign_in.is_access_key(id, secret));
    let agent = person.ok_or(KeyRefusal::Unauthorized)?.id;
    let key = SigningKey::of_process().await?;
    let caller = Caller::User(User { agent, scopes: Scopes::ALL });
    let grant = tenant.tokens().begin(caller, AUDIENCE, Generation::Regional, tenant.now());
    let issued = SignedTokens::issue(tenant, &key, grant, None)?.issued;
    Ok(json!({
        "access_token": issued.access_token,
        "token_type": "Bearer",
        "expires_in": issued.lifetime.as_secs(),
        "refresh_token": issued.refresh_token,
        "refresh_token_expires_in": issued.refresh_lifetime.as_secs(),
        // Documented: they are the same.
        "id_token": issued.access_token,
    }))
}

async fn renewed(tenant: &Tenant, call: &Call) -> Result<Value, KeyRefusal> {
    let params = Params::from_body(&call.body)?;
    let token = params.text("token").ok_or(KeyRefusal::InvalidInput)?;
    let key = SigningKey::of_process().await?;
    let grant = tenant.tokens().renew(token, Generation::Regional, tenant.now())?;
    Ok(in_other_words(&SignedTokens::issue(tenant, &key, grant, None)?.issued))
}

async fn by_token(tenant: &Tenant, call: &Call) -> Result<Value, KeyRefusal> {
    if !is_by_application(tenant, call) {
        return Err(KeyRefusal::Unauthorized);
    }
    let params = Params::from_body(&call.body)?;
    let token = params.text("accessToken").ok_or(KeyRefusal::InvalidInput)?;
    let key = SigningKey::of_process().await?;
    let now = tenant.now();
    let caller = tenant.tokens().caller(token, now).map_err(|_| KeyRefusal::Unauthorized)?;
    if let Caller::Application(_) = caller {
        return Err(KeyRefusal::Unauthorized);
    }
    let grant = tenant.tokens().begin(caller, AUDIENCE, Generation::Regional, now);
    Ok(in_other_words(&SignedTokens::issue(tenant, &key, grant, None)?.issued))
}

/// What renewals of this generation call the members of a token answer.
fn in_other_words(issued: &IssuedToken) -> Value {
    json!({
        "token": issued.access_token,
        "tokenExpirationTimeSec": issued.lifetime.as_secs(),
        "refreshToken": issued.refresh_token,
        "refreshTokenExpirationTimeSec": issued.refresh_lifetime.as_secs(),
        "sessionId": null,
    })
}
