use crate::clock::Rng;
use crate::event::Exchange;
use crate::http::Jar;
use crate::suite::{Grant, OAuth2};
use crate::value::{Destination, Json, SecretName};

use super::binding::sign_in_origins;
use super::browser::{End, Sight, walk};
use super::sign_in::{Means, SignInReason, Subject};
use super::token_answer::redirect_issues;
use super::{Signer, authorize_request};

/// How long the random texts of a sign-in are, in bytes.
const RANDOM_BYTES: usize = 32;

/// A sign-in by a browser, about to begin.
pub(super) struct Journey<'a> {
    /// What the target says of it.
    pub(super) oauth2: &'a OAuth2,
    /// Who signs in.
    pub(super) subject: &'a Subject<'a>,
    /// What is filled in.
    pub(super) signer: &'a Signer,
    /// Where it begins.
    pub(super) authorize_url: &'a str,
    /// What makes it unlike any other.
    pub(super) chance: Rng,
}

/// What a browser brought back from signing in.
pub(super) struct Landing {
    /// Where it came back to, and with what.
    back: Destination,
    /// The secret whose challenge the code was asked for with: a handle.
    pub(super) verifier: String,
}

impl Journey<'_> {
    /// Signs a device in by a browser: asks for a code or a token with a `state` and a challenge made of chance, and sees to
    /// it that what comes back is the answer to it.
    ///
    /// Its cookies are its own: a sign-in of a scenario must not depend on which case signed the device in before.
    ///
    /// # Source
    /// RFC 6749 §10.12 (state); RFC 9700 §2.1.1 (PKCE for all clients).
    pub(super) async fn land(
        mut self,
        means: &Means<'_>,
        exchanges: &mut Vec<Exchange>,
    ) -> Result<Landing, SignInReason> {
        let (oauth2, subject) = (self.oauth2, self.subject);
        let sign_in = sign_in_origins(oauth2)?;
        let label = format!("{}.sign-in", subject.device);
        let (state, verifier) = (self.chance.hex(RANDOM_BYTES), self.chance.hex(RANDOM_BYTES));
        let handle = {
            let name = SecretName::lossy(&format!("{label}.code_verifier"));
            means.door.vault().learn(&name, &verifier, &sign_in)
        };
        let mut with = vec![("state".to_owned(), Json::from(state.as_str()))];
        if oauth2.grant == Grant::AuthorizationCode {
            with.push(("code_verifier".to_owned(), Json::from(verifier.as_str())));
        }
        let request = authorize_request(oauth2, self.authorize_url, self.signer, &with, means.limits);
        let issues = redirect_issues(oauth2, &label, means.target, &sign_in);
        let sight = Sight { oauth2, device: subject.device, label: &label, request: &request, issues: &issues };
        let jar = Jar::new();
        let means = Means { jar: Some(&jar), ..*means };
        let walked = walk(&sight, &means, &mut |exchange| exchanges.push(exchange)).await;
        let (status, url) = (walked.last.answer.as_ref().map(|answer| answer.status), walked.last.request.url.clone());
        exchanges.push(walked.last);
        let back = match walked.end {
            End::Back(back) => back,
            End::Elsewhere(to) => return Err(SignInReason::Elsewhere { to: to.to }),
            End::FormAgain => return Err(SignInReason::FormAgain),
            End::Fault(fault) => return Err(SignInReason::Fault(fault)),
            End::Stopped(stop) => return Err(SignInReason::Stopped(stop)),
            End::Answer => {
                let page = url.split(['?', '#']).next().unwrap_or_default().to_owned();
                return Err(SignInReason::NoRedirect { status: status.unwrap_or_default(), page });
            }
        };
        if let Some(error) = back.parameter("error") {
            let description = back.parameter("error_description").unwrap_or_default().to_owned();
            return Err(SignInReason::Refused { error: error.to_owned(), description });
        }
        if back.parameter("state") != Some(&state) {
            return Err(SignInReason::OtherState);
        }
        Ok(Landing { back, verifier: handle.map_or(verifier, |handle| handle.to_string()) })
    }
}

impl Landing {
    /// The code: a handle.
    pub(super) fn code(&self) -> Result<&str, SignInReason> {
        self.back.parameter("code").filter(|code| !code.is_empty()).ok_or(SignInReason::NoCode)
    }

    /// Its parameters as the members of a token answer; those of the query go before those of the fragment.
    pub(super) fn members(&self) -> Json {
        let mut members: Vec<(String, Json)> = Vec::new();
        for (name, value) in self.back.query.iter().chain(&self.back.fragment) {
            if !members.iter().any(|(known, _)| known == name) {
                members.push((name.clone(), Json::from(value.as_str())));
            }
        }
        Json::Object(members)
    }
}
