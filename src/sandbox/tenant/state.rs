use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio_util::sync::CancellationToken;

use super::{AgentId, Applications, Directory, Entropy, Held, Journal, Limits, TenantTime};
use crate::clock::{Rng, Timestamp};
use crate::sandbox::credentials::Credentials;
use crate::sandbox::defects::Switches;
use crate::sandbox::extraction::Extractions;
use crate::sandbox::patron::ChatIds;
use crate::sandbox::reports::ReportJobs;
use crate::sandbox::session::Desk;
use crate::sandbox::tokens::{Browsers, Codes, Tokens};

/// What a tenant is made from.
pub(crate) struct TenantSeed<'a> {
    /// Its URL, without a slash at its end.
    pub(crate) address: String,
    /// Who may sign in.
    pub(crate) credentials: &'a Credentials,
    /// What its ids and tokens derive from.
    pub(crate) entropy: &'a Entropy,
    /// Cancelled when it closes.
    pub(crate) closing: CancellationToken,
}

/// One simulated tenant: plain state machines, each behind its own lock, none of which is held while waiting.
pub(crate) struct Tenant {
    /// Its URL, without a slash at its end.
    pub(crate) address: String,
    /// The id of the tenant, as discovery tells it.
    pub(crate) uuid: String,
    /// Who and what was set up.
    pub(crate) directory: Directory,
    /// Which applications may ask for tokens.
    pub(crate) applications: Applications,
    /// Its clock.
    pub(crate) time: TenantTime,
    /// Cancelled when it closes: whoever is held is let go.
    pub(crate) closing: CancellationToken,
    /// How many polls are held now.
    pub(crate) held: Held,
    /// Which promises it breaks.
    pub(crate) defects: Switches,
    /// The ids of patrons' chats.
    pub(crate) chat_ids: ChatIds,
    tokens: Mutex<Tokens>,
    codes: Mutex<Codes>,
    browsers: Mutex<Browsers>,
    desk: Mutex<Desk>,
    reports: Mutex<ReportJobs>,
    extractions: Mutex<Extractions>,
    limits: Mutex<Limits>,
    journal: Mutex<Journal>,
}

impl Tenant {
    /// A fresh tenant.
    pub(crate) fn new(seed: TenantSeed<'_>) -> Self {
        let defects = Switches::default();
        Self {
            uuid: seed.entropy.stream("tenant").uuid(),
            address: seed.address,
            directory: Directory::of(seed.credentials),
            applications: Applications::of(seed.credentials),
            time: TenantTime::real(),
            closing: seed.closing,
            held: Held::default(),
            chat_ids: ChatIds::new(seed.entropy),
            tokens: Mutex::new(Tokens::new(seed.entropy).with(defects.clone())),
            codes: Mutex::new(Codes::new(seed.entropy).with(defects.clone())),
            browsers: Mutex::new(Browsers::new(seed.entropy)),
            desk: Mutex::new(Desk::new(seed.entropy).with(defects.clone())),
            reports: Mutex::default(),
            extractions: Mutex::new(Extractions::new(seed.entropy)),
            limits: Mutex::default(),
            journal: Mutex::default(),
            defects,
        }
    }

    /// The tenant's time now.
    pub(crate) fn now(&self) -> Timestamp {
        self.time.now()
    }

    /// Its host and port.
    pub(crate) fn domain(&self) -> &str {
        self.address.split_once("://").map_or(&*self.address, |(_, authority)| authority)
    }

    /// The id of a user, as tokens tell it.
    pub(crate) fn user_uuid(&self, agent: AgentId) -> String {
        Rng::derive(agent.0.into(), &[&self.uuid, "user"]).uuid()
    }

    /// The id of the team, as some lists tell it.
    pub(crate) fn team_uuid(&self) -> String {
        Rng::derive(0, &[&self.uuid, "team"]).uuid()
    }

    /// The tokens.
    pub(crate) fn tokens(&self) -> MutexGuard<'_, Tokens> {
        locked(&self.tokens)
    }

    /// The authorization codes.
    pub(crate) fn codes(&self) -> MutexGuard<'_, Codes> {
        locked(&self.codes)
    }

    /// The browsers that people are signed in by.
    pub(crate) fn browsers(&self) -> MutexGuard<'_, Browsers> {
        locked(&self.browsers)
    }

    /// The agent sessions and the contacts.
    pub(crate) fn desk(&self) -> MutexGuard<'_, Desk> {
        locked(&self.desk)
    }

    /// The report jobs.
    pub(crate) fn reports(&self) -> MutexGuard<'_, ReportJobs> {
        locked(&self.reports)
    }

    /// The data-extraction jobs.
    pub(crate) fn extractions(&self) -> MutexGuard<'_, Extractions> {
        locked(&self.extractions)
    }

    /// The rate limits.
    pub(crate) fn limits(&self) -> MutexGuard<'_, Limits> {
        locked(&self.limits)
    }

    /// What was asked.
    pub(crate) fn journal(&self) -> MutexGuard<'_, Journal> {
        locked(&self.journal)
    }
}

/// A lock that a panicking holder left is taken all the same: one broken request must not end the tenant.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
