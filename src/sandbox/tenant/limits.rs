use std::time::Duration;

use crate::clock::Timestamp;

/// A call more than a budget has: 429.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("Api Rate Exceeded")]
pub(crate) struct RateExceeded {
    /// How long it is until there is a budget again.
    pub(crate) retry_after: Duration,
}

/// How many calls are answered within a span of time, below one path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Budget {
    /// The segments that a path begins with, after the version; none are those of every path.
    pub(crate) path: Vec<String>,
    pub(crate) calls: u32,
    pub(crate) per: Duration,
    since: Option<Timestamp>,
    used: u32,
}

/// The budgets of a tenant: none at first. Everyone draws on the same ones. [INF]
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Limits {
    budgets: Vec<Budget>,
}

impl Limits {
    /// Sets the budget of a path, such as `agents` or `contacts/active`, in place of the one it had.
    pub(crate) fn set(&mut self, path: &str, calls: u32, per: Duration) {
        let path: Vec<String> =
            path.split('/').filter(|segment| !segment.is_empty()).map(str::to_ascii_lowercase).collect();
        self.budgets.retain(|budget| budget.path != path);
        self.budgets.push(Budget { path, calls, per, since: None, used: 0 });
    }

    /// Takes every budget away: nothing is limited.
    pub(crate) fn lift(&mut self) {
        self.budgets.clear();
    }

    /// The budgets that are set.
    pub(crate) fn budgets(&self) -> &[Budget] {
        &self.budgets
    }

    /// Spends one call from every budget that `path` falls under; a span begins with the first call of it.
    pub(crate) fn spend(&mut self, path: &[String], now: Timestamp) -> Result<(), RateExceeded> {
        let path = match path {
            [prefix, _, _, rest @ ..] if prefix.eq_ignore_ascii_case("incontactapi") => rest,
            whole => whole,
        };
        let is_below = |budget: &&mut Budget| {
            budget.path.len() <= path.len()
                && budget.path.iter().zip(path).all(|(wanted, given)| wanted.eq_ignore_ascii_case(given))
        };
        for budget in self.budgets.iter_mut().filter(is_below) {
            let since = budget.since.filter(|since| now.since(*since) < budget.per);
            let since = since.unwrap_or_else(|| {
                budget.used = 0;
                now
            });
            budget.since = Some(since);
            if budget.used >= budget.calls {
                return Err(RateExceeded { retry_after: since.plus(budget.per).since(now) });
            }
            budget.used += 1;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_budget_is_used_up_and_comes_back() {
        let mut limits = Limits::default();
        let path = |text: &str| text.split('/').map(str::to_owned).collect::<Vec<_>>();
        let (agents, skills) =
            (path("inContactAPI/services/v30.0/Agents/states"), path("incontactapi/services/v1.0/skills"));
        let at = Timestamp::from_millis;
        limits.set("/agents", 2, Duration::from_secs(10));
        assert_eq!((limits.spend(&agents, at(0)), limits.spend(&agents, at(4000))), (Ok(()), Ok(())));
        let exceeded = RateExceeded { retry_after: Duration::from_secs(3) };
        assert_eq!(limits.spend(&agents, at(7000)), Err(exceeded));
        assert_eq!(limits.spend(&skills, at(7000)), Ok(()));
        assert_eq!(limits.spend(&agents, at(10_000)), Ok(()));
        limits.set("", 0, Duration::from_secs(1));
        assert!(limits.spend(&skills, at(20_000)).is_err());
        limits.lift();
        assert_eq!(limits.spend(&skills, at(20_000)), Ok(()));
    }
}
