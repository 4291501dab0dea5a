use std::time::Duration;

use crate::diag::{Code, Diagnostic, Diagnostics};
use crate::suite::fields::Fields;
use crate::suite::{Aim, Poll};
use crate::value::Node;

use super::decoder::StepDecoder;
use super::keys::POLL_FIELDS;

impl StepDecoder<'_> {
    /// Decodes what is sent again, and until when.
    pub(super) fn poll(&mut self, node: &Node, out: &mut Diagnostics) -> Option<Poll> {
        let fields = Fields::open(node, POLL_FIELDS, "`poll`", out)?;
        let until = self.condition(fields.get("until"), out);
        let never = self.condition(fields.get("never"), out);
        let always = self.condition(fields.get("always"), out);
        let give_up = self.condition(fields.get("give_up"), out);
        let every = self.duration(fields.get("every"), out).unwrap_or(Duration::from_millis(500));
        let for_ = self.duration(fields.get("for"), out).unwrap_or(Duration::from_secs(20));
        let aim = match (fields.entry("until"), fields.entry("never")) {
            (Some(_), Some(never)) => {
                out.push(
                    Diagnostic::error(Code::WrongType, "`until` and `never` exclude each other")
                        .at(never.key.span, "one too many"),
                );
                return None;
            }
            (None, None) => {
                out.push(
                    Diagnostic::error(Code::MissingKey, "`poll` needs `until` or `never`").at(node.span, "never ends"),
                );
                return None;
            }
            (Some(_), None) => Aim::Until(until?),
            (None, Some(entry)) => {
                let excuse = entry.value.get("vacuous").and_then(Node::as_text);
                if always.is_none() && fields.get("always").is_none() && excuse.is_none() {
                    out.push(
                        Diagnostic::error(
                            Code::VacuousCheck,
                            "`never` without `always` holds for an endpoint that is dead",
                        )
                        .at(entry.key.span, "needs `always` beside it")
                        .help("`always: { status: 200 }` says that it is alive"),
                    );
                }
                Aim::Never(never?)
            }
        };
        Some(Poll { aim, give_up, always, every, for_, span: node.span })
    }
}
