use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::timeout_at;

use crate::clock::Timestamp;
use crate::event::Exchange;
use crate::suite::{Grant, OAuth2};
use crate::value::{Origin, Secret, SecretName, Vault};

use super::binding::sign_in_origins;
use super::discovery::Discovery;
use super::sign_in::{Means, SignInFailed, SignInReason, Subject};
use super::signer::signer;
use super::token_answer::{BadTokenAnswer, TokenAnswer, read_token_answer, token_issues};
use super::token_request::token_request;

/// The longest token that is taken.
const MAX_TOKEN_BYTES: usize = 64 * 1024;

/// The tokens of one variant of a target: one for each device of each user, asked for once however many cases want it.
///
/// A token is kept as a secret. Every case that uses it learns it in its own vault, so its handle depends on that case
/// alone.
#[derive(Default)]
pub struct Tokens {
    slots: Mutex<HashMap<Key, Arc<Slot>>>,
    discovery: Discovery,
}

/// A token at hand.
#[derive(Debug)]
pub struct Token {
    /// The token: a handle of the case's vault.
    pub bearer: String,
    /// What had to be sent to get it; empty when it was there already.
    pub exchanges: Vec<Exchange>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Key {
    identity: String,
    user: Option<usize>,
    slot: u32,
}

#[derive(Default)]
struct Slot {
    /// How many sign-ins have ended.
    ended: AtomicU64,
    state: tokio::sync::Mutex<State>,
}

#[derive(Default)]
enum State {
    #[default]
    Empty,
    Held(Held),
    Failed(SignInReason),
}

struct Held {
    token: Kept,
    since: Timestamp,
    lifetime: Duration,
}

enum Kept {
    Hidden(Secret),
    /// Too short to be hidden.
    Open(String),
}

impl Held {
    /// Whether it should be renewed: a tenth of its life is left, or half a minute, but never more than half of its life.
    fn is_worn(&self, now: Timestamp) -> bool {
        let margin = (self.lifetime / 10).max(Duration::from_secs(30)).min(self.lifetime / 2);
        now.since(self.since) + margin >= self.lifetime
    }

    /// The token as a handle of this vault.
    fn bearer(&self, device: &str, vault: &Vault, target: &[Origin]) -> String {
        match &self.token {
            Kept::Open(text) => text.clone(),
            Kept::Hidden(secret) => {
                let name = SecretName::lossy(&format!("{device}.access_token"));
                // A value that was a secret once is one again, whatever its name.
                vault.learn(&name, secret.expose(), target).map_or_else(|_| String::new(), |handle| handle.to_string())
            }
        }
    }
}

impl Tokens {
    /// No token yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The token of a device, signing in where there is none or where it soon ends.
    ///
    /// Of several who ask at the same time one signs in and the others wait; when it fails, it has failed for all of
    /// them. A refusal of the credentials holds until [`Tokens::forget`]: many servers lock a user out to whom a wrong
    /// password is sent again and again.
    ///
    /// # Errors
    /// When signing in fails, with what was sent.
    pub async fn token(&self, oauth2: &OAuth2, subject: Subject<'_>, means: &Means<'_>) -> Result<Token, SignInFailed> {
        let failed =
            |reason, exchanges| Err(SignInFailed { identity: subject.identity.name.clone(), reason, exchanges });
        let slot = self.slot(&subject);
        let before = slot.ended.load(Ordering::Acquire);
        let Ok(mut state) = timeout_at(means.limits.deadline.instant().into(), slot.state.lock()).await else {
            return failed(SignInReason::Waited, Vec::new());
        };
        let vault = means.door.vault();
        match &*state {
            State::Held(held) if !held.is_worn(means.clock.now()) => {
                let bearer = held.bearer(subject.device, vault, means.target);
                return Ok(Token { bearer, exchanges: Vec::new() });
            }
            State::Failed(reason) if is_refusal(reason) || slot.ended.load(Ordering::Acquire) > before => {
                return failed(reason.clone(), Vec::new());
            }
            State::Empty | State::Held(_) | State::Failed(_) => {}
        }
        let mut exchanges = Vec::new();
        let result = self.sign_in(oauth2, subject, means, &mut exchanges).await;
        slot.ended.fetch_add(1, Ordering::Release);
        match result {
            Ok(held) => {
                let bearer = held.bearer(subject.device, vault, means.target);
                *state = State::Held(held);
                Ok(Token { bearer, exchanges })
            }
            Err(reason) => {
                *state = State::Failed(reason.clone());
                failed(reason, exchanges)
            }
        }
    }

