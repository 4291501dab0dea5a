use crate::auth::{Means, SignInFailed, Subject, TokenRequest, sign_in_origins, signer, token_issues, token_request};
use crate::clock::{Deadline, Timestamp};
use crate::event::{Body, Event, Exchange, ExchangeId, Fault, FaultKind, Phase, Purpose, Request, StepPath, Timing};
use crate::http::{Ask, Authorization, Limits, Outgoing};
use crate::suite::Scheme;
use crate::trial::{Draft, Order, Sending, Shown};
use crate::value::Json;

use super::case_run::Try;
use super::device::CaseDevice;
use super::outgoing::outgoing;
use super::pace::Leave;
use super::stage::Stage;
use super::world::SIGN_IN;

/// How long the answer to a request that makes something is waited for when the run is being stopped: without it,
/// nobody knows what to remove.
const LAST_ANSWER: std::time::Duration = std::time::Duration::from_secs(5);
/// A wait of the pacer that is worth telling.
const WORTH_TELLING: std::time::Duration = std::time::Duration::from_millis(50);

/// A request on its way: for which step, within which limits, and when it counts as sent.
#[derive(Clone, Copy)]
pub(super) struct Errand<'s> {
    pub(super) step: &'s StepPath,
    pub(super) id: ExchangeId,
    pub(super) sent: Timestamp,
    pub(super) limits: Limits,
}

