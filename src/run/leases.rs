use std::collections::{BTreeMap, BTreeSet};

use crate::plan::{Case, Exclusivity, Sharing};

/// The users that a case holds: device → number of the user, from zero.
pub(super) type Users = BTreeMap<String, usize>;

/// How many cases may be started before one that has waited for the same things longer.
const PATIENCE: u32 = 32;

/// What cases share on a target: users, locks, the target as a whole. Two cases never hold the same at a time.
///
/// A case that cannot be started lets others go first, so that nobody waits for what they do not need; but when many
/// have gone first, whoever needs the same waits until it has had its turn.
#[derive(Debug, Default)]
pub(super) struct Leases {
    /// Users that are held, by variant and identity.
    users: BTreeMap<UserList, BTreeSet<usize>>,
    locks: BTreeSet<String>,
    running: usize,
    is_alone: bool,
    /// Cases that were refused, by their place in the plan: what they need, and how many have gone first since.
    refused: BTreeMap<usize, (Claim, u32)>,
}

/// The users of an identity in a variant.
type UserList = (Option<String>, String);

/// What a case needs to have for itself.
#[derive(Clone, Debug)]
struct Claim {
    exclusivity: Exclusivity,
    users: BTreeSet<UserList>,
}

impl Claim {
    fn of(case: &Case) -> Self {
        let users = match case.sharing {
            // Nobody else can hold the users of a tenant of its own.
            Sharing::TenantEach => BTreeSet::new(),
            Sharing::OneTenant => {
                case.body.scenario.devices.iter().map(|device| user_list(case, &device.identity)).collect()
            }
        };
        Self { exclusivity: case.exclusivity.clone(), users }
    }

    /// Whether one of the two can keep the other from being started.
    fn is_at_odds_with(&self, other: &Self) -> bool {
        let by_locks = match (&self.exclusivity, &other.exclusivity) {
            (Exclusivity::Alone(_), _) | (_, Exclusivity::Alone(_)) => true,
            (Exclusivity::Locks(ours), Exclusivity::Locks(theirs)) => ours.iter().any(|lock| theirs.contains(lock)),
        };
        by_locks || !self.users.is_disjoint(&other.users)
    }
}

impl Leases {
    /// Takes all that the case needs, or nothing.
    pub(super) fn take(&mut self, case: &Case) -> Option<Users> {
        let claim = Claim::of(case);
        let users = if self.is_kept_for_others(case, &claim) { None } else { self.try_take(case) };
        if users.is_some() {
            self.refused.remove(&case.index);
            for (other, overtaken) in self.refused.values_mut() {
                *overtaken += u32::from(other.is_at_odds_with(&claim));
            }
        } else {
            self.refused.entry(case.index).or_insert((claim, 0));
        }
        users
    }

    /// Gives back what the case held.
    pub(super) fn give_back(&mut self, case: &Case, users: &Users) {
        if case.sharing == Sharing::OneTenant {
            for device in &case.body.scenario.devices {
                let held = self.users.get_mut(&user_list(case, &device.identity));
                if let (Some(user), Some(held)) = (users.get(&device.name), held) {
                    held.remove(user);
                }
            }
        }
        match &case.exclusivity {
            Exclusivity::Alone(_) => self.is_alone = false,
            Exclusivity::Locks(locks) => self.locks.retain(|lock| !locks.contains(lock)),
        }
        self.running -= 1;
    }

    /// Whether a case that has waited long enough needs the same.
    fn is_kept_for_others(&self, case: &Case, claim: &Claim) -> bool {
        let mut waited = self.refused.iter().filter(|(_, (_, overtaken))| *overtaken >= PATIENCE);
        // Of several that have waited, the first in the plan goes first.
        let mut before = waited.by_ref().take_while(|(index, _)| **index != case.index);
        before.any(|(_, (other, _))| other.is_at_odds_with(claim))
            || !self.has_waited(case) && waited.any(|(_, (other, _))| other.is_at_odds_with(claim))
    }

