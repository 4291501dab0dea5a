use crate::diag::{Code, Diagnostic, Diagnostics, Span};
use crate::suite::fields::Fields;
use crate::suite::{Aim, Step, StepKind};

use super::decoder::StepDecoder;
use super::implied::repeated;
use super::keys::{AFTER, STEP_FIELDS};

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
        // A key that is none may be a misspelt check, and was told.
        let says_so = ["given", "expect", "should", "poll"].iter().any(|key| fields.entry(key).is_some())
            || !fields.has_only(&[STEP_FIELDS, &[AFTER]].concat());
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
        let implied = advice_in_vain(fields, step);
        for (span, expect) in &implied {
            out.push(
                Diagnostic::error(Code::VacuousCheck, "this advice says nothing that `expect` does not say")
                    .at(*span, "holds whenever `expect` does")
                    .also(*expect, "the promise")
                    .help("take it out, or give the reason by `vacuous: REASON` beside it"),
            );
        }
        lint_excuses(step, out);
        lint_answers(step, out);
    }
}

/// Checks of `should` that cannot fail as long as `expect` holds, and the promise.
fn advice_in_vain(fields: &Fields<'_>, step: &Step) -> Vec<(Span, Span)> {
    let (Some(expect), Some(should)) = (&step.expect, &step.should) else { return Vec::new() };
    let mut spans: Vec<Span> = should.implied_by(expect).iter().map(|check| check.span).collect();
    if let (Some(promise), Some(advice)) = (fields.get("expect"), fields.get("should")) {
        spans.extend(repeated(promise, advice));
    }
    if should.list.iter().any(|check| check.excuse.is_some()) {
        spans.clear();
    }
    spans.into_iter().map(|span| (span, expect.span)).collect()
}

/// Tells of reasons for what needs none.
fn lint_excuses(step: &Step, out: &mut Diagnostics) {
    let poll = step.poll.as_ref();
    let of_poll = poll.into_iter().flat_map(|poll| {
        let aim = match &poll.aim {
            Aim::Until(until) => Some(until),
            // Without `always` the reason is for that.
            Aim::Never(never) => poll.always.as_ref().map(|_| never),
        };
        [aim, poll.give_up.as_ref(), poll.always.as_ref()].into_iter().flatten()
    });
    // Beside advice that a promise implies, the reason is for that.
    let should = step.should.as_ref().filter(|should| match &step.expect {
        Some(expect) => should.implied_by(expect).is_empty(),
        None => true,
    });
    step.expect.iter().chain(should).chain(of_poll).for_each(|block| block.lint_excuse(out));
}

/// Tells of checks on an answer where there is none: before the step, and in a step that sends nothing.
fn lint_answers(step: &Step, out: &mut Diagnostics) {
    let of_judge = [&step.given, &step.expect, &step.should].into_iter().flatten();
    let of_judge = of_judge.filter(|_| matches!(step.kind, StepKind::Judge));
    for block in step.when.iter().chain(of_judge) {
        for check in block.list.iter().filter(|check| check.rule.needs_answer()) {
            out.push(
                Diagnostic::error(Code::WrongType, format!("`{}` judges an answer, and there is none", check.id))
                    .at(check.span, "no answer here")
                    .help("names are judged by `values: { name: … }`, answers of earlier steps by `steps.ID.status`"),
            );
        }
    }
}
