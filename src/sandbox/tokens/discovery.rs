//! The public documents by which clients of the current sign-in find everything else.

use http::StatusCode;
use serde_json::json;

use super::SigningKey;
use crate::sandbox::tenant::Tenant;
use crate::sandbox::wire::{Call, Reply};

/// `GET /.well-known/openid-configuration`.
pub(crate) fn openid_configuration(tenant: &Tenant) -> Reply {
    let address = &tenant.address;
    Reply::ok(json!({
        "issuer": address,
        "authorization_endpoint": format!("{address}/auth/authorize"),
        "token_endpoint": format!("{address}/auth/token"),
        "userinfo_endpoint": format!("{address}/auth/userinfo"),
        "end_session_endpoint": format!("{address}/auth/authorize/logout"),
        "jwks_uri": format!("{address}/auth/jwks"),
        "grant_types_supported": ["authorization_code", "password", "refresh_token"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
        "token_endpoint_auth_signing_alg_values_supported": ["RS256"],
        "scopes_supported": ["openid"],
        "claims_supported": ["iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "name", "given_name", "family_name", "email"],
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "request_object_signing_alg_values_supported": ["none"],
        "request_parameter_supported": false,
        "request_uri_parameter_supported": false,
        "display_values_supported": ["page", "popup"],
        "claim_types_supported": ["normal"],
        "code_challenge_methods_supported": ["S256"],
    }))
}

/// `GET /auth/jwks`: what the signatures of tokens are checked with.
pub(crate) async fn keys() -> Reply {
    match SigningKey::of_process().await {
        Ok(key) => Reply::ok(key.public_set()),
        Err(refusal) => Reply::refusal(StatusCode::SERVICE_UNAVAILABLE, refusal.to_string()),
    }
}

/// `GET /.well-known/cxone-configuration`, for this tenant or for the one that `tenantId` names.
pub(crate) fn cxone_configuration(tenant: &Tenant, call: &Call) -> Reply {
    if call.query.text("tenantId").is_some_and(|id| !id.eq_ignore_ascii_case(&tenant.uuid)) {
        return Reply::refusal(StatusCode::NOT_FOUND, "Unknown tenant");
    }
    let address = &tenant.address;
    let domain = tenant.domain();
    Reply::ok(json!({
        "private": false,
        "area": "sandbox",
        "cluster": "sandbox",
        "domain": domain,
        "uhDomain": domain,
        "acdDomain": domain,
        "globaldomain": domain,
        // What the official SDK reads for the one before.
        "globaldomain_v1": domain,
        "tenantId": tenant.uuid,
        "ui_endpoint": address,
        "auth_endpoint": address,
        "api_endpoint": address,
    }))
}