impl Try<'_> {
    /// Sends what a step sends. When the run is being stopped meanwhile, what makes something is still waited for.
    pub(super) async fn send_step(&self, sending: Sending) -> Exchange {
        let deadline = Deadline::after(sending.deadline).sooner(self.deadline);
        let limits = Limits { deadline, ..self.limits() };
        let errand = Errand { step: &sending.step, id: self.take_id(), sent: sending.sent, limits };
        let send = async {
            match &sending.order {
                Order::Request(draft) => self.send(errand, (**draft).clone()).await,
                Order::Token { device, with } => self.send_token(errand, device, with).await,
                Order::Authorize { device, with } => self.send_authorize(errand, device, with).await,
            }
        };
        tokio::select! {
            exchange = send => exchange,
            () = self.given_up(sending.makes) => {
                let detail = "the run was stopped".to_owned();
                let fault = Fault { phase: Phase::Headers, kind: FaultKind::Cancelled, detail };
                self.never_answered(errand, &sending.order, fault)
            }
        }
    }

    /// Waits until a request that is under way is not to be waited for any longer.
    pub(super) async fn given_up(&self, makes: bool) {
        self.halted().await;
        if makes || self.stage == Stage::Setup {
            tokio::select! {
                () = tokio::time::sleep(LAST_ANSWER) => {}
                () = self.run.cancel.abandoned() => {}
            }
        }
    }

    /// Sends a request as its device.
    pub(super) async fn send(&self, errand: Errand<'_>, draft: Draft) -> Exchange {
        let _leave = self.leave().await;
        let device = draft.device.clone();
        match self.request_outgoing(errand.step, draft.clone(), errand.limits).await {
            Ok(outgoing) => self.transmit(errand, device.as_deref(), &outgoing, &[]).await,
            Err(detail) => {
                let fault = Fault { phase: Phase::Prepare, kind: FaultKind::SignIn, detail };
                self.never_answered(errand, &Order::Request(Box::new(draft)), fault)
            }
        }
    }

    /// Waits until the target's owner allows one more request, or one more set of them.
    pub(super) async fn leave(&self) -> Leave {
        let leave = self.run.world.pacer.leave().await;
        if leave.waited >= WORTH_TELLING {
            let case = self.run.case.id().clone();
            self.run.tell(Event::Waited { case, why: "the target's pace".to_owned(), span: leave.waited });
        }
        leave
    }

    /// A draft as its device sends it, signed in.
    pub(super) async fn request_outgoing(
        &self,
        step: &StepPath,
        draft: Draft,
        limits: Limits,
    ) -> Result<Outgoing, String> {
        let (authorization, mut extra) = self.shown(step, &draft).await?;
        for (header, credential) in &self.run.plan.target.connection.headers {
            if let Ok(value) = self.site.keyring.text(credential, self.door.vault()) {
                extra.push((header.clone(), value));
            }
        }
        Ok(outgoing(draft, authorization, extra, limits))
    }

    /// Sends the token request of a device's identity, as the target declares it, with other parameters.
    async fn send_token(&self, errand: Errand<'_>, device: &str, with: &[(String, Json)]) -> Exchange {
        let prepared = self.token_outgoing(errand.step, device, with, errand.limits).await;
        let (request, issues) = match prepared {
            Ok(prepared) => prepared,
            Err(detail) => {
                let order = Order::Token { device: device.to_owned(), with: Vec::new() };
                let fault = Fault { phase: Phase::Prepare, kind: FaultKind::SignIn, detail };
                return self.never_answered(errand, &order, fault);
            }
        };
        let _leave = self.leave().await;
        let mut exchange = self.transmit(errand, Some(device), &request.outgoing, &issues).await;
        exchange.parameters = Some(self.shown_parameters(request.parameters));
        exchange
    }

    /// The token request of a device's identity, and the secrets that its answer holds.
    pub(super) async fn token_outgoing(
        &self,
        step: &StepPath,
        name: &str,
        with: &[(String, Json)],
        limits: Limits,
    ) -> Result<(TokenRequest, Vec<crate::http::Issue>), String> {
        let (device, subject) = self.subject(name)?;
        let Scheme::OAuth2(oauth2) = &subject.identity.scheme else {
            return Err(format!("`{}` signs in by other means than a token request", subject.identity.name));
        };
        let next_id = || self.take_id();
        let means = self.means(device, &next_id);
        let (url, exchanges) = match self.site.tokens.token_url(oauth2, subject, &means).await {
            Ok(found) => found,
            Err(SignInFailed { reason, exchanges, .. }) => {
                self.tell_sign_in(step, exchanges);
                return Err(reason.to_string());
            }
        };
        self.tell_sign_in(step, exchanges);
        let signer = signer(oauth2, &subject, &means).map_err(|reason| reason.to_string())?;
        let sign_in = sign_in_origins(oauth2).map_err(|error| error.to_string())?;
        let issues = token_issues(oauth2, name, &self.site.origins, &sign_in).map_err(|error| error.to_string())?;
        Ok((token_request(oauth2, &url, &signer, with, limits), issues))
    }

    async fn transmit(
        &self,
        errand: Errand<'_>,
        name: Option<&str>,
        outgoing: &Outgoing,
        issues: &[crate::http::Issue],
    ) -> Exchange {
        let ask = self.ask(errand, name, outgoing, issues);
        let ahead = self.site.clock.ahead_millis();
        let mut exchange = self.door.send(ask).await;
        exchange.timing.moved_ms = u64::try_from(self.site.clock.ahead_millis() - ahead).unwrap_or(0);
        exchange
    }

    /// What the door is asked to send, over the connections and with the cookies of the device.
    pub(super) fn ask<'a>(
        &'a self,
        errand: Errand<'_>,
        name: Option<&'a str>,
        outgoing: &'a Outgoing,
        issues: &'a [crate::http::Issue],
    ) -> Ask<'a> {
        let device = name.and_then(|name| self.devices.get(name));
        Ask {
            id: errand.id,
            device: name,
            lane: device.map_or_else(|| self.devices.nobody(), |device| device.lane.id()),
            jar: device.map(|device| &*device.jar),
            outgoing,
            sent: errand.sent,
            issues,
        }
    }

    pub(super) fn subject(&self, name: &str) -> Result<(&CaseDevice, Subject<'_>), String> {
        let device = self.devices.get(name).ok_or_else(|| format!("no device is called `{name}`"))?;
        let identity = self.site.surface.identities.get(&device.identity);
        let identity = identity.ok_or_else(|| format!("the target has no identity `{}`", device.identity))?;
        Ok((device, Subject { identity, user: device.user, slot: device.slot, device: &device.name }))
    }

    pub(super) fn means<'a>(
        &'a self,
        device: &'a CaseDevice,
        next_id: &'a (dyn Fn() -> ExchangeId + Sync),
    ) -> Means<'a> {
        Means {
            door: &self.door,
            keyring: &self.site.keyring,
            target: &self.site.origins,
            clock: &*self.site.clock,
            lane: device.lane.id(),
            jar: Some(&*device.jar),
            limits: Limits { deadline: Deadline::after(SIGN_IN).sooner(self.deadline), ..self.limits() },
            seed: self.run.plan.seed,
            next_id,
        }
    }

    fn tell_sign_in(&self, step: &StepPath, exchanges: Vec<Exchange>) {
        for exchange in exchanges {
            self.tell_exchange(Some(step), None, Purpose::Token, exchange);
        }
    }

    /// An exchange in which nothing came, and perhaps nothing went.
    pub(super) fn never_answered(&self, errand: Errand<'_>, order: &Order, fault: Fault) -> Exchange {
        let (method, url) = match order {
            Order::Request(draft) => (draft.method.clone(), self.door.vault().mask_text(&draft.url).into_owned()),
            Order::Token { .. } => ("POST".to_owned(), String::new()),
            Order::Authorize { .. } => ("GET".to_owned(), String::new()),
        };
        Exchange {
            id: errand.id,
            device: order.device().map(str::to_owned),
            parameters: None,
            request: Request { method, url, headers: Vec::new(), body: Body::default() },
            answer: None,
            fault: Some(fault),
            irregular: Vec::new(),
            sent: errand.sent,
            timing: Timing::default(),
        }
    }

    /// What the device shows; signing in where that takes it.
    async fn shown(&self, step: &StepPath, draft: &Draft) -> Result<(Authorization, Vec<(String, String)>), String> {
        if let Shown::Bearer(token) = &draft.shown {
            return Ok((Authorization::Bearer(token.clone()), Vec::new()));
        }
        let Some(name) = &draft.device else { return Ok((Authorization::None, Vec::new())) };
        let (device, subject) = self.subject(name)?;
        let identity = subject.identity;
        let next_id = || self.take_id();
        let means = self.means(device, &next_id);
        if draft.shown == Shown::ClientBasic {
            let Scheme::OAuth2(oauth2) = &identity.scheme else {
                return Err(format!("`{}` has no OAuth client", identity.name));
            };
            let signer = signer(oauth2, &subject, &means).map_err(|reason| reason.to_string())?;
            let (Some(user), password) = (signer.client_id, signer.client_secret) else {
                return Err(format!("`{}` has no client id", identity.name));
            };
            return Ok((Authorization::Basic { user, password: password.unwrap_or_default() }, Vec::new()));
        }
        match self.site.tokens.credentials(subject, &means).await {
            Ok(credentials) => {
                self.tell_sign_in(step, credentials.exchanges);
                Ok((credentials.authorization, credentials.headers))
            }
            Err(SignInFailed { identity, reason, exchanges }) => {
                self.tell_sign_in(step, exchanges);
                Err(format!("signing in as `{identity}` failed: {reason}"))
            }
        }
    }
}
