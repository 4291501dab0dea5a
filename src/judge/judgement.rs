use crate::diag::{Place, Span};
use crate::event::{Block, Finding, Irregularity, Level, Verdict};

use super::{Breach, BreachCode, Checks, Reading, Subject};

/// What a failure would mean: the block, and the strictest requirement of the step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The block that the checks stand in.
    pub block: Block,
    /// The strictest level of the step's requirements; `None` where it has none.
    pub level: Option<Level>,
}

/// Puts every check of a block to an answer: one finding for each, in their order.
///
/// `place` tells where a check stands; it is asked for those that do not hold. Exchange, attempt and the places of flows
/// are the caller's to fill in.
pub fn judge(
    checks: &Checks,
    subject: &Subject<'_>,
    standing: Standing,
    mut place: impl FnMut(Span) -> Option<Place>,
) -> Vec<Finding> {
    let finding = |check: &super::Check| {
        let (verdict, breach) = match check.rule.judge(subject) {
            Reading::Holds => return Finding::pass(id(standing.block, &check.id), standing.block),
            Reading::Breaks(breach) => (Verdict::of_failure(standing.block, standing.level), breach),
            Reading::Undecided(breach) => (Verdict::Broken, breach),
        };
        Finding { suite_at: place(check.span), ..adverse(standing.block, &check.id, verdict, breach) }
    };
    checks.list.iter().map(finding).collect()
}

/// Whether a condition holds: every check of it does. What cannot be decided does not hold.
#[must_use]
pub fn holds(checks: &Checks, subject: &Subject<'_>) -> bool {
    checks.list.iter().all(|check| check.rule.judge(subject).holds())
}

/// The faults of the protocol in an answer that could be read all the same: findings of every step, without a check.
#[must_use]
pub fn protocol(irregular: &[Irregularity], standing: Standing) -> Vec<Finding> {
    let finding = |fault: &Irregularity| {
        let message = if fault.detail.is_empty() { fault.kind.clone() } else { format!("{}: {}", fault.kind, fault.detail) };
        let breach = Breach::new(BreachCode::ProtocolIrregular, message);
        let verdict = Verdict::of_failure(standing.block, standing.level);
        adverse(standing.block, &format!("protocol[{}]", fault.kind), verdict, breach)
    };
    irregular.iter().map(finding).collect()
}

fn id(block: Block, check: &str) -> std::sync::Arc<str> {
    format!("{block}.{check}").into()
}

fn adverse(block: Block, check: &str, verdict: Verdict, breach: Breach) -> Finding {
    Finding {
        verdict,
        code: breach.code.as_str().to_owned(),
        message: breach.message,
        expected: breach.expected,
        actual: breach.actual,
        answer_at: breach.at,
        details: breach.details,
        ..Finding::pass(id(block, check), block)
    }
}
