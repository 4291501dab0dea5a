use std::collections::HashMap;
use std::time::Duration;

use super::{Caller, Denial};
use crate::clock::{Rng, Timestamp};
use crate::sandbox::tenant::Entropy;

/// How long access tokens of the password and client grants live (NICE reference: 3600 seconds; FAQ Q11: "an hour").
const ACCESS_LIFETIME: Duration = Duration::from_hours(1);
/// How long a refresh token works, counted from the original grant (NICE reference).
const REFRESH_LIFETIME: Duration = Duration::from_hours(2);
/// When this many tokens are remembered, those that have expired are forgotten.
const MANY: usize = 10_000;

/// Which sign-in issued a token. A refresh token works only where it came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Generation {
    /// The current OpenID Connect sign-in.
    OpenId,
    /// The token service of the first generation.
    Legacy,
}

/// Tokens as they are handed out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct IssuedToken {
    /// What calls present.
    pub(crate) access_token: String,
    /// How long from now it works.
    pub(crate) lifetime: Duration,
    /// What renews it; an application has none.
    pub(crate) refresh_token: Option<String>,
    /// Whose it is.
    pub(crate) caller: Caller,
}

struct Access {
    caller: Caller,
    expires: Timestamp,
}

struct Refresh {
    caller: Caller,
    generation: Generation,
    /// Fixed by the original grant: a rotated token lives no longer than the first.
    expires: Timestamp,
}

/// Why a refresh token gives nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum RefreshRefusal {
    /// It was never issued, or it has been replaced.
    #[error("The refresh token is invalid")]
    Unknown,
    /// Its time is over.
    #[error("The refresh token has expired")]
    Expired,
}

/// Every token that is remembered.
pub(crate) struct Tokens {
    access: HashMap<String, Access>,
    refresh: HashMap<String, Refresh>,
    rng: Rng,
}

impl Tokens {
    /// Nobody has a token yet.
    pub(crate) fn new(entropy: &Entropy) -> Self {
        Self { access: HashMap::new(), refresh: HashMap::new(), rng: entropy.stream("tokens") }
    }

    /// Issues tokens for `caller`: the answer to a first request.
    pub(crate) fn issue(&mut self, caller: Caller, generation: Generation, now: Timestamp) -> IssuedToken {
        self.issue_until(caller, generation, now, now.plus(REFRESH_LIFETIME))
    }

    /// Replaces a refresh token, which does not work again (the official SDK keeps the new one).
    pub(crate) fn renew(
        &mut self,
        refresh_token: &str,
        generation: Generation,
        now: Timestamp,
    ) -> Result<IssuedToken, RefreshRefusal> {
        let known = self.refresh.get(refresh_token).filter(|known| known.generation == generation);
        let expires = known.ok_or(RefreshRefusal::Unknown)?.expires;
        let Some(old) = self.refresh.remove(refresh_token) else { return Err(RefreshRefusal::Unknown) };
        if expires <= now {
            return Err(RefreshRefusal::Expired);
        }
        Ok(self.issue_until(old.caller, generation, now, expires))
    }

    /// Whose access token this is.
    pub(crate) fn caller(&self, token: &str, now: Timestamp) -> Result<Caller, Denial> {
        let access = self.access.get(token).ok_or(Denial::BadToken)?;
        if access.expires <= now { Err(Denial::Expired) } else { Ok(access.caller.clone()) }
    }

    fn issue_until(
        &mut self,
        caller: Caller,
        generation: Generation,
        now: Timestamp,
        refresh_until: Timestamp,
    ) -> IssuedToken {
        self.forget_when_many(now);
        let access_token = self.mint_access_token();
        let access = Access { caller: caller.clone(), expires: now.plus(ACCESS_LIFETIME) };
        self.access.insert(access_token.clone(), access);
        let refresh_token = match caller {
            Caller::Application(_) => None,
            Caller::User(_) => {
                // Clients put it into forms without encoding it: nothing in it may need that.
                let token = self.rng.hex(16);
                let refresh = Refresh { caller: caller.clone(), generation, expires: refresh_until };
                self.refresh.insert(token.clone(), refresh);
                Some(token)
            }
        };
        IssuedToken { access_token, lifetime: ACCESS_LIFETIME, refresh_token, caller }
    }

    /// The one place where access tokens are made.
    fn mint_access_token(&mut self) -> String {
        self.rng.hex(32)
    }

    fn forget_when_many(&mut self, now: Timestamp) {
        if self.access.len() >= MANY {
            self.access.retain(|_, access| access.expires > now);
        }
        if self.refresh.len() >= MANY {
            self.refresh.retain(|_, refresh| refresh.expires > now);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Application, Scopes, User};
    use super::*;
    use crate::sandbox::tenant::AgentId;

    const HOUR: Duration = Duration::from_hours(1);

    fn user() -> Caller {
        Caller::User(User { agent: AgentId(1), scopes: Scopes::ALL })
    }

    fn fresh() -> (Tokens, Timestamp) {
        (Tokens::new(&Entropy::from_seed(1)), Timestamp::from_millis(1_000_000))
    }

    #[test]
    fn a_token_works_until_its_hour_is_over() {
        let (mut tokens, now) = fresh();
        let issued = tokens.issue(user(), Generation::OpenId, now);
        let nearly = now.plus(Duration::from_millis(3_599_999));
        assert_eq!(tokens.caller(&issued.access_token, nearly), Ok(user()));
        assert_eq!(tokens.caller(&issued.access_token, now.plus(HOUR)), Err(Denial::Expired));
        assert_eq!(tokens.caller("made-up", now), Err(Denial::BadToken));
    }

    #[test]
    fn a_refresh_token_works_once_and_only_where_it_came_from() {
        let (mut tokens, now) = fresh();
        let first = tokens.issue(user(), Generation::OpenId, now).refresh_token.unwrap();
        assert_eq!(tokens.renew(&first, Generation::Legacy, now), Err(RefreshRefusal::Unknown));
        let second = tokens.renew(&first, Generation::OpenId, now).unwrap();
        assert_eq!(tokens.renew(&first, Generation::OpenId, now), Err(RefreshRefusal::Unknown));
        assert!(tokens.renew(&second.refresh_token.unwrap(), Generation::OpenId, now).is_ok());
    }

    #[test]
    fn rotation_does_not_prolong_the_original_grant() {
        let (mut tokens, now) = fresh();
        let first = tokens.issue(user(), Generation::Legacy, now).refresh_token.unwrap();
        let second = tokens.renew(&first, Generation::Legacy, now.plus(HOUR)).unwrap().refresh_token.unwrap();
        let over = tokens.renew(&second, Generation::Legacy, now.plus(HOUR * 2));
        assert_eq!(over, Err(RefreshRefusal::Expired));
    }

    #[test]
    fn an_application_gets_no_refresh_token() {
        let (mut tokens, now) = fresh();
        let application = Caller::Application(Application { name: "A@V".into() });
        assert_eq!(tokens.issue(application, Generation::Legacy, now).refresh_token, None);
    }

    #[test]
    fn thousands_of_tokens_do_not_pile_up() {
        let (mut tokens, now) = fresh();
        for n in 0..30_000 {
            tokens.issue(user(), Generation::OpenId, now.plus(Duration::from_secs(n)));
        }
        assert!(tokens.access.len() <= MANY && tokens.refresh.len() <= MANY + 1);
    }
}
