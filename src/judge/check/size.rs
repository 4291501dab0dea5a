use crate::judge::matcher::{Context, Found, Matcher, Texts, is_min_zero};
use crate::judge::{BreachCode, Check, Compiler, Moment, Reading, Rule, Subject};
use crate::value::{Json, Node};

use super::registry::{no_answer, of_fit, one, under};

/// `size`: the size of the body in bytes.
#[derive(Debug)]
struct Size {
    matcher: Matcher,
    allows_anything: bool,
}

pub(super) fn parse(node: &Node, compiler: &mut Compiler<'_>) -> Option<Vec<Check>> {
    let matcher = Matcher::parse(node, compiler, Moment::Sent)?;
    let allows_anything = is_min_zero(node) && node.as_map().is_some_and(|map| map.len() == 1);
    Some(one("size", node, Size { matcher, allows_anything }))
}

impl Rule for Size {
    fn judge(&self, subject: &Subject<'_>) -> Reading {
        let Some(answer) = subject.answer() else { return no_answer() };
        let context = Context { scope: subject.sent, facts: subject.facts, texts: Texts::Plain };
        let fit = self.matcher.fit(Found::Value(&Json::from(answer.body.size)), &context);
        of_fit(fit, BreachCode::SizeMismatch, BreachCode::SizeMismatch, under("size of the body in bytes"))
    }

    fn vacuous(&self) -> Option<String> {
        if self.allows_anything { Some("every size is at least 0".to_owned()) } else { self.matcher.vacuous() }
    }
}
