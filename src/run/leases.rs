use std::collections::{BTreeMap, BTreeSet};

use crate::plan::{Case, Exclusivity};

/// The users that a case holds: device → number of the user, from zero.
pub(super) type Users = BTreeMap<String, usize>;

/// What cases share on a target: users, locks, the target as a whole. Two cases never hold the same at a time.
#[derive(Debug, Default)]
pub(super) struct Leases {
    /// Users that are held, by variant and identity.
    users: BTreeMap<(Option<String>, String), BTreeSet<usize>>,
    locks: BTreeSet<String>,
    running: usize,
    is_alone: bool,
}

impl Leases {
    /// Takes all that the case needs, or nothing. `mine` tells whether each case has a tenant of its own, whose users
    /// nobody else can hold.
    pub(super) fn take(&mut self, case: &Case, mine: bool) -> Option<Users> {
        if self.is_alone {
            return None;
        }
        match &case.exclusivity {
            Exclusivity::Alone(_) if self.running > 0 => return None,
            Exclusivity::Locks(locks) if locks.iter().any(|lock| self.locks.contains(lock)) => return None,
            Exclusivity::Alone(_) | Exclusivity::Locks(_) => {}
        }
        let users = self.choose(case, mine)?;
        if !mine {
            for device in &case.body.scenario.devices {
                if let Some(user) = users.get(&device.name) {
                    let key = (case.surface.variant.clone(), device.identity.clone());
                    self.users.entry(key).or_default().insert(*user);
                }
            }
        }
        match &case.exclusivity {
            Exclusivity::Alone(_) => self.is_alone = true,
            Exclusivity::Locks(locks) => self.locks.extend(locks.iter().cloned()),
        }
        self.running += 1;
        Some(users)
    }

    /// Gives back what the case held.
    pub(super) fn give_back(&mut self, case: &Case, users: &Users) {
        for device in &case.body.scenario.devices {
            let key = (case.surface.variant.clone(), device.identity.clone());
            if let (Some(user), Some(held)) = (users.get(&device.name), self.users.get_mut(&key)) {
                held.remove(user);
            }
        }
        match &case.exclusivity {
            Exclusivity::Alone(_) => self.is_alone = false,
            Exclusivity::Locks(locks) => self.locks.retain(|lock| !locks.contains(lock)),
        }
        self.running -= 1;
    }

    /// A user for each device that needs one; a device that shares has the user of the other.
    fn choose(&self, case: &Case, mine: bool) -> Option<Users> {
        let mut users = Users::new();
        let mut taken: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
        for device in &case.body.scenario.devices {
            let count = case.surface.identities.get(&device.identity).map_or(0, |identity| identity.users.len());
            if count == 0 || device.shares_with.is_some() {
                continue;
            }
            let key = (case.surface.variant.clone(), device.identity.clone());
            let held = if mine { None } else { self.users.get(&key) };
            let own = taken.entry(&device.identity).or_default();
            let free = (0..count).find(|user| !own.contains(user) && held.is_none_or(|held| !held.contains(user)))?;
            own.insert(free);
            users.insert(device.name.clone(), free);
        }
        // Those that share come last, whatever the order in which they stand.
        for device in &case.body.scenario.devices {
            let mut owner = device;
            while let Some(other) = &owner.shares_with
                && let Some(next) = case.body.scenario.devices.iter().find(|device| device.name == *other)
            {
                owner = next;
            }
            if let Some(user) = users.get(&owner.name).copied() {
                users.insert(device.name.clone(), user);
            }
        }
        Some(users)
    }
}
