use std::sync::Arc;

use futures_util::future::join_all;
use url::Url;

use crate::clock::Timestamp;
use crate::event::{Body, Exchange, ExchangeId, Fault, FaultKind, Header, Phase, Request, Timing};
use crate::value::{Form, Json, Origin, Unbound, Vault};

use super::dots::{dotted, written};
use super::encode::{Encoded, Reveal, encode};
use super::failure::bad_request;
use super::learn::Lesson;
use super::mask::{Mask, Recorded};
use super::{Issue, Jar, LaneId, Limits, Outgoing, Policy, Transport, WireOutcome, WireRequest};

/// The one place where secrets pass: handles go in and come out, values go over the wire.
///
/// There is one for each case, with the case's own vault.
pub struct Door {
    transport: Arc<dyn Transport>,
    vault: Arc<Vault>,
    policy: Arc<Policy>,
}

/// A request to be sent, and by whom.
#[derive(Clone, Copy)]
pub struct Ask<'a> {
    /// The number of the exchange within the case.
    pub id: ExchangeId,
    /// The device that sends; absent for `nobody`.
    pub device: Option<&'a str>,
    /// The connections to use.
    pub lane: LaneId,
    /// The cookies of the device.
    pub jar: Option<&'a Jar>,
    /// The request.
    pub outgoing: &'a Outgoing,
    /// The time now, by the target's clock.
    pub sent: Timestamp,
    /// Secrets that the answer is expected to hold.
    pub issues: &'a [Issue],
}

/// An exchange that is over and not masked yet; nothing can be seen of it until [`Door::seal`] has.
pub struct Unsealed<'a> {
    ask: Ask<'a>,
    /// What went over the wire; absent when nothing did.
    sent: Option<Ready>,
    outcome: WireOutcome,
}

impl Unsealed<'_> {
    /// The status of the complete answer, if one came: that much is no secret.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        let Self { outcome: WireOutcome { fault: None, answer: Some(answer), .. }, .. } = self else { return None };
        Some(answer.status)
    }
}

/// A request that may go out, with the secrets in it.
struct Ready {
    url: Url,
    dotted: Option<String>,
    encoded: Encoded,
}

impl Door {
    /// The door of a case.
    #[must_use]
    pub fn new(transport: Arc<dyn Transport>, vault: Arc<Vault>, policy: Arc<Policy>) -> Self {
        Self { transport, vault, policy }
    }

    /// The secrets of the case, for facts about them.
    #[must_use]
    pub fn vault(&self) -> &Arc<Vault> {
        &self.vault
    }

    /// What is let through.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Sends a request and masks what came of it. What goes wrong is part of the exchange.
    pub async fn send(&self, ask: Ask<'_>) -> Exchange {
        let unsealed = self.transmit(ask).await;
        self.seal(unsealed)
    }

