use std::time::Duration;

use crate::clock::Timestamp;
use crate::value::{Origin, Secret, SecretName, Vault};

use super::TokenAnswer;
use super::sign_in::SignInReason;

/// The longest token that is taken.
const MAX_TOKEN_BYTES: usize = 64 * 1024;

/// A token that was issued, and what it is renewed by.
pub(super) struct Held {
    token: Kept,
    /// What it is renewed by, where that was issued.
    pub(super) refresh: Option<Kept>,
    since: Timestamp,
    lifetime: Duration,
}

/// A value that outlives the case that got it.
#[derive(Clone)]
pub(super) enum Kept {
    Hidden(Secret),
    /// Too short to be hidden.
    Open(String),
}

impl Kept {
    /// Takes a value out of the vault of the case that got it.
    fn out_of(vault: &Vault, text: &str) -> Result<Self, SignInReason> {
        let value = vault.reveal_locally(text);
        // RFC 6750 §2.1 allows fewer characters; what can stand in a header field is for the endpoint to judge.
        if value.len() > MAX_TOKEN_BYTES || !value.bytes().all(|byte| (0x20..0x7f).contains(&byte)) {
            return Err(SignInReason::Unusable);
        }
        Ok(Secret::new(value.as_str()).map_or(Self::Open(value), Self::Hidden))
    }

    /// The value as a handle of this vault, bound to these places.
    pub(super) fn within(&self, vault: &Vault, name: &str, origins: &[Origin]) -> String {
        match self {
            Self::Open(text) => text.clone(),
            Self::Hidden(secret) => {
                // A value that was a secret once is one again, whatever its name.
                let handle = vault.learn(&SecretName::lossy(name), secret.expose(), origins);
                handle.map_or_else(|_| String::new(), |handle| handle.to_string())
            }
        }
    }
}

impl Held {
    /// Takes a token out of the vault of the case that signed in.
    pub(super) fn out_of(vault: &Vault, answer: &TokenAnswer, since: Timestamp) -> Result<Self, SignInReason> {
        Ok(Self {
            token: Kept::out_of(vault, &answer.access_token)?,
            // What cannot be sent again renews nothing; the token is good all the same.
            refresh: answer.refresh_token.as_deref().and_then(|token| Kept::out_of(vault, token).ok()),
            since,
            lifetime: Duration::from_secs(answer.lifetime_seconds),
        })
    }

    /// Whether it should be renewed: a tenth of its life is left, or half a minute, but never more than half of its life.
    pub(super) fn is_worn(&self, now: Timestamp) -> bool {
        let margin = (self.lifetime / 10).max(Duration::from_secs(30)).min(self.lifetime / 2);
        now.since(self.since) + margin >= self.lifetime
    }

    /// The token as a handle of this vault.
    pub(super) fn bearer(&self, device: &str, vault: &Vault, target: &[Origin]) -> String {
        self.token.within(vault, &format!("{device}.access_token"), target)
    }
}
