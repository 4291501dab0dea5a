use crate::diag::{Code, Diagnostic, Diagnostics};
use crate::suite::fields::Fields;
use crate::suite::{Step, StepKind};
use crate::value::Node;

use super::decoder::StepDecoder;

impl StepDecoder<'_> {
    /// Tells of answers that nothing judges, and of checks that cannot fail.
    pub(super) fn lint(node: &Node, fields: &Fields<'_>, step: &Step, out: &mut Diagnostics) {
        let blocks = [&step.given, &step.expect, &step.should];
        let is_judged = blocks.iter().any(|block| block.is_some()) || step.poll.is_some();
        let says_so = ["given", "expect", "should", "poll"].iter().any(|key| fields.entry(key).is_some());
        match &step.kind {
            StepKind::Request(_) | StepKind::Token { .. } | StepKind::Judge if !is_judged && !says_so => {
                let what = if matches!(step.kind, StepKind::Judge) {
                    "a step that does nothing"
                } else {
                    "an answer that nothing judges"
                };
                out.push(
                    Diagnostic::error(Code::UnjudgedAnswer, what)
                        .at(step.span, "needs `given`, `expect` or `should`")
                        .help("`given: { status: 2xx }` is enough for a precondition"),
                );
            }
            StepKind::Elapse(_) => {
                for key in
                    ["given", "expect", "should", "poll", "undo", "capture", "collect", "query", "headers", "json"]
                {
                    if let Some(entry) = fields.entry(key) {
                        out.push(
                            Diagnostic::error(Code::WrongType, format!("`{key}` cannot stand beside `elapse`"))
                                .at(entry.key.span, "time has no answer"),
                        );
                    }
                }
            }
            StepKind::Request(_) | StepKind::Token { .. } | StepKind::Judge | StepKind::Use { .. } => {}
        }
        if fields.entry("vacuous").is_some() {
            return;
        }
        for (key, block) in ["expect", "should"].iter().zip([&step.expect, &step.should]) {
            let Some(block) = block else { continue };
            for check in &block.list {
                if let Some(why) = check.rule.vacuous() {
                    let span = node.get(key).map_or(step.span, |node| node.span);
                    let at = if check.span.source == span.source { check.span } else { span };
                    out.push(
                        Diagnostic::error(Code::VacuousCheck, format!("this check cannot fail: {why}"))
                            .at(at, "holds for any answer")
                            .help("say `vacuous: REASON` beside it where that is meant"),
                    );
                }
            }
        }
    }
}