    fn has_waited(&self, case: &Case) -> bool {
        self.refused.get(&case.index).is_some_and(|(_, overtaken)| *overtaken >= PATIENCE)
    }

    fn try_take(&mut self, case: &Case) -> Option<Users> {
        if self.is_alone {
            return None;
        }
        match &case.exclusivity {
            Exclusivity::Alone(_) if self.running > 0 => return None,
            Exclusivity::Locks(locks) if locks.iter().any(|lock| self.locks.contains(lock)) => return None,
            Exclusivity::Alone(_) | Exclusivity::Locks(_) => {}
        }
        let users = self.choose(case)?;
        if case.sharing == Sharing::OneTenant {
            for device in &case.body.scenario.devices {
                if let Some(user) = users.get(&device.name) {
                    self.users.entry(user_list(case, &device.identity)).or_default().insert(*user);
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

    /// A user for each device that needs one; a device that shares has the user of the other.
    fn choose(&self, case: &Case) -> Option<Users> {
        let mut users = Users::new();
        let mut taken: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
        for device in &case.body.scenario.devices {
            let count = case.surface.identities.get(&device.identity).map_or(0, |identity| identity.users.len());
            if count == 0 || device.shares_with.is_some() {
                continue;
            }
            let held = match case.sharing {
                Sharing::TenantEach => None,
                Sharing::OneTenant => self.users.get(&user_list(case, &device.identity)),
            };
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

fn user_list(case: &Case, identity: &str) -> UserList {
    (case.surface.variant.clone(), identity.to_owned())
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;
    use std::sync::Arc;

    use super::*;
    use crate::diag::{Diagnostics, Sources};
    use crate::plan::{Plan, PlanOptions, Selection, plan};
    use crate::suite::{Embedded, LoadOptions, load, load_targets};

    /// The cases of these scenarios, in order, on a target with two users and an identity without.
    fn cases(scenarios: &[&str]) -> Vec<Arc<Case>> {
        let steps = "steps:\n  - request: GET /\n    expect: 200\n";
        let texts = scenarios.iter().map(|keys| format!("scenario: one\n{keys}\n{steps}"));
        let text = texts.collect::<Vec<_>>().join("---\n");
        let text: &'static str = text.leak();
        let files: &'static [(&'static str, &'static [u8])] = vec![("all.yaml", text.as_bytes())].leak();
        let suite = load(&Embedded { origin: "test", files }, &LoadOptions::default()).unwrap().suite;
        let target = b"targets: { t: { base_url: 'http://127.0.0.1:1', identities: { agent: { basic: {}, users: [{ username: a, password: { env: A } }, { username: b, password: { env: B } }] } } } }";
        let mut out = Diagnostics::new();
        let target = load_targets("t.yaml", target, &mut Sources::default(), &mut out).remove(0);
        let options = PlanOptions {
            selection: Selection::default(),
            seed: 7,
            variables: BTreeMap::new(),
            base_url: None,
            longest_wait: std::time::Duration::ZERO,
        };
        let planned: Plan = plan(&Arc::new(suite), &Arc::new(target), &options).unwrap();
        planned.cases
    }

    /// Starts all that can be started, as the dispatcher does; each case in `running` holds what it took.
    fn start(
        leases: &mut Leases,
        waiting: &mut VecDeque<Arc<Case>>,
        running: &mut Vec<(Arc<Case>, Users)>,
        jobs: usize,
    ) {
        let mut at = 0;
        while running.len() < jobs && at < waiting.len() {
            match leases.take(&waiting[at]) {
                Some(users) => running.push((waiting.remove(at).unwrap(), users)),
                None => at += 1,
            }
        }
    }

    fn id(case: &Case) -> &str {
        case.id().as_str()
    }

    #[test]
    fn a_common_lock_and_the_target_as_a_whole_are_held_by_one_case_at_a_time() {
        let all = cases(&["locks: [a]", "locks: [a, b]", "locks: [b]", "locks: ['*']", ""]);
        let mut leases = Leases::default();
        let first = leases.take(&all[0]).unwrap();
        assert!(leases.take(&all[1]).is_none());
        let third = leases.take(&all[2]).unwrap();
        assert!(leases.take(&all[3]).is_none());
        leases.give_back(&all[0], &first);
        assert!(leases.take(&all[1]).is_none(), "the other lock is held");
        leases.give_back(&all[2], &third);
        let alone = leases.take(&all[3]).unwrap();
        assert!(leases.take(&all[4]).is_none());
        leases.give_back(&all[3], &alone);
        assert!(leases.take(&all[1]).is_some());
        assert!(leases.take(&all[4]).is_some());
    }

    #[test]
    fn no_two_cases_hold_the_same_user() {
        let all = cases(&["as: agent", "as: agent", "as: agent"]);
        let mut leases = Leases::default();
        let first = leases.take(&all[0]).unwrap();
        let second = leases.take(&all[1]).unwrap();
        assert_ne!(first, second);
        assert!(leases.take(&all[2]).is_none());
        leases.give_back(&all[0], &first);
        assert_eq!(leases.take(&all[2]), Some(first));
    }

    #[test]
    fn a_case_that_waits_for_a_lock_keeps_no_other_from_being_started() {
        let all = cases(&["locks: [a]", "locks: [a]", "locks: [a]", "", "as: agent"]);
        let mut leases = Leases::default();
        let mut waiting = all.iter().cloned().collect();
        let mut running = Vec::new();
        start(&mut leases, &mut waiting, &mut running, 8);
        assert_eq!(running.iter().map(|(case, _)| id(case)).collect::<Vec<_>>(), ["all.1", "all.4", "all.5"]);
    }

    /// How many cases of a line without end are started before the first, which needs `keys`, gets its turn.
    fn overtaken(keys: &str, others: &str) -> u32 {
        let all = cases(&[keys, others]);
        let mut leases = Leases::default();
        let mut running: VecDeque<(Arc<Case>, Users)> = VecDeque::new();
        for _ in 0..2 {
            running.push_back((Arc::clone(&all[1]), leases.take(&all[1]).unwrap()));
        }
        for started in 0..1000 {
            if leases.take(&all[0]).is_some() {
                return started;
            }
            // One ends, and the next of the others is there at once.
            if let Some((ended, users)) = running.pop_front() {
                leases.give_back(&ended, &users);
            }
            if leases.take(&all[0]).is_some() {
                return started;
            }
            if let Some(users) = leases.take(&all[1]) {
                running.push_back((Arc::clone(&all[1]), users));
            }
        }
        panic!("it never got its turn");
    }

    #[test]
    fn a_case_that_must_be_alone_gets_its_turn_however_many_others_come() {
        assert!(overtaken("locks: ['*']", "") <= PATIENCE + 2);
    }

    #[test]
    fn a_case_that_needs_two_users_at_a_time_gets_its_turn_too() {
        assert!(overtaken("devices: { one: agent, two: agent }", "as: agent") <= PATIENCE + 2);
    }

    #[test]
    fn every_case_of_a_mixed_plan_comes_to_its_turn() {
        let kinds =
            ["", "locks: [a]", "locks: ['*']", "as: agent", "devices: { one: agent, two: agent }", "locks: [a, b]"];
        let all = cases(&(0..120).map(|at| kinds[at % kinds.len()]).collect::<Vec<_>>());
        let mut leases = Leases::default();
        let mut waiting: VecDeque<_> = all.iter().cloned().collect();
        let mut running: Vec<(Arc<Case>, Users)> = Vec::new();
        let mut done = 0;
        while done < all.len() {
            start(&mut leases, &mut waiting, &mut running, 8);
            assert!(!running.is_empty(), "{} wait, and nothing runs", waiting.len());
            let (ended, users) = running.remove(done % running.len());
            leases.give_back(&ended, &users);
            done += 1;
        }
        assert!(leases.refused.is_empty());
    }
}
