use std::collections::{HashMap, HashSet};
use std::time::Duration;

use super::{Caller, Denial};
use crate::clock::{Rng, Timestamp};
use crate::sandbox::tenant::Entropy;

/// How long access tokens live (NICE reference: 3600 seconds; FAQ Q11: "an hour").
const ACCESS_LIFETIME: Duration = Duration::from_hours(1);
/// How long those of the implicit grant live (NICE reference: 5184000 seconds).
const IMPLICIT_LIFETIME: Duration = Duration::from_hours(60 * 24);
/// How long a refresh token works, counted from the original grant (NICE reference).
const REFRESH_LIFETIME: Duration = Duration::from_hours(2);
/// When this many tokens are remembered, those that have expired are forgotten.
const MANY: usize = 10_000;

/// Which sign-in issued a token. A refresh token works only where it came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Generation {
    /// The current OpenID Connect sign-in.
    OpenId,
    /// The regional access keys of the second generation.
    Regional,
    /// The token service of the first generation.
    Legacy,
    /// The sign-in page of the first generation, whose tokens live long and are not renewed.
    Implicit,
}

/// Tells the tokens of one sign-in, renewed ones included, from those of others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct GrantNumber(pub(crate) u64);

/// What a sign-in entitles to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Grant {
    number: GrantNumber,
    generation: Generation,
    /// Who signed in.
    pub(crate) caller: Caller,
    /// The application that asked, by its id or name.
    pub(crate) client: String,
    /// Fixed by the sign-in: a rotated token lives no longer than the first.
    pub(crate) renewable_until: Timestamp,
}

impl Grant {
    /// A grant of a number that [`Tokens::next_number`] gave.
    pub(crate) fn new(
        number: GrantNumber,
        caller: Caller,
        client: &str,
        generation: Generation,
        now: Timestamp,
    ) -> Self {
        let renewable_until = now.plus(REFRESH_LIFETIME);
        Self { number, generation, caller, client: client.to_owned(), renewable_until }
    }

    /// How long an access token lives.
    pub(crate) fn lifetime(&self) -> Duration {
        match self.generation {
            Generation::OpenId | Generation::Regional | Generation::Legacy => ACCESS_LIFETIME,
            Generation::Implicit => IMPLICIT_LIFETIME,
        }
    }

    fn is_renewable(&self) -> bool {
        match (self.generation, &self.caller) {
            (Generation::Implicit, _) | (_, Caller::Application(_)) => false,
            (Generation::OpenId | Generation::Regional | Generation::Legacy, Caller::User(_)) => true,
        }
    }
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
    /// How long from now that works.
    pub(crate) refresh_lifetime: Duration,
    /// Whose it is.
    pub(crate) caller: Caller,
}

/// What is known of an access token that works.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Presented {
    /// Whose it is.
    pub(crate) caller: Caller,
    /// How long from now it works.
    pub(crate) left: Duration,
}

struct Access {
    caller: Caller,
    grant: GrantNumber,
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
///
/// Issuing takes two steps, so that a token can be signed in between without holding anyone up: [`Tokens::begin`] or
/// [`Tokens::renew`] gives a [`Grant`], [`Tokens::issue`] its tokens.
pub(crate) struct Tokens {
    access: HashMap<String, Access>,
    refresh: HashMap<String, Grant>,
    revoked: HashSet<GrantNumber>,
    last: u64,
    rng: Rng,
}

impl Tokens {
    /// Nobody has a token yet.
    pub(crate) fn new(entropy: &Entropy) -> Self {
        let rng = entropy.stream("tokens");
        Self { access: HashMap::new(), refresh: HashMap::new(), revoked: HashSet::new(), last: 0, rng }
    }

    /// The number of a grant that may come about.
    pub(crate) fn next_number(&mut self) -> GrantNumber {
        self.last += 1;
        GrantNumber(self.last)
    }

    /// A new grant.
    pub(crate) fn begin(&mut self, caller: Caller, client: &str, generation: Generation, now: Timestamp) -> Grant {
        Grant::new(self.next_number(), caller, client, generation, now)
    }

