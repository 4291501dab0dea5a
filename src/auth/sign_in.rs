use crate::clock::Clock;
use crate::event::{Exchange, ExchangeId, Fault};
use crate::http::{Ask, Door, Issue, Jar, LaneId, Limits, Outgoing};
use crate::suite::Identity;
use crate::value::Origin;

use super::browser::Stop;
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
    /// The seed of the run, which all that is random in a sign-in follows from.
    pub seed: u64,
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
    /// The issuer's configuration does not say where an endpoint is.
    #[error("the configuration of `{issuer}` does not say its {member}")]
    Configuration {
        /// The issuer.
        issuer: String,
        /// The member that is missing.
        member: &'static str,
    },
    /// The issuer's configuration says that an endpoint is at a place that the target does not name.
    #[error(
        "the configuration of `{issuer}` says that its {member} is `{url}`, which is at no place that the target names \
         (`{}`)",
        if *member == "token_endpoint" { "token_url" } else { "authorize_url" }
    )]
    EndpointElsewhere {
        /// The issuer.
        issuer: String,
        /// The member.
        member: &'static str,
        /// What it says.
        url: String,
    },
    /// The redirect back says that the sign-in was refused (RFC 6749 §4.1.2.1).
    #[error("the sign-in was refused: {error}{}{description}", if description.is_empty() { "" } else { ": " })]
    Refused {
        /// The code of the error.
        error: String,
        /// What it says besides; may be empty.
        description: String,
    },
    /// The redirect back answers another request, or does not say which.
    #[error("the redirect back does not hold the `state` that was sent")]
    OtherState,
    /// The redirect back holds neither an error nor a code.
    #[error("the redirect back holds no code")]
    NoCode,
    /// The sign-in form was shown again after it was filled in.
    #[error("the sign-in page shows its form again: the name or the password was refused")]
    FormAgain,
    /// The sign-in ended with an answer that leads nowhere.
    #[error("the sign-in ended with {status} from `{page}`, and not with the redirect back")]
    NoRedirect {
        /// Its status.
        status: u16,
        /// Where it came from, without its query.
        page: String,
    },
    /// The sign-in led to a place that is neither the redirect back nor allowed.
    #[error("the sign-in led to `{to}`, which is neither the `redirect_uri` nor a place of this target")]
    Elsewhere {
        /// Where to, without its query.
        to: String,
    },
    /// The sign-in had to be broken off.
    #[error(transparent)]
    Stopped(#[from] Stop),
    /// Another case was signing in and did not end in time.
    #[error("another sign-in did not end before the deadline")]
    Waited,
}
