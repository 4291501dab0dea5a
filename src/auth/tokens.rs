use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::time::timeout_at;

use crate::event::Exchange;
use crate::suite::{Grant, OAuth2};

use super::discovery::{Discovery, Endpoint};
use super::grants::{Newest, SignIn};
use super::kept::Held;
use super::sign_in::{Means, SignInFailed, SignInReason, Subject};
use super::token_answer::BadTokenAnswer;

/// The tokens of one variant of a target: one for each device of each user, asked for once however many cases want it.
///
/// A token is kept as a secret. Every case that uses it learns it in its own vault, so its handle depends on that case
/// alone.
#[derive(Default)]
pub struct Tokens {
    slots: Mutex<HashMap<Key, Arc<Slot>>>,
    discovery: Discovery,
    /// What renews tokens that were never signed in for, by identity: its devices share it.
    newest: Mutex<HashMap<String, Arc<Newest>>>,
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
        let worn = match &mut *state {
            State::Held(held) => held.refresh.take(),
            State::Empty | State::Failed(_) => None,
        };
        let mut exchanges = Vec::new();
        let sign_in = SignIn { discovery: &self.discovery, oauth2, subject: &subject, means, nth: before };
        let result = match oauth2.grant {
            Grant::RefreshToken => {
                let newest = self.newest(&subject.identity.name);
                sign_in.renewed_for_all(&newest, &mut exchanges).await
            }
            Grant::Password
            | Grant::ClientCredentials
            | Grant::AuthorizationCode
            | Grant::Implicit
            | Grant::AccessKey => sign_in.held(worn, &mut exchanges).await,
        };
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

    fn newest(&self, identity: &str) -> Arc<Newest> {
        let mut newest = self.newest.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(newest.entry(identity.to_owned()).or_default())
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
        self.endpoint(Endpoint::Token, oauth2, subject, means).await
    }

    /// The authorization endpoint of an identity, discovered where it is not configured.
    ///
    /// # Errors
    /// When the issuer does not tell.
    pub async fn authorize_url(
        &self,
        oauth2: &OAuth2,
        subject: Subject<'_>,
        means: &Means<'_>,
    ) -> Result<(String, Vec<Exchange>), SignInFailed> {
        self.endpoint(Endpoint::Authorization, oauth2, subject, means).await
    }

    async fn endpoint(
        &self,
        endpoint: Endpoint,
        oauth2: &OAuth2,
        subject: Subject<'_>,
        means: &Means<'_>,
    ) -> Result<(String, Vec<Exchange>), SignInFailed> {
        let mut exchanges = Vec::new();
        match self.discovery.url(endpoint, oauth2, subject.device, means, &mut exchanges).await {
            Ok(url) => Ok((url, exchanges)),
            Err(reason) => Err(SignInFailed { identity: subject.identity.name.clone(), reason, exchanges }),
        }
    }
}

/// Whether the same request would be refused again.
fn is_refusal(reason: &SignInReason) -> bool {
    matches!(
        reason,
        SignInReason::Answer(BadTokenAnswer::Status(400 | 401 | 403))
            | SignInReason::FormAgain
            | SignInReason::Refused { .. }
    )
}