    /// Whether this refresh token was issued to another client than this one.
    pub(crate) fn is_of_another_client(&self, refresh_token: &str, client: &str) -> bool {
        self.refresh.get(refresh_token).is_some_and(|grant| grant.client != client)
    }

    /// Takes a refresh token, which does not work again (the official SDK keeps the new one).
    pub(crate) fn renew(
        &mut self,
        refresh_token: &str,
        generation: Generation,
        now: Timestamp,
    ) -> Result<Grant, RefreshRefusal> {
        if self.refresh.get(refresh_token).is_none_or(|known| known.generation != generation) {
            return Err(RefreshRefusal::Unknown);
        }
        let grant = self.refresh.remove(refresh_token).ok_or(RefreshRefusal::Unknown)?;
        if grant.renewable_until <= now { Err(RefreshRefusal::Expired) } else { Ok(grant) }
    }

    /// What nobody has had before: an opaque access token, or what makes a signed one unlike all others.
    pub(crate) fn unique(&mut self) -> String {
        self.rng.hex(32)
    }

    /// Issues the tokens of a grant. Those of a grant that has been revoked meanwhile do not work.
    pub(crate) fn issue(&mut self, grant: Grant, access_token: String, now: Timestamp) -> IssuedToken {
        self.forget_when_many(now);
        let lifetime = grant.lifetime();
        // Clients put it into forms without encoding it: nothing in it may need that.
        let refresh_token = grant.is_renewable().then(|| self.rng.hex(16));
        let refresh_lifetime = grant.renewable_until.since(now);
        let caller = grant.caller.clone();
        if !self.revoked.contains(&grant.number) {
            let access = Access { caller: caller.clone(), grant: grant.number, expires: now.plus(lifetime) };
            self.access.insert(access_token.clone(), access);
            if let Some(token) = &refresh_token {
                self.refresh.insert(token.clone(), grant);
            }
        }
        IssuedToken { access_token, lifetime, refresh_token, refresh_lifetime, caller }
    }

    /// Issues the tokens of a grant, with an opaque access token.
    pub(crate) fn issue_opaque(&mut self, grant: Grant, now: Timestamp) -> IssuedToken {
        let access_token = self.unique();
        self.issue(grant, access_token, now)
    }

    /// Ends a grant: no token of it works any longer.
    pub(crate) fn revoke(&mut self, number: GrantNumber) {
        self.access.retain(|_, access| access.grant != number);
        self.refresh.retain(|_, grant| grant.number != number);
        self.revoked.insert(number);
    }

    /// What is known of an access token.
    pub(crate) fn presented(&self, token: &str, now: Timestamp) -> Result<Presented, Denial> {
        let access = self.access.get(token).ok_or(Denial::BadToken)?;
        if access.expires <= now {
            return Err(Denial::Expired);
        }
        Ok(Presented { caller: access.caller.clone(), left: access.expires.since(now) })
    }

    /// Whose access token this is.
    pub(crate) fn caller(&self, token: &str, now: Timestamp) -> Result<Caller, Denial> {
        self.presented(token, now).map(|presented| presented.caller)
    }

