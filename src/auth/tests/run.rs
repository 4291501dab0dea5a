use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use super::secret;
use crate::auth::{BoundSecret, Credentials, Keyring, Means, SignInFailed, Subject, Tokens, sign_in_origins};
use crate::clock::MovableClock;
use crate::event::ExchangeId;
use crate::http::tests::soon;
use crate::http::{Door, LaneId, Network, NetworkOptions, Policy};
use crate::suite::{Credential, Identity, Scheme};
use crate::value::{Origin, Vault};

pub(super) const CLIENT_SECRET: &str = "not-a-secret-client-1";
pub(super) const PASSWORD: &str = "not-a-secret-agent-1";
pub(super) const TOKEN: &str = "not-a-secret-token-1";
pub(super) const REFRESH: &str = "not-a-secret-refresh-0";

pub(super) fn origin(url: &str) -> Origin {
    Origin::parse(url).expect("a URL of the test")
}

/// Everything that a run has for its cases.
pub(super) struct Run {
    pub(super) tokens: Tokens,
    keyring: Keyring,
    pub(super) clock: MovableClock,
    network: Arc<Network>,
    policy: Arc<Policy>,
    pub(super) target: Vec<Origin>,
    ids: AtomicU32,
}

impl Run {
    pub(super) fn new(identity: &Identity, allowed: &[&str]) -> Self {
        let target = vec![origin("https://api.test")];
        let sign_in = match &identity.scheme {
            Scheme::OAuth2(oauth2) => sign_in_origins(oauth2).expect("all are URLs"),
            Scheme::Basic { .. } | Scheme::Headers(_) | Scheme::Static(_) => target.clone(),
        };
        let bound = ["agent.client_secret", "agent.password", "agent.refresh_token"].map(|name| match secret(name) {
            Credential::Secret(secret) => BoundSecret { secret, origins: sign_in.clone() },
            Credential::Open(_) => unreachable!("it is a secret"),
        });
        let keyring = Keyring::build(bound, |secret| {
            let value = match secret.name.as_str() {
                "agent.password" => PASSWORD,
                "agent.refresh_token" => REFRESH,
                _ => CLIENT_SECRET,
            };
            Ok::<_, std::io::Error>(value.to_owned())
        });
        Self {
            tokens: Tokens::new(),
            keyring: keyring.expect("all are long enough"),
            clock: MovableClock::real(),
            network: Arc::new(Network::new(&NetworkOptions::default()).expect("the options are fine")),
            policy: Arc::new(Policy::new(allowed.iter().map(|url| origin(url)), Vec::new())),
            target,
            ids: AtomicU32::new(0),
        }
    }

    /// The door of a new case.
    pub(super) fn door(&self) -> Door {
        let vault = Vault::new(self.keyring.masker().clone());
        Door::new(self.network.clone(), Arc::new(vault), Arc::clone(&self.policy))
    }

    pub(super) async fn credentials(&self, identity: &Identity, door: &Door) -> Result<Credentials, SignInFailed> {
        self.credentials_of(identity, door, 0).await
    }

    /// The credentials of one of several devices.
    pub(super) async fn credentials_of(
        &self,
        identity: &Identity,
        door: &Door,
        slot: u32,
    ) -> Result<Credentials, SignInFailed> {
        let next_id = || ExchangeId(self.ids.fetch_add(1, Ordering::Relaxed) + 1);
        let means = Means {
            door,
            keyring: &self.keyring,
            target: &self.target,
            clock: &self.clock,
            lane: LaneId(1),
            jar: None,
            limits: soon(),
            seed: 7,
            next_id: &next_id,
        };
        let subject = Subject { identity, user: Some(0), slot, device: "desk" };
        self.tokens.credentials(subject, &means).await
    }
}
