use std::sync::Arc;

use crate::http::{Jar, Lane, LaneId};
use crate::plan::Case;

use super::World;
use super::leases::Users;

/// A device of a case, with connections and cookies of its own.
pub(super) struct CaseDevice {
    /// Its name.
    pub(super) name: String,
    /// Whose it is.
    pub(super) identity: String,
    /// Which user of the identity, from zero; none for a machine.
    pub(super) user: Option<usize>,
    /// Which of the devices of that user, from zero: each has a token of its own.
    pub(super) slot: u32,
    /// Its connections.
    pub(super) lane: Lane,
    /// Its cookies.
    pub(super) jar: Arc<Jar>,
}

/// The devices of a case, and what nobody uses.
pub(super) struct Devices {
    all: Vec<CaseDevice>,
    nobody: Lane,
}

impl Devices {
    pub(super) fn new(case: &Case, users: &Users, world: &World) -> Self {
        let mut all: Vec<CaseDevice> = Vec::new();
        for device in &case.body.scenario.devices {
            let user = users.get(&device.name).copied();
            let others = all.iter().filter(|other| other.identity == device.identity && other.user == user).count();
            all.push(CaseDevice {
                name: device.name.clone(),
                identity: device.identity.clone(),
                user,
                slot: u32::try_from(others).unwrap_or(u32::MAX),
                lane: world.lanes.lease(),
                jar: Arc::new(Jar::new()),
            });
        }
        Self { all, nobody: world.lanes.lease() }
    }

    /// One machine, or none: what a target runs around cases leases no user.
    pub(super) fn machine(identity: Option<&str>, world: &World) -> Self {
        let machine = identity.map(|identity| CaseDevice {
            name: identity.to_owned(),
            identity: identity.to_owned(),
            user: None,
            slot: 0,
            lane: world.lanes.lease(),
            jar: Arc::new(Jar::new()),
        });
        Self { all: machine.into_iter().collect(), nobody: world.lanes.lease() }
    }

    pub(super) fn get(&self, name: &str) -> Option<&CaseDevice> {
        self.all.iter().find(|device| device.name == name)
    }

    /// The connections that nobody in particular uses.
    pub(super) fn nobody(&self) -> LaneId {
        self.nobody.id()
    }
}
