//! `POST /InContactAuthorizationServer/Token` of the first generation (FAQ Q5, Q9 to Q11).

use http::StatusCode;
use serde_json::{Value, json};

use super::{Application, Caller, Generation, IssuedToken, Scopes, User};
use crate::sandbox::defects::Defect;
use crate::sandbox::tenant::{BUSINESS_UNIT, CentralApplication, TEAM, Tenant};
use crate::sandbox::wire::{BadBody, BasicCredentials, Call, Params, Reply, same_raw_or_encoded};

/// Why a token request is refused.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
enum TokenRefusal {
    /// The wording is the FAQ's own (Q5).
    #[error("Client application '{0}' not authorized for user")]
    WrongApplication(String),
    #[error("Unauthorized")]
    NoApplication,
    /// Observed with an empty body.
    #[error("Unauthorized")]
    WrongPassword,
    #[error("{0}")]
    Malformed(&'static str),
    #[error("The refresh token is invalid or has expired")]
    BadRefreshToken,
    #[error("None of the requested scopes exists")]
    BadScope,
    /// The first generation has the implicit, password and client grants (FAQ Q9).
    #[error("The grant type is not supported")]
    UnsupportedGrant,
}

impl From<BadBody> for TokenRefusal {
    fn from(_: BadBody) -> Self {
        Self::Malformed("The request body is not valid")
    }
}

impl From<TokenRefusal> for Reply {
    fn from(refusal: TokenRefusal) -> Self {
        let text = refusal.to_string();
        let reply = match refusal {
            TokenRefusal::WrongApplication(_) | TokenRefusal::NoApplication => {
                Reply::refusal_as(StatusCode::UNAUTHORIZED, "invalid_client", text)
                    .challenged("Basic realm=\"assize-sandbox\"")
            }
            TokenRefusal::WrongPassword => {
                Reply::empty(StatusCode::UNAUTHORIZED, text).challenged("Basic realm=\"assize-sandbox\"")
            }
            TokenRefusal::Malformed(_) => Reply::refusal_as(StatusCode::BAD_REQUEST, "invalid_request", text),
            TokenRefusal::BadRefreshToken => Reply::refusal_as(StatusCode::BAD_REQUEST, "invalid_grant", text),
            TokenRefusal::BadScope => Reply::refusal_as(StatusCode::BAD_REQUEST, "invalid_scope", text),
            TokenRefusal::UnsupportedGrant => {
                Reply::refusal_as(StatusCode::BAD_REQUEST, "unsupported_grant_type", text)
            }
        };
        reply.not_stored()
    }
}

/// The grants that this service gives at its token endpoint.
enum Grant {
    Password,
    Client,
    Refresh,
}

/// Answers a token request.
pub(crate) fn token(tenant: &Tenant, call: &Call) -> Reply {
    grant(tenant, call).map_or_else(Reply::from, |issued| Reply::ok(answer(tenant, &issued)).not_stored())
}

fn answer(tenant: &Tenant, issued: &IssuedToken) -> Value {
    let mut body = json!({
        "access_token": issued.access_token,
        "token_type": "bearer",
        "expires_in": issued.lifetime.as_secs(),
        "refresh_token": issued.refresh_token,
        "resource_server_base_uri": format!("{}/inContactAPI/", tenant.address),
        "bus_no": BUSINESS_UNIT.number,
    });
    match &issued.caller {
        Caller::User(user) => {
            body["scope"] = json!(user.scopes.to_string());
            body["refresh_token_server_uri"] = json!(format!("{}/InContactAuthorizationServer/Token", tenant.address));
            body["agent_id"] = json!(user.agent.0);
            body["team_id"] = json!(TEAM.0);
        }
        Caller::Application(_) => {
            // Whatever was asked for: only this one is effective.
            body["scope"] = json!("PatronApi");
            body["agent_id"] = Value::Null;
            body["team_id"] = Value::Null;
        }
    }
    body
}

fn grant(tenant: &Tenant, call: &Call) -> Result<IssuedToken, TokenRefusal> {
    // Only the body: a URL is no place for a password.
    let params = Params::from_body(&call.body)?;
    let grant = match params.text("grant_type") {
        None => return Err(TokenRefusal::Malformed("grant_type is missing")),
        Some("password") => Grant::Password,
        Some("client_credentials") => Grant::Client,
        Some("refresh_token") => Grant::Refresh,
        Some("authorization_code") if tenant.defects.has(Defect::CodeGrantAccepted) => Grant::Password,
        Some("banana") if tenant.defects.has(Defect::BananaGrantAccepted) => Grant::Password,
        Some(_) => return Err(TokenRefusal::UnsupportedGrant),
    };
    let application = known_application(tenant, call, &params, &grant)?;
    let scopes = Scopes::requested(params.text("scope")).ok_or(TokenRefusal::BadScope)?;
    let now = tenant.now();
    match grant {
        Grant::Password => {
            let username = params.text("username").ok_or(TokenRefusal::Malformed("username is missing"))?;
            let password = params.text("password").ok_or(TokenRefusal::Malformed("password is missing"))?;
            let person = tenant.directory.by_sign_in_name(username).filter(|person| {
                person.sign_in.is_password(password) || tenant.defects.has(Defect::WrongPasswordAccepted)
            });
            let agent = person.ok_or(TokenRefusal::WrongPassword)?.id;
            Ok(issue(tenant, Caller::User(User { agent, scopes }), application))
        }
        Grant::Client => {
            let caller = Caller::Application(Application { name: application.name.clone() });
            Ok(issue(tenant, caller, application))
        }
        Grant::Refresh => {
            let token = params.text("refresh_token").ok_or(TokenRefusal::Malformed("refresh_token is missing"))?;
            let mut tokens = tenant.tokens();
            let grant = tokens.renew(token, Generation::Legacy, now).map_err(|_| TokenRefusal::BadRefreshToken)?;
            Ok(tokens.issue_opaque(grant, now))
        }
    }
}

fn issue(tenant: &Tenant, caller: Caller, application: &CentralApplication) -> IssuedToken {
    let (mut tokens, now) = (tenant.tokens(), tenant.now());
    let grant = tokens.begin(caller, &application.name, Generation::Legacy, now);
    tokens.issue_opaque(grant, now)
}

/// The application that a request names: `App@Vendor`, with the business unit or, in the client grant, the
/// application's own id.
fn known_application<'a>(
    tenant: &'a Tenant,
    call: &Call,
    params: &Params,
    grant: &Grant,
) -> Result<&'a CentralApplication, TokenRefusal> {
    let basic = BasicCredentials::from_headers(&call.headers);
    let (name, secret) = match &basic {
        Some(basic) => basic.at_last_colon(),
        None => (
            params.text("client_id").ok_or(TokenRefusal::NoApplication)?,
            params.text("client_secret").ok_or(TokenRefusal::NoApplication)?,
        ),
    };
    let application = &tenant.applications.central;
    let business_unit = BUSINESS_UNIT.number.to_string();
    let expected = match grant {
        Grant::Password | Grant::Refresh => &business_unit,
        Grant::Client => &application.application_id,
    };
    let is_named = same_raw_or_encoded(name, &application.name) || tenant.defects.has(Defect::WrongApplication200);
    let is_proven = same_raw_or_encoded(secret, expected) || tenant.defects.has(Defect::WrongSecretAccepted);
    if is_named && is_proven { Ok(application) } else { Err(TokenRefusal::WrongApplication(name.to_owned())) }
}
