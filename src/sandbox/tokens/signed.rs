use serde_json::{Value, json};

use super::{Caller, Grant, IssuedToken, NoSigningKey, SignedIn, SigningKey};
use crate::clock::Timestamp;
use crate::sandbox::defects::Defect;
use crate::sandbox::tenant::{BUSINESS_UNIT, Tenant};

/// Tokens of a generation that signs them.
pub(crate) struct SignedTokens {
    /// The access token, which is signed, and the refresh token, which is opaque.
    pub(crate) issued: IssuedToken,
    /// What tells the client who signed in (OpenID Connect Core §2).
    pub(crate) id_token: String,
}

impl SignedTokens {
    /// Issues the tokens of a grant; of a sign-in on the page, the id token repeats the nonce.
    ///
    /// # Errors
    /// [`NoSigningKey`] when the key does not sign.
    pub(crate) fn issue(
        tenant: &Tenant,
        key: &SigningKey,
        grant: Grant,
        signed_in: Option<&SignedIn>,
    ) -> Result<Self, NoSigningKey> {
        let now = tenant.now();
        let mut claims = claims(tenant, &grant, now);
        let mut id_claims = claims.clone();
        if let Some(signed_in) = signed_in {
            id_claims["auth_time"] = json!(seconds(signed_in.at));
            if let Some(nonce) = &signed_in.nonce {
                id_claims["nonce"] = json!(nonce);
            }
        }
        // Two tokens of one second would be the same one without it.
        claims["jti"] = json!(tenant.tokens().unique());
        bend_id_claims(tenant, &mut id_claims, now);
        let (access_token, id_token) = (key.token(&claims)?, key.token(&id_claims)?);
        let id_token =
            if tenant.defects.has(Defect::IdTokenWrongKey) { forged(&id_token, &access_token) } else { id_token };
        Ok(Self { issued: tenant.tokens().issue(grant, access_token, now), id_token })
    }
}

/// What id tokens say, with the tenant's defects.
fn bend_id_claims(tenant: &Tenant, claims: &mut Value, now: Timestamp) {
    if tenant.defects.has(Defect::IdTokenWrongIssuer) {
        claims["iss"] = json!("https://elsewhere.example");
    }
    if tenant.defects.has(Defect::IdTokenWrongAudience) {
        claims["aud"] = json!("somebody-else");
    }
    if tenant.defects.has(Defect::IdTokenWrongNonce) {
        claims["nonce"] = json!("another-nonce");
    }
    if tenant.defects.has(Defect::IdTokenExpired) {
        claims["exp"] = json!(seconds(now) - 600);
    }
}

/// A token under the signature of another one.
fn forged(token: &str, other: &str) -> String {
    let signed = token.rsplit_once('.').map_or(token, |(signed, _)| signed);
    let signature = other.rsplit_once('.').map_or("", |(_, signature)| signature);
    format!("{signed}.{signature}")
}

/// What the platform's tokens say of a user (observed).
fn claims(tenant: &Tenant, grant: &Grant, now: Timestamp) -> Value {
    let mut claims = json!({
        "iss": tenant.address,
        "aud": grant.client,
        "iat": seconds(now),
        "exp": seconds(now.plus(grant.lifetime())),
        "tenantId": tenant.uuid,
        "tenant": BUSINESS_UNIT.name,
        "area": "sandbox",
        "icBUId": BUSINESS_UNIT.number,
        "icClusterId": "sandbox",
        "icDomain": tenant.domain(),
        "icSPId": "1",
    });
    let person = match &grant.caller {
        Caller::User(user) => tenant.directory.person(user.agent),
        Caller::Application(_) => None,
    };
    if let Some(person) = person {
        let uuid = tenant.user_uuid(person.id);
        claims["sub"] = json!(format!("user:{uuid}"));
        claims["userId"] = json!(uuid);
        claims["name"] = json!(person.full_name());
        claims["given_name"] = json!(person.first_name);
        claims["family_name"] = json!(person.last_name);
        claims["icAgentId"] = json!(person.id.to_string());
        claims["role"] = json!({ "legacyId": "Agent" });
    }
    claims
}

fn seconds(at: Timestamp) -> i64 {
    at.millis() / 1000
}
