use tokio::time::timeout_at;

use crate::clock::Rng;
use crate::event::Exchange;
use crate::suite::{Grant, OAuth2};
use crate::value::Json;

use super::binding::sign_in_origins;
use super::discovery::{Discovery, Endpoint};
use super::kept::{Held, Kept};
use super::landing::Journey;
use super::sign_in::{Means, SignInReason, Subject};
use super::signer::signer;
use super::token_answer::{read_token_answer, read_token_members, token_issues};
use super::token_request::token_request;

/// What renews the tokens of an identity that nobody signs in for: the refresh token that was issued last, none while it is
/// still the operator's. Whoever uses it holds it, since a server may take each but once.
pub(super) type Newest = tokio::sync::Mutex<Option<Kept>>;

/// One sign-in of a device.
#[derive(Clone, Copy)]
pub(super) struct SignIn<'a> {
    pub(super) discovery: &'a Discovery,
    pub(super) oauth2: &'a OAuth2,
    pub(super) subject: &'a Subject<'a>,
    pub(super) means: &'a Means<'a>,
    /// How many have ended before: no two are to be alike.
    pub(super) nth: u64,
}

impl SignIn<'_> {
    /// A token by the grant of the identity; `worn` is what a token is renewed by that soon ends.
    ///
    /// A token that a person signed in for is renewed, and where that is refused the browser signs in anew. Every other
    /// grant asks again as it asked before.
    pub(super) async fn held(&self, worn: Option<Kept>, exchanges: &mut Vec<Exchange>) -> Result<Held, SignInReason> {
        match self.oauth2.grant {
            Grant::Password | Grant::ClientCredentials | Grant::AccessKey | Grant::RefreshToken => {
                self.ask(self.oauth2, &[], exchanges).await
            }
            Grant::AuthorizationCode => {
                if let Some(refresh) = worn {
                    match self.renewed(&refresh, exchanges).await {
                        Err(SignInReason::Answer(_)) => {}
                        result => return result,
                    }
                }
                self.by_code(exchanges).await
            }
            Grant::Implicit => self.by_redirect(exchanges).await,
        }
    }

    /// A token by the refresh token that was issued last, else by the operator's.
    ///
    /// # Source
    /// RFC 6749 §6: a new refresh token takes the place of the old one.
    pub(super) async fn renewed_for_all(
        &self,
        newest: &Newest,
        exchanges: &mut Vec<Exchange>,
    ) -> Result<Held, SignInReason> {
        let deadline = self.means.limits.deadline.instant().into();
        let Ok(mut newest) = timeout_at(deadline, newest.lock()).await else { return Err(SignInReason::Waited) };
        let mut result = match &*newest {
            None => Err(None),
            Some(refresh) => self.renewed(refresh, exchanges).await.map_err(Some),
        };
        if matches!(result, Err(None | Some(SignInReason::Answer(_)))) {
            *newest = None;
            result = self.held(None, exchanges).await.map_err(Some);
        }
        let mut held = result.map_err(|reason| reason.unwrap_or(SignInReason::Missing("refresh_token")))?;
        if let Some(issued) = held.refresh.take() {
            *newest = Some(issued);
        }
        Ok(held)
    }

    /// A token by the refresh token of the one before.
    async fn renewed(&self, refresh: &Kept, exchanges: &mut Vec<Exchange>) -> Result<Held, SignInReason> {
        let name = format!("{}.refresh_token", self.subject.device);
        let handle = refresh.within(self.means.door.vault(), &name, &sign_in_origins(self.oauth2)?);
        let mut with = vec![("refresh_token".to_owned(), Json::from(handle.as_str()))];
        if self.oauth2.grant != Grant::RefreshToken {
            // Parameters of the target may say otherwise for the first request.
            with.push(("grant_type".to_owned(), Json::from("refresh_token")));
        }
        let renewal = OAuth2 { grant: Grant::RefreshToken, ..self.oauth2.clone() };
        let mut held = self.ask(&renewal, &with, exchanges).await?;
        if held.refresh.is_none() {
            held.refresh = Some(refresh.clone());
        }
        Ok(held)
    }

    /// A token by a code that a browser brings back.
    async fn by_code(&self, exchanges: &mut Vec<Exchange>) -> Result<Held, SignInReason> {
        let landing = self.journey(exchanges).await?;
        let with = [("code", landing.code()?), ("code_verifier", &landing.verifier)];
        let with = with.map(|(name, value)| (name.to_owned(), Json::from(value)));
        self.ask(self.oauth2, &with, exchanges).await
    }

    /// A token that a browser brings back.
    async fn by_redirect(&self, exchanges: &mut Vec<Exchange>) -> Result<Held, SignInReason> {
        let since = self.means.clock.now();
        let landing = self.journey(exchanges).await?;
        let answer = read_token_members(self.oauth2, &landing.members())?;
        Held::out_of(self.means.door.vault(), &answer, since)
    }

    /// Sends a browser out.
    async fn journey(&self, exchanges: &mut Vec<Exchange>) -> Result<super::landing::Landing, SignInReason> {
        let Self { oauth2, subject, means, .. } = *self;
        let signer = signer(oauth2, subject, means)?;
        let endpoint = Endpoint::Authorization;
        let authorize_url = self.discovery.url(endpoint, oauth2, subject.device, means, exchanges).await?;
        let user = subject.user.map(|user| user.to_string()).unwrap_or_default();
        let (slot, nth) = (subject.slot.to_string(), self.nth.to_string());
        let chance = Rng::derive(means.seed, &["sign-in", &subject.identity.name, &user, &slot, &nth]);
        let journey = Journey { oauth2, subject, signer: &signer, authorize_url: &authorize_url, chance };
        journey.land(means, exchanges).await
    }

    /// Asks the token endpoint, with parameters over those of the grant.
    async fn ask(
        &self,
        oauth2: &OAuth2,
        with: &[(String, Json)],
        exchanges: &mut Vec<Exchange>,
    ) -> Result<Held, SignInReason> {
        let Self { subject, means, .. } = *self;
        let signer = signer(oauth2, subject, means)?;
        let token_url = self.discovery.url(Endpoint::Token, oauth2, subject.device, means, exchanges).await?;
        let request = token_request(oauth2, &token_url, &signer, with, means.limits);
        let issues = token_issues(oauth2, subject.device, means.target, &sign_in_origins(oauth2)?)?;
        let since = means.clock.now();
        let exchange = means.send(subject.device, &request.outgoing, &issues).await;
        let answer = match (exchange.complete(), &exchange.fault) {
            (Some(answer), _) => read_token_answer(oauth2, answer).map_err(SignInReason::from),
            (None, Some(fault)) => Err(SignInReason::Fault(fault.clone())),
            (None, None) => Err(SignInReason::Missing("answer")),
        };
        exchanges.push(exchange);
        Held::out_of(means.door.vault(), &answer?, since)
    }
}
