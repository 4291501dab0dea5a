use crate::diag::{Place, Span};
use crate::event::{Block, Finding, Irregularity, Level, SnapshotMode, Verdict};

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
    // What an endpoint refuses as it is expected to was sent wrong on purpose.
    let status = subject.answer().map(|answer| answer.status).filter(|status| (400..500).contains(status));
    let is_refused = status.is_some_and(|status| checks.allows_status(status));
    let finding = |check: &super::Check| {
        let (verdict, breach) = match check.rule.judge(subject) {
            Reading::Holds => {
                let compared = check.rule.compared(subject);
                return Finding { compared, ..Finding::pass(id(standing.block, &check.id), standing.block) };
            }
            Reading::Breaks(_) | Reading::Undecided(_) if check.rule.is_remark() && is_refused => {
                return Finding::pass(id(standing.block, &check.id), standing.block);
            }
            Reading::Breaks(breach) | Reading::Undecided(breach) if check.rule.is_remark() => (Verdict::Note, breach),
            Reading::Breaks(breach) if breach.snapshot.is_some() && is_accepting(subject) => (Verdict::Note, breach),
            Reading::Breaks(breach) => (Verdict::of_failure(standing.block, standing.level), breach),
            Reading::Undecided(breach) => (Verdict::Broken, breach),
        };
        let compared = check.rule.compared(subject);
        Finding { suite_at: place(check.span), compared, ..adverse(standing.block, &check.id, verdict, breach) }
    };
    checks.list.iter().map(finding).collect()
}

/// Whether a condition holds: every check of it does. What cannot be decided does not hold.
#[must_use]
pub fn holds(checks: &Checks, subject: &Subject<'_>) -> bool {
    checks.promises().all(|check| check.rule.judge(subject).holds())
}

/// The first thing that keeps a condition from holding, as one line; nothing where it holds.
#[must_use]
pub fn missed(checks: &Checks, subject: &Subject<'_>) -> Option<String> {
    checks.promises().find_map(|check| check.rule.judge(subject).breach().map(|breach| check.told(breach)))
}

/// The faults of the protocol in an answer that could be read all the same: findings of every step, without a check.
#[must_use]
pub fn protocol(irregular: &[Irregularity], standing: Standing) -> Vec<Finding> {
    let finding = |fault: &Irregularity| {
        let message =
            if fault.detail.is_empty() { fault.kind.clone() } else { format!("{}: {}", fault.kind, fault.detail) };
        let breach = Breach::new(BreachCode::ProtocolIrregular, message);
        let verdict = Verdict::of_failure(standing.block, standing.level);
        adverse(standing.block, &format!("protocol[{}]", fault.kind), verdict, breach)
    };
    irregular.iter().map(finding).collect()
}

/// Whether whatever differs from a snapshot is the snapshot from now on.
fn is_accepting(subject: &Subject<'_>) -> bool {
    subject.snapshots.is_some_and(|snapshots| snapshots.mode() == SnapshotMode::Accept)
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
        snapshot: breach.snapshot,
        ..Finding::pass(id(block, check), block)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge::AnswerBody;
    use crate::judge::bench::{Bench, answer};

    fn verdicts(block: Block, level: Option<Level>) -> Vec<(String, Verdict, String)> {
        let bench = Bench::new();
        let checks = bench.compile(r#"{"status":200,"json":{"$.a":2},"within":"$(sid)"}"#).expect("sound");
        let answer = answer(r#"{"a":1}"#);
        let body = AnswerBody::new(Some(&answer));
        let findings = judge(&checks, &bench.subject(&body), Standing { block, level }, |_| Some(Place::default()));
        assert!(findings.iter().all(|finding| finding.is_adverse() == finding.suite_at.is_some()));
        findings.into_iter().map(|finding| (finding.check.to_string(), finding.verdict, finding.code)).collect()
    }

    #[test]
    fn severity_comes_from_the_block_and_the_level() {
        let expected = |block: Block, failed: Verdict| {
            [
                ("status", Verdict::Pass, ""),
                ("json[$.a]", failed, "json-mismatch"),
                ("within", Verdict::Broken, "bad-operand"),
            ]
            .map(|(check, verdict, code)| (format!("{block}.{check}"), verdict, code.to_owned()))
        };
        assert_eq!(verdicts(Block::Given, Some(Level::May)), expected(Block::Given, Verdict::Fail));
        assert_eq!(verdicts(Block::Expect, None), expected(Block::Expect, Verdict::Fail));
        assert_eq!(verdicts(Block::Expect, Some(Level::Should)), expected(Block::Expect, Verdict::Warn));
        assert_eq!(verdicts(Block::Should, Some(Level::Must)), expected(Block::Should, Verdict::Warn));
        assert_eq!(verdicts(Block::Should, Some(Level::Should)), expected(Block::Should, Verdict::Note));
    }

    #[test]
    fn a_condition_that_cannot_be_decided_does_not_hold() {
        let bench = Bench::new();
        let answer = answer(r#"{"a":1}"#);
        let body = AnswerBody::new(Some(&answer));
        for (block, expected) in [("200", true), (r#"{"status":200,"within":"$(sid)"}"#, false), ("404", false)] {
            let checks = bench.compile(block).expect("sound");
            assert_eq!(holds(&checks, &bench.subject(&body)), expected, "{block}");
        }
        let nobody = AnswerBody::new(None);
        assert!(!holds(&bench.compile("200").expect("sound"), &bench.subject(&nobody)));
    }

    #[test]
    fn faults_of_the_protocol_are_findings_without_a_check() {
        let fault = Irregularity { kind: "two-lengths".to_owned(), detail: "5 and 6".to_owned() };
        let standing = Standing { block: Block::Expect, level: None };
        let findings = protocol(&[fault], standing);
        let told: Vec<_> = findings.iter().map(|it| (&*it.check, it.verdict, &*it.code, &*it.message)).collect();
        assert_eq!(
            told,
            [("expect.protocol[two-lengths]", Verdict::Fail, "protocol-irregular", "two-lengths: 5 and 6")]
        );
    }
}
