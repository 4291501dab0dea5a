use crate::clock::Clock;
use crate::event::{Exchange, ExchangeId, Fault};
use crate::http::{Ask, Door, Issue, Jar, LaneId, Limits, Outgoing};
use crate::suite::{Grant, Identity};
use crate::value::Origin;

use super::token_answer::BadTokenAnswer;
use super::{Keyring, UnknownSecret};

/// On whose behalf a token is wanted.
#[derive(Clone, Copy)]
pub struct Subject<'a> {
    /// The identity.
    pub identity: &'a Identity,
    /// Which of its users, counted from zero; absent for a machine.
    pub user: Option<usize>,
    /// Which of the devices of that user, counted from zero: each has a token of its own.
    pub slot: u32,
    /// The name of the device within the case, for handles.
    pub device: &'a str,
}

/// What signing in needs besides.
#[derive(Clone, Copy)]
pub struct Means<'a> {
    /// The door of the case.
    pub door: &'a Door,
    /// The operator's secrets.
    pub keyring: &'a Keyring,
    /// Where the target is: what tokens are bound to.
    pub target: &'a [Origin],
    /// The clock of the target.
    pub clock: &'a dyn Clock,
    /// The connections of the device.
    pub lane: LaneId,
    /// The cookies of the device.
    pub jar: Option<&'a Jar>,
    /// What signing in may cost.
    pub limits: Limits,
    /// Gives the next number of an exchange of the case.
    pub next_id: &'a (dyn Fn() -> ExchangeId + Sync),
}

impl Means<'_> {
    /// Sends one request of a sign-in.
    pub(super) async fn send(&self, device: &str, outgoing: &Outgoing, issues: &[Issue]) -> Exchange {
        self.door
            .send(Ask {
                id: (self.next_id)(),
                device: Some(device),
                lane: self.lane,
                jar: self.jar,
                outgoing,
                sent: self.clock.now(),
                issues,
            })
            .await
    }
}

/// Signing in failed.
#[derive(Debug, thiserror::Error)]
#[error("signing in as `{identity}` failed: {reason}")]
pub struct SignInFailed {
    /// The identity.
    pub identity: String,
    /// Why.
    pub reason: SignInReason,
    /// What was sent and what came of it; empty when nothing was, or when another case sent it.
    pub exchanges: Vec<Exchange>,
}

/// Why signing in failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SignInReason {
    /// A person has to sign in, in a browser.
    #[error("the grant {0:?} needs a sign-in in a browser")]
    Browser(Grant),
    /// The target file does not say it.
    #[error("the target does not say its {0}")]
    Missing(&'static str),
    /// The user is none of the identity's.
    #[error("the identity has no user {0}")]
    NoUser(usize),
    /// A secret was not read.
    #[error(transparent)]
    Secret(#[from] UnknownSecret),
    /// A URL of sign-in has no origin.
    #[error(transparent)]
    Url(#[from] super::NoOrigin),
    /// There is no complete answer.
    #[error("{0}")]
    Fault(Fault),
    /// The answer gave no token.
    #[error(transparent)]
    Answer(#[from] BadTokenAnswer),
    /// The token can stand in no header field.
    #[error("the token holds characters that no header field can carry, or is over 64 KiB")]
    Unusable,
    /// The issuer's configuration does not say where tokens are given.
    #[error("the configuration of `{0}` does not say its token_endpoint")]
    Configuration(String),
    /// Another case was signing in and did not end in time.
    #[error("another sign-in did not end before the deadline")]
    Waited,
}
