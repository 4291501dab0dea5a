use crate::http::{Authorization, Limits, Outgoing, OutgoingBody};
use crate::suite::{ClientVia, Grant, OAuth2, TokenBody};
use crate::value::Json;

use super::parameters::{Parameters, plain};

/// Parameters of authorization requests, which the target may declare among its others (RFC 6749 §4.1.1, RFC 7636 §4.3,
/// OpenID Connect Core 1.0 §3.1.2.1).
const OF_AUTHORIZATION: [&str; 12] = [
    "response_type",
    "response_mode",
    "state",
    "nonce",
    "code_challenge",
    "code_challenge_method",
    "display",
    "prompt",
    "max_age",
    "ui_locales",
    "login_hint",
    "acr_values",
];

/// Who signs in: texts in which handles stand for secrets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Signer {
    /// The client's id.
    pub client_id: Option<String>,
    /// The client's secret.
    pub client_secret: Option<String>,
    /// The user's name.
    pub username: Option<String>,
    /// The user's password.
    pub password: Option<String>,
    /// What a token is renewed by that was issued before.
    pub refresh_token: Option<String>,
}

/// A request for a token.
#[derive(Clone, Debug)]
pub struct TokenRequest {
    /// The request.
    pub outgoing: Outgoing,
    /// The parameters by their OAuth names, in order, as they were before they were renamed; the client's id and secret
    /// are among them, wherever they are sent.
    pub parameters: Vec<(String, Json)>,
}

/// Writes the request for a token, as the target declares it.
///
/// `with` replaces or adds parameters by their OAuth names, and a null leaves one out; the client's id and secret are
/// among them however they are sent. Nothing is required here: whoever wants to send too little may.
///
/// # Source
/// RFC 6749 §2.3.1 (client), §4.1.3, §4.3.2, §4.4.2, §6 (grants); RFC 7636 §4.5 (`code_verifier`).
#[must_use]
pub fn token_request(
    oauth2: &OAuth2,
    token_url: &str,
    signer: &Signer,
    with: &[(String, Json)],
    limits: Limits,
) -> TokenRequest {
    let mut parameters = Parameters(of_grant(oauth2, signer));
    // Of a grant that asks for no code all of them are meant for the token endpoint.
    let is_of_code = oauth2.grant == Grant::AuthorizationCode;
    for (name, value) in
        oauth2.params.iter().filter(|(name, _)| !(is_of_code && OF_AUTHORIZATION.contains(&name.as_str())))
    {
        parameters.set(name, value.clone());
    }
    let mut client = Parameters::default();
    client.set_text("client_id", signer.client_id.as_deref());
    client.set_text("client_secret", signer.client_secret.as_deref());
    for (name, value) in with {
        if matches!(name.as_str(), "client_id" | "client_secret") {
            client.set(name, value.clone());
        } else {
            parameters.set(name, value.clone());
        }
    }
    let mut outgoing = Outgoing::new("POST", token_url, limits);
    outgoing.headers.push(("accept".to_owned(), Some("application/json".to_owned())));
    let mut in_header = Vec::new();
    match oauth2.via {
        ClientVia::Basic => {
            if let Some(user) = client.text("client_id") {
                let password = client.text("client_secret").unwrap_or_default();
                outgoing.authorization = Authorization::Basic { user, password };
                in_header = client.0;
            }
        }
        ClientVia::Post => parameters.0.extend(client.0),
        ClientVia::None => parameters.0.extend(client.0.into_iter().filter(|(name, _)| name == "client_id")),
    }
    let named = parameters.renamed(oauth2);
    parameters.0.extend(in_header);
    outgoing.body = match oauth2.body {
        TokenBody::Json => OutgoingBody::Json(Json::Object(named)),
        TokenBody::Form => OutgoingBody::Form(named.into_iter().map(|(name, value)| (name, plain(&value))).collect()),
    };
    TokenRequest { outgoing, parameters: parameters.0 }
}

/// The parameters that a grant has by itself.
fn of_grant(oauth2: &OAuth2, signer: &Signer) -> Vec<(String, Json)> {
    let grant_type = match oauth2.grant {
        Grant::Password => Some("password"),
        Grant::ClientCredentials => Some("client_credentials"),
        Grant::RefreshToken => Some("refresh_token"),
        Grant::AuthorizationCode => Some("authorization_code"),
        Grant::Implicit | Grant::AccessKey => None,
    };
    let mut parameters = Parameters::default();
    parameters.set_text("grant_type", grant_type);
    match oauth2.grant {
        Grant::Password | Grant::AccessKey => {
            parameters.set_text("username", signer.username.as_deref());
            parameters.set_text("password", signer.password.as_deref());
        }
        Grant::AuthorizationCode => parameters.set_text("redirect_uri", oauth2.redirect_uri.as_deref()),
        Grant::RefreshToken => parameters.set_text("refresh_token", signer.refresh_token.as_deref()),
        Grant::ClientCredentials | Grant::Implicit => {}
    }
    // RFC 6749 §4.1.3: the scope of a code was decided when it was asked for.
    if oauth2.grant != Grant::AuthorizationCode {
        parameters.set_text("scope", oauth2.scope.as_deref());
    }
    parameters.0
}
