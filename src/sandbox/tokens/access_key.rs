//! Access keys of the second generation: `POST /authentication/v1/token/access-key` and `POST /public/user/refresh`.

use http::StatusCode;
use serde_json::{Value, json};

use super::{Caller, Generation, NoSigningKey, RefreshRefusal, Scopes, SignedTokens, SigningKey, User};
use crate::sandbox::tenant::Tenant;
use crate::sandbox::wire::{BadBody, Call, Params, Reply};

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
    let issued = SignedTokens::issue(tenant, &key, grant, None)?.issued;
    Ok(json!({
        "token": issued.access_token,
        "tokenExpirationTimeSec": issued.lifetime.as_secs(),
        "refreshToken": issued.refresh_token,
        "refreshTokenExpirationTimeSec": issued.refresh_lifetime.as_secs(),
        "sessionId": null,
    }))
}
