use std::collections::BTreeMap;

use crate::diag::Span;
use crate::value::Json;

/// A value of a target that may be secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Credential {
    /// Known to everybody who reads the target file.
    Open(String),
    /// Known to the door only.
    Secret(SecretRef),
}

/// Where a secret is kept.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SecretRef {
    /// What it is called in handles, such as `agent.client_secret` or `agent.password`; with several users the
    /// number of the user is part of it (`agent.2.password`).
    pub name: String,
    /// Where it is.
    pub source: SecretSource,
    /// Where the target file says so.
    pub span: Span,
}

/// Places where a secret can be kept.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SecretSource {
    /// An environment variable.
    Env(String),
    /// A file, relative to the target file; one line break at its end is no part of the secret.
    File(String),
    /// In the target file itself; only where every origin of the identity is this machine.
    Plain(String),
}

/// Somebody, or something, that a target knows.
#[derive(Clone, Debug, PartialEq)]
pub struct Identity {
    /// Its name in the suite.
    pub name: String,
    /// How it proves who it is.
    pub scheme: Scheme,
    /// The people behind it; empty for a machine. A case leases them one by one.
    pub users: Vec<User>,
    /// Where it stands.
    pub span: Span,
}

/// A person behind an identity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// The name to sign in with.
    pub username: Credential,
    /// The password.
    pub password: Credential,
}

/// How an identity proves who it is.
#[derive(Clone, Debug, PartialEq)]
pub enum Scheme {
    /// By a token of an OAuth 2 server.
    OAuth2(Box<OAuth2>),
    /// By `Authorization: Basic` on every request (RFC 7617).
    Basic {
        /// The name; of an identity with users, theirs is sent.
        username: Option<Credential>,
        /// The password.
        password: Option<Credential>,
    },
    /// By header fields on every request.
    Headers(BTreeMap<String, Credential>),
    /// By a bearer token that does not change.
    Static(Credential),
}

/// How to get a token from an OAuth 2 server (RFC 6749), and the quirks of that server.
#[derive(Clone, Debug, PartialEq)]
pub struct OAuth2 {
    /// The grant.
    pub grant: Grant,
    /// The issuer, whose configuration is discovered.
    pub issuer: Option<String>,
    /// The token endpoint.
    pub token_url: Option<String>,
    /// The authorization endpoint.
    pub authorize_url: Option<String>,
    /// The client's id.
    pub client_id: Option<Credential>,
    /// The client's secret.
    pub client_secret: Option<Credential>,
    /// How the client identifies itself.
    pub via: ClientVia,
    /// The scope to ask for.
    pub scope: Option<String>,
    /// What a token is renewed by that was issued before.
    pub refresh_token: Option<Credential>,
    /// Where the browser is sent back to.
    pub redirect_uri: Option<String>,
    /// How the body of the token request is written.
    pub body: TokenBody,
    /// More parameters, or others than the grant has; a null leaves one out.
    pub params: BTreeMap<String, Json>,
    /// Parameters that have another name here: the OAuth name → the name sent.
    pub rename: BTreeMap<String, String>,
    /// Members of the answer that have another place here: the OAuth name → a JSONPath.
    pub answer: BTreeMap<String, String>,
    /// The pages on which a user signs in.
    pub page: SignInPages,
}

/// What is to be known of the HTML pages on which a user signs in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SignInPages {
    /// The field of the name; the text before the password where it is left out.
    pub username: Option<String>,
    /// The field of the password; the one whose type says so where it is left out.
    pub password: Option<String>,
    /// A field of the form by which a user consents: that form is sent as it is.
    pub confirm: Option<String>,
    /// Origins besides those of the endpoints that the forms may post to.
    pub hosts: Vec<String>,
}

impl OAuth2 {
    /// Every URL that signing in may send something to.
    pub fn sign_in_urls(&self) -> impl Iterator<Item = &str> {
        self.endpoint_urls().chain(self.page.hosts.iter().map(String::as_str))
    }

    /// The URLs of its endpoints; pages are none of them.
    pub fn endpoint_urls(&self) -> impl Iterator<Item = &str> {
        [&self.token_url, &self.authorize_url, &self.issuer].into_iter().flatten().map(String::as_str)
    }
}

/// OAuth 2 grants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Grant {
    /// Resource owner password credentials (RFC 6749 §4.3).
    Password,
    /// Client credentials (RFC 6749 §4.4).
    ClientCredentials,
    /// A refresh token that was issued before (RFC 6749 §6).
    RefreshToken,
    /// Authorization code with PKCE (RFC 6749 §4.1, RFC 7636).
    AuthorizationCode,
    /// Implicit (RFC 6749 §4.2).
    Implicit,
    /// A regional access key.
    AccessKey,
}

impl Grant {
    /// All, with their words in a target file.
    pub const WORDS: [(&'static str, Self); 6] = [
        ("password", Self::Password),
        ("client_credentials", Self::ClientCredentials),
        ("refresh_token", Self::RefreshToken),
        ("authorization_code", Self::AuthorizationCode),
        ("implicit", Self::Implicit),
        ("access_key", Self::AccessKey),
    ];
}

/// How a client identifies itself to the token endpoint.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ClientVia {
    /// `Authorization: Basic` (RFC 6749 §2.3.1).
    #[default]
    Basic,
    /// `client_id` and `client_secret` in the body.
    Post,
    /// `client_id` only.
    None,
}

/// How the body of a token request is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum TokenBody {
    /// `application/x-www-form-urlencoded`.
    #[default]
    Form,
    /// `application/json`.
    Json,
}
