use crate::diag::Span;
use crate::judge::Checks;
use crate::suite::fields::Fields;
use crate::suite::{JudgedBy, Step, StepKind, UrlSpec};

use super::decoder::StepDecoder;

/// The blocks in which a step may say by which operation it is judged.
const BLOCKS: [&str; 3] = ["given", "expect", "should"];
/// Those of a poll.
const OF_POLL: [&str; 4] = ["until", "never", "give_up", "always"];

impl StepDecoder<'_> {
    /// Adds what a document says of the request's operation to a step that says nothing of it itself: to its promises;
    /// where it has none, to its advice or its preconditions, and where it only polls, to what every attempt must meet.
    pub(super) fn judge_by_document(&self, fields: &Fields<'_>, step: &mut Step) {
        let documented = self.context.documented;
        if documented.by == JudgedBy::Named || says_so(fields) {
            return;
        }
        let StepKind::Request(request) = &step.kind else { return };
        let UrlSpec::Path(path) = &request.place else { return };
        let Some(operation) = documented.api.written(&request.method, path) else { return };
        let span = request.span;
        if let Some(checks) = step.expect.as_mut().or(step.should.as_mut()).or(step.given.as_mut()) {
            checks.add_operation(operation, span);
        } else if let Some(poll) = &mut step.poll {
            poll.always.get_or_insert_with(|| empty(span)).add_operation(operation, span);
        }
    }
}

/// A block in which nothing stands yet.
fn empty(span: Span) -> Checks {
    Checks { list: Vec::new(), span, excuse: None }
}

/// Whether a step says itself by which operation it is judged, or that it is by none.
fn says_so(fields: &Fields<'_>) -> bool {
    let own = BLOCKS.iter().filter_map(|key| fields.get(key));
    let poll = fields.get("poll");
    let of_poll = OF_POLL.iter().filter_map(|key| poll.and_then(|poll| poll.get(key)));
    own.chain(of_poll).any(Checks::names_operation)
}
