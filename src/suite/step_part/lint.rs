use crate::diag::{Code, Diagnostic, Diagnostics};
use crate::suite::fields::Fields;
use crate::suite::{Aim, Step, StepKind};

use super::decoder::StepDecoder;

/// What judges the answer of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Judged {
    /// Its own checks.
    ByItself,
    /// The checks of the set that it is a member of.
    ByItsSet,
}

impl StepDecoder<'_> {
    /// Tells of answers that nothing judges, and of checks that cannot fail.
    pub(super) fn lint(fields: &Fields<'_>, step: &Step, judged: Judged, out: &mut Diagnostics) {
        let blocks = [&step.given, &step.expect, &step.should];
        let is_judged = blocks.iter().any(|block| block.is_some()) || step.poll.is_some();
        let says_so = ["given", "expect", "should", "poll"].iter().any(|key| fields.entry(key).is_some());
        match &step.kind {
            StepKind::Request(_) | StepKind::Token { .. } | StepKind::Authorize { .. } | StepKind::Judge
                if !is_judged && !says_so && judged == Judged::ByItself =>
            {
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
            StepKind::Request(_)
            | StepKind::Token { .. }
            | StepKind::Authorize { .. }
            | StepKind::Together(_)
            | StepKind::Judge
            | StepKind::Use { .. } => {}
        }
        let of_poll = step.poll.iter().flat_map(|poll| {
            let (Aim::Until(aim) | Aim::Never(aim)) = &poll.aim;
            [Some(aim), poll.give_up.as_ref(), poll.always.as_ref()].into_iter().flatten()
        });
        for block in step.expect.iter().chain(&step.should).chain(of_poll) {
            block.lint(out);
        }
        if let (Some(expect), Some(should)) = (&step.expect, &step.should) {
            for check in should.implied_by(expect) {
                out.push(
                    Diagnostic::error(Code::VacuousCheck, "this advice says nothing that `expect` does not say")
                        .at(check.span, "holds whenever `expect` does")
                        .also(expect.span, "the promise"),
                );
            }
        }
    }
}
