use crate::judge::{Breach, BreachCode, Check, Compiler, Reading, Rule, StatusSet, Subject};
use crate::value::Node;

use super::registry::{no_answer, one};

/// `status`: the status code.
#[derive(Debug)]
pub(in crate::judge) struct Status(StatusSet);

pub(super) fn parse(node: &Node, compiler: &mut Compiler<'_>) -> Option<Vec<Check>> {
    StatusSet::parse(node, compiler).map(|set| one("status", node, Status(set)))
}

impl Status {
    /// The check of these statuses.
    pub(in crate::judge) fn new(set: StatusSet) -> Self {
        Self(set)
    }
}

impl Rule for Status {
    fn judge(&self, subject: &Subject<'_>) -> Reading {
        let Some(answer) = subject.answer() else { return no_answer() };
        if self.0.has(answer.status) {
            return Reading::Holds;
        }
        let actual = answer.status.to_string();
        Reading::Breaks(Breach::mismatch(BreachCode::StatusMismatch, self.0.to_string(), actual).at("status"))
    }

    fn vacuous(&self) -> Option<String> {
        self.0.is_everything().then(|| "every answer has one of these statuses".to_owned())
    }

    fn statuses(&self) -> Option<&StatusSet> {
        Some(&self.0)
    }
}
