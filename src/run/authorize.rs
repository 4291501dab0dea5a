use std::sync::atomic::{AtomicBool, Ordering};

use crate::auth::{End, Sight, SignInFailed, Stop, authorize_request, redirect_issues, sign_in_origins, signer, walk};
use crate::event::{Exchange, Fault, FaultKind, Phase, Purpose};
use crate::suite::Scheme;
use crate::trial::Order;
use crate::value::{Json, Origin};

use super::case_run::Try;
use super::send::Errand;

impl Try<'_> {
    /// Signs a device in by a browser. The answers on the way are told as those of signing in, and the one that it ends with
    /// is the answer of the step.
    pub(super) async fn send_authorize(&self, errand: Errand<'_>, name: &str, with: &[(String, Json)]) -> Exchange {
        // The number that the step was given goes to the first exchange, so that they are numbered as they were sent.
        let is_first = AtomicBool::new(true);
        let next_id = || if is_first.swap(false, Ordering::Relaxed) { errand.id } else { self.take_id() };
        let leave = self.run.world.pacer.leave().await;
        let mut told = |exchange| self.tell_exchange(Some(errand.step), None, Purpose::Token, exchange);
        let (device, subject) = match self.subject(name) {
            Ok(found) => found,
            Err(detail) => return self.no_sign_in(errand, name, detail),
        };
        let Scheme::OAuth2(oauth2) = &subject.identity.scheme else {
            let detail = format!("`{}` signs in by other means than a browser", subject.identity.name);
            return self.no_sign_in(errand, name, detail);
        };
        let mut means = self.means(device, &next_id);
        means.limits = errand.limits;
        let url = match self.site.tokens.authorize_url(oauth2, subject, &means).await {
            Ok((url, exchanges)) => {
                exchanges.into_iter().for_each(&mut told);
                url
            }
            Err(SignInFailed { reason, exchanges, .. }) => {
                exchanges.into_iter().for_each(&mut told);
                return self.no_sign_in(errand, name, reason.to_string());
            }
        };
        let prepared = signer(oauth2, &subject, &means).map_err(|reason| reason.to_string()).and_then(|signer| {
            let sign_in = sign_in_origins(oauth2).map_err(|error| error.to_string())?;
            let with = self.with_verifier(with, &url)?;
            let request = authorize_request(oauth2, &url, &signer, &with, errand.limits);
            Ok((request, redirect_issues(oauth2, name, &self.site.origins, &sign_in)))
        });
        let (request, issues) = match prepared {
            Ok(prepared) => prepared,
            Err(detail) => return self.no_sign_in(errand, name, detail),
        };
        let sight = Sight { oauth2, device: name, label: name, request: &request, issues: &issues };
        let ahead = self.site.clock.ahead_millis();
        let walked = walk(&sight, &means, &mut told).await;
        drop(leave);
        let mut exchange = walked.last;
        exchange.timing.moved_ms = u64::try_from(self.site.clock.ahead_millis() - ahead).unwrap_or(0);
        // Names of the step mean what they meant when its first request was sent.
        exchange.sent = errand.sent;
        exchange.parameters = Some(self.shown_parameters(request.parameters));
        if let End::Stopped(stop) = walked.end {
            let phase = match stop {
                Stop::ForeignForm(_) => Phase::Body,
                Stop::Endless => Phase::Headers,
            };
            exchange.fault = Some(Fault { phase, kind: FaultKind::SignIn, detail: stop.to_string() });
        }
        exchange
    }

    /// Parameters as they are recorded: what is secret in them stands as its handle.
    pub(super) fn shown_parameters(&self, parameters: Vec<(String, Json)>) -> Json {
        let mask = |value: Json| match value {
            Json::String(text) => Json::String(self.door.vault().mask_own_text(&text).into_owned()),
            Json::Null | Json::Bool(_) | Json::Number(_) | Json::Array(_) | Json::Object(_) => value,
        };
        Json::Object(parameters.into_iter().map(|(name, value)| (name, mask(value))).collect())
    }

    /// The parameters with the value of a code verifier that is a secret, if that may be sent there: only its digest is,
    /// and only that is shown.
    fn with_verifier(&self, with: &[(String, Json)], url: &str) -> Result<Vec<(String, Json)>, String> {
        let origin = Origin::parse(url).ok_or_else(|| format!("`{url}` has no host"))?;
        let reveal = |(name, value): &(String, Json)| match value.as_str().filter(|_| name == "code_verifier") {
            Some(text) => {
                let value = self.door.vault().reveal(text, &origin).map_err(|error| error.to_string())?;
                Ok((name.clone(), Json::from(value.as_str())))
            }
            None => Ok((name.clone(), value.clone())),
        };
        with.iter().map(reveal).collect()
    }

    fn no_sign_in(&self, errand: Errand<'_>, device: &str, detail: String) -> Exchange {
        let order = Order::Authorize { device: device.to_owned(), with: Vec::new() };
        self.never_answered(errand, &order, Fault { phase: Phase::Prepare, kind: FaultKind::SignIn, detail })
    }
}
