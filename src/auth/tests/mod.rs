mod answers;
mod browsing;
mod keys;
mod renewing;
mod requests;
mod run;
mod signing_in;

use std::collections::BTreeMap;

use crate::diag::{Sources, Span};
use crate::suite::{
    ClientVia, Credential, Grant, Identity, OAuth2, Scheme, SecretRef, SecretSource, SignInPages, TokenBody, User,
};

fn span() -> Span {
    Span::new(Sources::default().add("assize.yaml", ""), 0, 0)
}

fn open(text: &str) -> Credential {
    Credential::Open(text.to_owned())
}

/// A secret kept in an environment variable of the same name.
fn secret(name: &str) -> Credential {
    Credential::Secret(SecretRef { name: name.to_owned(), source: SecretSource::Env(name.to_owned()), span: span() })
}

fn oauth2(grant: Grant, token_url: &str) -> OAuth2 {
    OAuth2 {
        grant,
        issuer: None,
        token_url: Some(token_url.to_owned()),
        authorize_url: None,
        client_id: Some(open("app")),
        client_secret: Some(secret("agent.client_secret")),
        via: ClientVia::Basic,
        scope: None,
        redirect_uri: None,
        body: TokenBody::Form,
        params: BTreeMap::new(),
        rename: BTreeMap::new(),
        answer: BTreeMap::new(),
        refresh_token: None,
        page: SignInPages::default(),
    }
}

fn identity(scheme: Scheme) -> Identity {
    let users = vec![User { username: open("agent-1"), password: secret("agent.password") }];
    Identity { name: "agent".to_owned(), scheme, users, span: span() }
}
