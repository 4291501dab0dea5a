use crate::suite::{Flows, Scenario, StepKind};

/// Whom a case may run beside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Exclusivity {
    /// Cases that hold none of these locks.
    Locks(Vec<String>),
    /// Nobody on this target, and why.
    Alone(&'static str),
}

/// How cases see each other on a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sharing {
    /// Each has a tenant of its own.
    TenantEach,
    /// They share one, clock included.
    OneTenant,
}

impl Exclusivity {
    pub(super) fn of(scenario: &Scenario, flows: &Flows, sharing: Sharing, time: Time) -> Self {
        match sharing {
            Sharing::TenantEach => Self::Locks(Vec::new()),
            Sharing::OneTenant if scenario.locks.iter().any(|lock| lock == "*") => Self::Alone("it asks for it"),
            Sharing::OneTenant if time == Time::Moved && lets_time_pass(scenario, flows) => {
                Self::Alone("it moves the clock that cases share")
            }
            Sharing::OneTenant => Self::Locks(scenario.locks.clone()),
        }
    }
}

/// How time passes where a step lets it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Time {
    /// The target's clock is moved.
    Moved,
    /// It is waited for, which disturbs nobody.
    WaitedFor,
}

/// Whether any step lets time pass.
fn lets_time_pass(scenario: &Scenario, flows: &Flows) -> bool {
    all_steps(scenario, flows).into_iter().any(|step| matches!(step.kind, StepKind::Elapse(_)))
}

/// Every step of the scenario, those of its flows included, each flow once.
pub(super) fn all_steps<'s>(scenario: &'s Scenario, flows: &'s Flows) -> Vec<&'s crate::suite::Step> {
    let mut steps: Vec<&crate::suite::Step> = scenario.steps.iter().collect();
    let mut seen = std::collections::BTreeSet::new();
    let mut at = 0;
    while let Some(&step) = steps.get(at) {
        at += 1;
        if let StepKind::Together(members) = &step.kind {
            steps.extend(members.iter().map(|member| &member.step));
        }
        if let StepKind::Use { flow, .. } = &step.kind
            && seen.insert(flow.as_str())
            && let Some(flow) = flows.get(flow)
        {
            steps.extend(flow.steps.iter());
        }
    }
    steps
}
