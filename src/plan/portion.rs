use std::collections::BTreeSet;
use std::sync::Arc;

use crate::event::{Shard, ShardHead};

use super::{Case, Plan};

impl Plan {
    /// The same plan without any case but these, by their ids without the number of a repetition. The ids that are none
    /// of the plan's come along.
    #[must_use]
    pub fn only(self, wanted: &BTreeSet<String>) -> (Self, Vec<String>) {
        let known: BTreeSet<&str> = self
            .cases
            .iter()
            .map(|case| case.id().base())
            .chain(self.skipped.iter().map(|skipped| skipped.case.id.base()))
            .collect();
        let gone = wanted.iter().filter(|id| !known.contains(id.as_str())).cloned().collect();
        let mut plan = self;
        plan.cases.retain(|case| wanted.contains(case.id().base()));
        plan.skipped.retain(|skipped| wanted.contains(skipped.case.id.base()));
        plan.is_partial = true;
        (plan.in_order(), gone)
    }

    /// The same plan with every case so often, each time under an id of its own; from two on.
    #[must_use]
    pub fn repeated(self, times: u32) -> Self {
        if times < 2 {
            return self;
        }
        let again = |case: &Arc<Case>, number: u32| {
            let mut case = Case::clone(case);
            case.head.id = case.head.id.repetition(number);
            Arc::new(case)
        };
        let cases = self.cases.iter().flat_map(|case| (1..=times).map(move |number| again(case, number))).collect();
        Self { cases, ..self }.in_order()
    }

    /// The part of the plan that is this shard's.
    #[must_use]
    pub fn sharded(self, shard: Shard) -> Self {
        let head = ShardHead {
            shard,
            cases: self.cases.iter().map(|case| case.head.clone()).collect(),
            skipped: self.skipped.clone(),
        };
        let mut plan = self;
        plan.cases.retain(|case| shard.holds(case.id()));
        plan.skipped.retain(|skipped| shard.holds(&skipped.case.id));
        plan.shard = Some(Box::new(head));
        plan.in_order()
    }

    /// How many cases of the plan run in other shards.
    #[must_use]
    pub fn elsewhere(&self) -> u32 {
        let count = self.shard.as_ref().map_or(0, |head| head.elsewhere().count());
        u32::try_from(count).unwrap_or(u32::MAX)
    }

    /// Gives the cases their places anew.
    fn in_order(mut self) -> Self {
        for (index, case) in self.cases.iter_mut().enumerate() {
            Arc::make_mut(case).index = index;
        }
        self
    }
}