    fn forget_when_many(&mut self, now: Timestamp) {
        if self.access.len() >= MANY {
            self.access.retain(|_, access| access.expires > now);
        }
        if self.refresh.len() >= MANY {
            self.refresh.retain(|_, grant| grant.renewable_until > now);
        }
        if self.revoked.len() >= MANY {
            self.revoked.clear();
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

    fn issue(tokens: &mut Tokens, generation: Generation, now: Timestamp) -> IssuedToken {
        let grant = tokens.begin(user(), "client", generation, now);
        tokens.issue_opaque(grant, now)
    }

    fn renew(tokens: &mut Tokens, token: &str, generation: Generation, now: Timestamp) -> IssuedToken {
        let grant = tokens.renew(token, generation, now).unwrap();
        tokens.issue_opaque(grant, now)
    }

    #[test]
    fn a_token_works_until_its_hour_is_over() {
        let (mut tokens, now) = fresh();
        let issued = issue(&mut tokens, Generation::OpenId, now);
        let nearly = now.plus(Duration::from_millis(3_599_999));
        assert_eq!(tokens.caller(&issued.access_token, nearly), Ok(user()));
        assert_eq!(tokens.caller(&issued.access_token, now.plus(HOUR)), Err(Denial::Expired));
        assert_eq!(tokens.caller("made-up", now), Err(Denial::BadToken));
    }

    #[test]
    fn a_refresh_token_works_once_and_only_where_it_came_from() {
        let (mut tokens, now) = fresh();
        let first = issue(&mut tokens, Generation::OpenId, now).refresh_token.unwrap();
        for elsewhere in [Generation::Legacy, Generation::Regional] {
            assert_eq!(tokens.renew(&first, elsewhere, now), Err(RefreshRefusal::Unknown));
        }
        let second = renew(&mut tokens, &first, Generation::OpenId, now);
        assert_eq!(tokens.renew(&first, Generation::OpenId, now), Err(RefreshRefusal::Unknown));
        assert!(tokens.renew(&second.refresh_token.unwrap(), Generation::OpenId, now).is_ok());
    }

    #[test]
    fn a_refresh_token_is_of_the_client_that_it_was_issued_to() {
        let (mut tokens, now) = fresh();
        let token = issue(&mut tokens, Generation::OpenId, now).refresh_token.unwrap();
        assert!(!tokens.is_of_another_client(&token, "client"));
        assert!(tokens.is_of_another_client(&token, "another"));
        assert!(!tokens.is_of_another_client("made-up", "client"));
    }

    #[test]
    fn rotation_does_not_prolong_the_original_grant() {
        let (mut tokens, now) = fresh();
        let first = issue(&mut tokens, Generation::Legacy, now).refresh_token.unwrap();
        let second = renew(&mut tokens, &first, Generation::Legacy, now.plus(HOUR)).refresh_token.unwrap();
        let over = tokens.renew(&second, Generation::Legacy, now.plus(HOUR * 2));
        assert_eq!(over, Err(RefreshRefusal::Expired));
    }

    #[test]
    fn an_application_gets_no_refresh_token() {
        let (mut tokens, now) = fresh();
        let application = Caller::Application(Application { name: "A@V".into() });
        let grant = tokens.begin(application, "A@V", Generation::Legacy, now);
        assert_eq!(tokens.issue_opaque(grant, now).refresh_token, None);
    }

    #[test]
    fn an_implicit_token_lives_sixty_days_and_is_not_renewed() {
        let (mut tokens, now) = fresh();
        let issued = issue(&mut tokens, Generation::Implicit, now);
        assert_eq!((issued.lifetime.as_secs(), issued.refresh_token), (5_184_000, None));
        assert!(tokens.caller(&issued.access_token, now.plus(HOUR * 24 * 59)).is_ok());
    }

    #[test]
    fn a_revoked_grant_takes_its_renewed_tokens_along_and_no_others() {
        let (mut tokens, now) = fresh();
        let other = issue(&mut tokens, Generation::OpenId, now);
        let grant = tokens.begin(user(), "client", Generation::OpenId, now);
        let first = tokens.issue_opaque(grant.clone(), now);
        let second = renew(&mut tokens, &first.refresh_token.unwrap(), Generation::OpenId, now);
        tokens.revoke(grant.number);
        for token in [&first.access_token, &second.access_token] {
            assert_eq!(tokens.caller(token, now), Err(Denial::BadToken));
        }
        assert!(tokens.renew(&second.refresh_token.unwrap(), Generation::OpenId, now).is_err());
        assert_eq!(tokens.caller(&other.access_token, now), Ok(user()));
        let late = tokens.issue_opaque(grant, now);
        assert_eq!(tokens.caller(&late.access_token, now), Err(Denial::BadToken));
    }

    #[test]
    fn thousands_of_tokens_do_not_pile_up() {
        let (mut tokens, now) = fresh();
        for n in 0..30_000 {
            issue(&mut tokens, Generation::OpenId, now.plus(Duration::from_secs(n)));
        }
        assert!(tokens.access.len() <= MANY && tokens.refresh.len() <= MANY + 1);
    }
}
