use crate::event::Exchange;
use crate::http::Authorization;
use crate::suite::{Credential, Scheme};

use super::sign_in::{Means, SignInFailed, SignInReason, Subject};
use super::signer::user;
use super::tokens::Tokens;

/// What a request carries to say who sends it.
#[derive(Debug)]
pub struct Credentials {
    /// The `Authorization` field.
    pub authorization: Authorization,
    /// Other header fields.
    pub headers: Vec<(String, String)>,
    /// What had to be sent to get them.
    pub exchanges: Vec<Exchange>,
}

impl Tokens {
    /// The credentials of a device, whatever the scheme of its identity; signs in where that takes a token.
    ///
    /// # Errors
    /// When signing in fails, or a secret was not read.
    pub async fn credentials(&self, subject: Subject<'_>, means: &Means<'_>) -> Result<Credentials, SignInFailed> {
        if let Scheme::OAuth2(oauth2) = &subject.identity.scheme {
            let token = self.token(oauth2, subject, means).await?;
            return Ok(Credentials {
                authorization: Authorization::Bearer(token.bearer),
                headers: Vec::new(),
                exchanges: token.exchanges,
            });
        }
        open(&subject, means).map_err(|reason| SignInFailed {
            identity: subject.identity.name.clone(),
            reason,
            exchanges: Vec::new(),
        })
    }
}

/// Credentials that need no sign-in.
fn open(subject: &Subject<'_>, means: &Means<'_>) -> Result<Credentials, SignInReason> {
    let text = |credential: &Credential| means.keyring.text(credential, means.door.vault());
    let mut headers = Vec::new();
    let authorization = match &subject.identity.scheme {
        Scheme::OAuth2(_) => return Err(SignInReason::Missing("token")),
        Scheme::Static(token) => Authorization::Bearer(text(token)?),
        Scheme::Headers(fields) => {
            for (name, value) in fields {
                headers.push((name.clone(), text(value)?));
            }
            Authorization::None
        }
        Scheme::Basic { username, password } => {
            let user = user(subject)?;
            let username = user.map(|user| &user.username).or(username.as_ref());
            let password = user.map(|user| &user.password).or(password.as_ref());
            Authorization::Basic {
                user: text(username.ok_or(SignInReason::Missing("username"))?)?,
                password: text(password.ok_or(SignInReason::Missing("password"))?)?,
            }
        }
    };
    Ok(Credentials { authorization, headers, exchanges: Vec::new() })
}