    /// Forgets the token of a device, so that the next who asks signs in anew.
    pub async fn forget(&self, subject: Subject<'_>) {
        *self.slot(&subject).state.lock().await = State::Empty;
    }

    fn slot(&self, subject: &Subject<'_>) -> Arc<Slot> {
        let key = Key { identity: subject.identity.name.clone(), user: subject.user, slot: subject.slot };
        Arc::clone(self.slots.lock().unwrap_or_else(PoisonError::into_inner).entry(key).or_default())
    }

    /// The token endpoint of an identity, discovered where it is not configured.
    ///
    /// # Errors
    /// When the issuer does not tell.
    pub async fn token_url(
        &self,
        oauth2: &OAuth2,
        subject: Subject<'_>,
        means: &Means<'_>,
    ) -> Result<(String, Vec<Exchange>), SignInFailed> {
        let mut exchanges = Vec::new();
        match self.discovery.token_url(oauth2, subject.device, means, &mut exchanges).await {
            Ok(url) => Ok((url, exchanges)),
            Err(reason) => Err(SignInFailed { identity: subject.identity.name.clone(), reason, exchanges }),
        }
    }

    async fn sign_in(
        &self,
        oauth2: &OAuth2,
        subject: Subject<'_>,
        means: &Means<'_>,
        exchanges: &mut Vec<Exchange>,
    ) -> Result<Held, SignInReason> {
        match oauth2.grant {
            Grant::Password | Grant::ClientCredentials | Grant::AccessKey => {}
            Grant::RefreshToken if oauth2.params.contains_key("refresh_token") => {}
            Grant::RefreshToken => return Err(SignInReason::Missing("refresh_token")),
            Grant::AuthorizationCode | Grant::Implicit => return Err(SignInReason::Browser(oauth2.grant)),
        }
        let signer = signer(oauth2, &subject, means)?;
        let token_url = self.discovery.token_url(oauth2, subject.device, means, exchanges).await?;
        let request = token_request(oauth2, &token_url, &signer, &[], means.limits);
        let issues = token_issues(oauth2, subject.device, means.target, &sign_in_origins(oauth2)?)?;
        let since = means.clock.now();
        let exchange = means.send(subject.device, &request.outgoing, &issues).await;
        let answer = match (exchange.complete(), &exchange.fault) {
            (Some(answer), _) => read_token_answer(oauth2, answer).map_err(SignInReason::from),
            (None, Some(fault)) => Err(SignInReason::Fault(fault.clone())),
            (None, None) => Err(SignInReason::Missing("answer")),
        };
        exchanges.push(exchange);
        keep(&answer?, since, means.door.vault())
    }
}

/// Whether the same request would be refused again.
fn is_refusal(reason: &SignInReason) -> bool {
    matches!(reason, SignInReason::Answer(BadTokenAnswer::Status(400 | 401 | 403)))
}

/// Takes the token out of the vault of the case that signed in.
fn keep(answer: &TokenAnswer, since: Timestamp, vault: &Vault) -> Result<Held, SignInReason> {
    let value = vault.reveal_locally(&answer.access_token);
    // RFC 6750 §2.1 allows fewer characters; what can stand in a header field is for the endpoint to judge.
    if value.len() > MAX_TOKEN_BYTES || !value.bytes().all(|byte| (0x20..0x7f).contains(&byte)) {
        return Err(SignInReason::Unusable);
    }
    let token = Secret::new(value.as_str()).map_or(Kept::Open(value), Kept::Hidden);
    Ok(Held { token, since, lifetime: Duration::from_secs(answer.lifetime_seconds) })
}
