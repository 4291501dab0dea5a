use http::{HeaderMap, StatusCode};

use super::{Caller, Scope, Tokens, User};
use crate::clock::Timestamp;
use crate::sandbox::wire::{Reply, bearer};

/// Why a call is not answered for whoever makes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Denial {
    /// No token was presented.
    #[error("Unauthorized")]
    NoToken,
    /// The token was never issued, or is too old to be told from one that was not.
    #[error("Invalid or expired token")]
    BadToken,
    /// The token's time is over (FAQ Q8, Q11).
    #[error("Unauthorized: token is expired")]
    Expired,
    /// A client token where a user is needed (FAQ Q12).
    #[error("Forbidden")]
    NeedsUser,
    /// A token without the scope of the call.
    #[error("Insufficient permissions")]
    NeedsScope,
}

impl From<Denial> for Reply {
    fn from(denial: Denial) -> Self {
        match denial {
            Denial::NoToken => Reply::refusal(StatusCode::UNAUTHORIZED, denial.to_string())
                .challenged("Bearer realm=\"assize-sandbox\""),
            Denial::BadToken | Denial::Expired => Reply::refusal(StatusCode::UNAUTHORIZED, denial.to_string())
                .challenged("Bearer realm=\"assize-sandbox\", error=\"invalid_token\""),
            Denial::NeedsUser | Denial::NeedsScope => Reply::refusal(StatusCode::FORBIDDEN, denial.to_string()),
        }
    }
}

/// Who presents the token of a request.
pub(crate) fn identify(headers: &HeaderMap, tokens: &Tokens, now: Timestamp) -> Result<Caller, Denial> {
    let token = bearer(headers).filter(|token| !token.is_empty()).ok_or(Denial::NoToken)?;
    tokens.caller(token, now)
}

/// The rule for calls in a user's context: a user, with the scope of the call where it has one.
pub(crate) fn admit_user(caller: Caller, needed: Option<Scope>) -> Result<User, Denial> {
    match caller {
        Caller::Application(_) => Err(Denial::NeedsUser),
        Caller::User(user) if needed.is_some_and(|scope| !user.scopes.include(scope)) => Err(Denial::NeedsScope),
        Caller::User(user) => Ok(user),
    }
}

/// The rule for patrons' calls: any application, or a user with the scope.
pub(crate) fn admit_patron(caller: Caller) -> Result<Caller, Denial> {
    match &caller {
        Caller::User(user) if !user.scopes.include(Scope::Patron) => Err(Denial::NeedsScope),
        Caller::User(_) | Caller::Application(_) => Ok(caller),
    }
}
