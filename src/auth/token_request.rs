use crate::http::{Authorization, Limits, Outgoing, OutgoingBody};
use crate::suite::{ClientVia, Grant, OAuth2, TokenBody};
use crate::value::Json;

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
}

/// A request for a token.
#[derive(Clone, Debug)]
pub struct TokenRequest {
    /// The request.
    pub outgoing: Outgoing,
    /// The parameters by their OAuth names, in order, as they were before they were renamed.
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
    for (name, value) in &oauth2.params {
        parameters.set(name, value.clone());
    }
    let mut client = Parameters(Vec::new());
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
    match oauth2.via {
        ClientVia::Basic => {
            if let Some(user) = client.text("client_id") {
                let password = client.text("client_secret").unwrap_or_default();
                outgoing.authorization = Authorization::Basic { user, password };
            }
        }
        ClientVia::Post => parameters.0.extend(client.0),
        ClientVia::None => parameters.0.extend(client.0.into_iter().filter(|(name, _)| name == "client_id")),
    }
    let named: Vec<(String, Json)> =
        parameters.0.iter().map(|(name, value)| (sent_name(oauth2, name).to_owned(), value.clone())).collect();
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
    let mut parameters = Parameters(Vec::new());
    parameters.set_text("grant_type", grant_type);
    match oauth2.grant {
        Grant::Password | Grant::AccessKey => {
            parameters.set_text("username", signer.username.as_deref());
            parameters.set_text("password", signer.password.as_deref());
        }
        Grant::AuthorizationCode => parameters.set_text("redirect_uri", oauth2.redirect_uri.as_deref()),
        Grant::ClientCredentials | Grant::RefreshToken | Grant::Implicit => {}
    }
    // RFC 6749 §4.1.3: the scope of a code was decided when it was asked for.
    if oauth2.grant != Grant::AuthorizationCode {
        parameters.set_text("scope", oauth2.scope.as_deref());
    }
    parameters.0
}

/// The name under which a parameter is sent.
fn sent_name<'a>(oauth2: &'a OAuth2, name: &'a str) -> &'a str {
    match (oauth2.rename.get(name), oauth2.grant, name) {
        (Some(renamed), _, _) => renamed,
        (None, Grant::AccessKey, "username") => "accessKeyId",
        (None, Grant::AccessKey, "password") => "accessKeySecret",
        (None, _, _) => name,
    }
}

/// Parameters in order, each name once.
struct Parameters(Vec<(String, Json)>);

impl Parameters {
    fn set(&mut self, name: &str, value: Json) {
        let known = self.0.iter().position(|(known, _)| known == name);
        match (known, value.is_null()) {
            (Some(at), true) => drop(self.0.remove(at)),
            (Some(at), false) => self.0[at].1 = value,
            (None, true) => {}
            (None, false) => self.0.push((name.to_owned(), value)),
        }
    }

    fn set_text(&mut self, name: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.set(name, Json::from(value));
        }
    }

    fn text(&self, name: &str) -> Option<String> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| plain(value))
    }
}

/// The value in a form: a text as it is, anything else as JSON.
fn plain(value: &Json) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
