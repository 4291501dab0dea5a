use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use crate::auth::{Keyring, NoOrigin, Tokens, allowed_origins, target_origins};
use crate::clock::{Clock, MovableClock};
use crate::http::{Lanes, Policy, Transport};
use crate::plan::{Plan, Resolved};
use crate::suite::{ClockControl, Surface};
use crate::value::{Json, Missing, Origin};

use super::secrets::{all_bound, keyring};
use super::{Pacer, SecretReader, Tenants};

/// What a run needs of the world around it.
#[derive(Clone)]
pub struct WorldParts {
    /// Sends requests.
    pub transport: Arc<dyn Transport>,
    /// Gives secrets.
    pub secrets: SecretReader,
    /// Opens a tenant for each case of an embedded target.
    pub tenants: Option<Arc<dyn Tenants>>,
    /// This machine's clock.
    pub clock: Arc<dyn Clock>,
}

/// Why a run cannot begin.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WorldError {
    /// A URL of the target has no origin.
    #[error("the target's URLs: {0}")]
    Origin(#[from] NoOrigin),
    /// A secret cannot be used.
    #[error("{0}")]
    Secret(String),
    /// The target is embedded, and nobody serves it.
    #[error("the target is embedded, and this program was started without a tenant to serve")]
    NoTenants,
}

/// The world of a run.
pub struct World {
    pub(super) transport: Arc<dyn Transport>,
    pub(super) secrets: SecretReader,
    pub(super) tenants: Option<Arc<dyn Tenants>>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) lanes: Lanes,
    pub(super) pacer: Pacer,
    /// What all cases share on a target that is there before the run; each embedded tenant has its own.
    shared: BTreeMap<Option<String>, Arc<Site>>,
    /// Where what is run around cases goes, where there is such a thing.
    hooks: BTreeMap<Option<String>, Arc<Site>>,
    /// The clock of a target that is there before the run.
    pub(super) common_clock: Arc<MovableClock>,
}

/// A target at its place, with what is bound to it.
pub(super) struct Site {
    /// The target in one variant, addresses put in.
    pub(super) surface: Resolved,
    /// The operator's secrets.
    pub(super) keyring: Keyring,
    /// Tokens that were issued.
    pub(super) tokens: Tokens,
    /// Where requests may go.
    pub(super) policy: Arc<Policy>,
    /// Where tokens may go.
    pub(super) origins: Vec<Origin>,
    /// Where the clock is moved, if it can be.
    pub(super) clock_origin: Option<Origin>,
    /// The control address of an embedded tenant.
    pub(super) control: Option<String>,
    /// The target's clock.
    pub(super) clock: Arc<MovableClock>,
}

impl World {
    /// The world of this plan.
    ///
    /// # Errors
    /// [`WorldError`] when the target's URLs or secrets cannot be used.
    pub fn new(plan: &Plan, parts: WorldParts) -> Result<Self, WorldError> {
        let mut shared = BTreeMap::new();
        let mut hooks = BTreeMap::new();
        // The variants of a target are one place: whoever moves its clock moves it for all.
        let common_clock = Arc::new(MovableClock::real());
        if plan.is_embedded() {
            if parts.tenants.is_none() && !plan.cases.is_empty() {
                return Err(WorldError::NoTenants);
            }
        } else {
            for surface in &plan.surfaces {
                let clock = Arc::clone(&common_clock);
                if plan.hooks.are_there() {
                    let known = if plan.hooks.setup.is_some() { surface.plain() } else { (**surface).clone() };
                    let site = Site::new(plan, known, None, clock, &parts.secrets)?;
                    hooks.insert(surface.variant.clone(), Arc::new(site));
                } else {
                    let site = Site::new(plan, (**surface).clone(), None, clock, &parts.secrets)?;
                    shared.insert(surface.variant.clone(), Arc::new(site));
                }
            }
        }
        Ok(Self {
            transport: parts.transport,
            secrets: parts.secrets,
            tenants: parts.tenants,
            clock: parts.clock,
            lanes: Lanes::new(),
            pacer: Pacer::new(plan.target.pace),
            shared,
            hooks,
            common_clock,
        })
    }

    /// The place that cases of this variant share, on a target that is there before the run.
    pub(super) fn site(&self, variant: Option<&str>) -> Option<Arc<Site>> {
        self.shared.get(&variant.map(str::to_owned)).cloned()
    }
}

impl World {
    /// The place of what is run around cases of this variant.
    pub(super) fn hook_site(&self, variant: Option<&str>) -> Option<Arc<Site>> {
        self.hooks.get(&variant.map(str::to_owned)).cloned()
    }
}

impl Site {
    /// The place of a target; `control` is the control address of an embedded tenant.
    pub(super) fn new(
        plan: &Plan,
        resolved: Resolved,
        control: Option<&str>,
        clock: Arc<MovableClock>,
        secrets: &SecretReader,
    ) -> Result<Self, WorldError> {
        let surface: Surface = resolved.surface();
        let clock_url =
            resolved.clock.as_ref().and_then(|control_of| clock_url(control_of, control, Duration::ZERO).ok());
        let bound = all_bound(&plan.target, std::slice::from_ref(&surface), clock_url.as_deref())?;
        Ok(Self {
            keyring: keyring(bound, secrets).map_err(WorldError::Secret)?,
            tokens: Tokens::new(),
            policy: Arc::new(Policy::new(allowed_origins(&surface)?, plan.suite.secret.clone())),
            origins: target_origins(&surface)?,
            clock_origin: clock_url.as_deref().and_then(Origin::parse),
            control: control.map(str::to_owned),
            clock,
            surface: resolved,
        })
    }
}

/// Where the clock is moved by `span`, with the control address of an embedded tenant put in.
pub(super) fn clock_url(clock: &ClockControl, control: Option<&str>, span: Duration) -> Result<String, Missing> {
    let url = clock.url.render(&milliseconds(span))?;
    Ok(match (control, url.strip_prefix("control:")) {
        (Some(control), Some(rest)) => format!("{control}{rest}"),
        (Some(_) | None, _) => url,
    })
}

/// The one name that a clock's request may use.
pub(super) fn milliseconds(span: Duration) -> BTreeMap<String, Json> {
    let millis = u64::try_from(span.as_millis()).unwrap_or(u64::MAX);
    BTreeMap::from([("milliseconds".to_owned(), Json::from(millis))])
}

/// How long a sign-in may take.
pub(super) const SIGN_IN: Duration = Duration::from_secs(30);