    /// Sends a request. Several may be under way at the same time; sealed in a fixed order, their secrets have the same
    /// handles in every run.
    pub async fn transmit<'a>(&self, ask: Ask<'a>) -> Unsealed<'a> {
        match self.prepare(&ask) {
            Err(fault) => {
                let outcome = WireOutcome { fault: Some(fault), ..WireOutcome::default() };
                Unsealed { ask, sent: None, outcome }
            }
            Ok(ready) => {
                let request = WireRequest {
                    method: ask.outgoing.method.clone(),
                    url: ready.url.clone(),
                    dotted: ready.dotted.clone(),
                    hostless: ask.outgoing.leaves_out("host"),
                    headers: ready.encoded.headers.clone(),
                    body: ready.encoded.body.clone().into(),
                    limits: ask.outgoing.limits,
                };
                let outcome = self.transport.send(ask.lane, request).await;
                Unsealed { ask, sent: Some(ready), outcome }
            }
        }
    }

    /// Opens a connection for each of these requests, so that they can be sent at the same moment. What goes wrong is
    /// told when they are sent.
    pub async fn warm(&self, asks: &[Ask<'_>]) {
        let mut wanted: Vec<(LaneId, Url, usize, Limits)> = Vec::new();
        for ask in asks {
            let Ok(Ready { url, .. }) = self.prepare(ask) else { continue };
            match wanted.iter_mut().find(|(lane, known, ..)| *lane == ask.lane && known.origin() == url.origin()) {
                Some((_, _, count, _)) => *count += 1,
                None => wanted.push((ask.lane, url, 1, ask.outgoing.limits)),
            }
        }
        let warming = wanted.iter().map(|(lane, url, count, limits)| self.transport.warm(*lane, url, *count, limits));
        join_all(warming).await;
    }

    /// Learns what the answer issued and puts handles in the place of all secrets.
    #[must_use]
    pub fn seal(&self, unsealed: Unsealed<'_>) -> Exchange {
        let Unsealed { ask, sent, outcome } = unsealed;
        let mask = Mask(&self.vault);
        let mut fault = outcome.fault;
        let request = match &sent {
            None => self.refused(&ask),
            Some(ready) => {
                let learned = outcome.answer.as_ref().map_or(Ok(()), |answer| {
                    let lesson = self.lesson(&ask, &ready.url, outcome.timing);
                    lesson.learn(answer)
                });
                if let Err(error) = learned {
                    fault.get_or_insert(Fault {
                        phase: Phase::Body,
                        kind: FaultKind::TooLarge,
                        detail: format!("the secrets in the body cannot be found: {error}"),
                    });
                }
                self.as_sent(&ask, ready, outcome.timing)
            }
        };
        let recorded = if fault.is_none() { Recorded::Whole } else { Recorded::SizeOnly };
        Exchange {
            id: ask.id,
            device: ask.device.map(str::to_owned),
            parameters: None,
            request,
            answer: outcome.answer.map(|answer| mask.answer(&answer, recorded)),
            fault: fault.map(|fault| mask.fault(&fault, &outcome.junk)),
            irregular: outcome.irregular.iter().map(|one| mask.irregularity(one)).collect(),
            sent: ask.sent,
            timing: outcome.timing,
        }
    }

    fn lesson<'a>(&'a self, ask: &Ask<'a>, url: &'a Url, timing: Timing) -> Lesson<'a> {
        Lesson {
            vault: &self.vault,
            policy: &self.policy,
            issues: ask.issues,
            device: ask.device,
            jar: ask.jar,
            url,
            ended: ask.sent.plus(timing.elapsed()),
        }
    }

    /// Decides whether the request may go out, and puts the secrets in.
    fn prepare(&self, ask: &Ask<'_>) -> Result<Ready, Fault> {
        let text = Form::Percent.apply_to_handles(&ask.outgoing.url);
        let parse = |text: &str| {
            let url = Url::parse(text).map_err(|error| bad_request(format!("`{text}` is no URL: {error}")))?;
            if !matches!(url.scheme(), "http" | "https") {
                return Err(bad_request(format!("only http and https are spoken, not `{}`", url.scheme())));
            }
            if !url.username().is_empty() || url.password().is_some() {
                return Err(bad_request("a name or a password in a URL is not sent".to_owned()));
            }
            let origin = Origin::of(&url).ok_or_else(|| bad_request(format!("`{text}` has no host")))?;
            Ok((url, origin))
        };
        let (_, origin) = parse(&text)?;
        if !self.policy.allows(&origin) {
            let detail = format!("{origin} is not a place of this target");
            return Err(Fault { phase: Phase::Prepare, kind: FaultKind::HostNotAllowed, detail });
        }
        let values = Values { vault: &self.vault, origin: &origin };
        let text = values.text(&text).map_err(|error| unbound(&error))?;
        let (mut url, revealed) = parse(&text)
            // The text holds secrets now, so nothing may be told about it.
            .map_err(|_| bad_request("the URL is none once its secrets are put in".to_owned()))?;
        if revealed != origin {
            return Err(bad_request("a secret would change where the request goes".to_owned()));
        }
        let dotted = dotted(&text)?;
        url.set_fragment(None);
        let cookies = ask.jar.map(|jar| jar.cookies_for(&url, ask.sent)).unwrap_or_default();
        let encoded = encode(ask.outgoing, cookies, &values).map_err(|error| unbound(&error))?;
        Ok(Ready { url, dotted, encoded })
    }

    /// The request as it was sent, masked.
    fn as_sent(&self, ask: &Ask<'_>, ready: &Ready, timing: Timing) -> Request {
        let Ready { url, dotted, encoded } = ready;
        let origin: Vec<Origin> = Origin::of(url).into_iter().collect();
        let lesson = self.lesson(ask, url, timing);
        if let Some(basic) = &encoded.basic
            && self.vault.mask_text(basic) != *basic
        {
            // A pair with a secret in it is a secret of its own, so that it is told as one.
            let _ = self.vault.learn(&lesson.name("basic"), basic, &origin);
        }
        for (_, value) in encoded.headers.iter().filter(|(name, _)| name == "authorization") {
            let credentials = value.split_once(' ').map_or(value.as_str(), |(_, credentials)| credentials);
            if encoded.basic.is_none() {
                let _ = self.vault.learn(&lesson.name("authorization"), credentials, &origin);
            }
        }
        let mask = Mask(&self.vault);
        Request {
            method: ask.outgoing.method.clone(),
            url: self.vault.mask_text(&written(url, dotted.as_deref())).into_owned(),
            headers: encoded
                .headers
                .iter()
                .map(|(name, value)| Header::new(&self.vault.mask_text(name), mask.line(value.as_bytes())))
                .collect(),
            body: mask.body(&encoded.body),
        }
    }

    /// A request that was not sent, as it was meant: its handles are ours already.
    fn refused(&self, ask: &Ask<'_>) -> Request {
        let own = |text: &str| self.vault.mask_own_text(text).into_owned();
        // Base64 of a handle would tell nobody anything.
        let outgoing = Outgoing { authorization: super::Authorization::None, ..ask.outgoing.clone() };
        let Ok(encoded) = encode(&outgoing, Vec::new(), &AsMeant);
        let body = match std::str::from_utf8(&encoded.body) {
            Ok(text) => Body::text(own(text), encoded.body.len() as u64),
            Err(_) => Body::bytes(&self.vault.mask_bytes(&encoded.body)),
        };
        Request {
            method: ask.outgoing.method.clone(),
            url: own(&ask.outgoing.url),
            headers: encoded.headers.iter().map(|(name, value)| Header::new(name, own(value))).collect(),
            body,
        }
    }
}

fn unbound(error: &Unbound) -> Fault {
    Fault { phase: Phase::Prepare, kind: FaultKind::SecretNotBound, detail: error.to_string() }
}

/// Puts in what is bound to the origin.
struct Values<'a> {
    vault: &'a Vault,
    origin: &'a Origin,
}

impl Reveal for Values<'_> {
    type Error = Unbound;

    fn text(&self, text: &str) -> Result<String, Unbound> {
        self.vault.reveal(text, self.origin)
    }

    fn json(&self, json: &Json) -> Result<Json, Unbound> {
        self.vault.reveal_json(json, self.origin)
    }
}

/// Leaves handles where they are.
struct AsMeant;

impl Reveal for AsMeant {
    type Error = std::convert::Infallible;

    fn text(&self, text: &str) -> Result<String, Self::Error> {
        Ok(text.to_owned())
    }

    fn json(&self, json: &Json) -> Result<Json, Self::Error> {
        Ok(json.clone())
    }
}
