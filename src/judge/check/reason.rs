use crate::judge::matcher::{Context, Found, Matcher, Texts};
use crate::judge::{Breach, BreachCode, Check, Compiler, Moment, Reading, Rule, Subject};
use crate::value::{Json, Node};

use super::registry::{no_answer, of_fit, one, under};

/// `reason`: the reason phrase.
#[derive(Debug)]
struct Reason(Matcher);

pub(super) fn parse(node: &Node, compiler: &mut Compiler<'_>) -> Option<Vec<Check>> {
    Matcher::parse(node, compiler, Moment::Sent).map(|matcher| one("reason", node, Reason(matcher)))
}

impl Rule for Reason {
    fn judge(&self, subject: &Subject<'_>) -> Reading {
        let Some(answer) = subject.answer() else { return no_answer() };
        let context = Context { scope: subject.sent, facts: subject.facts, texts: Texts::Plain };
        let reason = answer.reason.as_deref().map(Json::from);
        let fit = self.0.fit(Found::from(reason.as_ref()), &context);
        let reading = of_fit(fit, BreachCode::ReasonMismatch, BreachCode::ReasonMismatch, under("reason"));
        if reason.is_none() && !answer.version.starts_with("HTTP/1") && !reading.holds() {
            let message = format!("{} has no reason phrase, so it cannot be judged", answer.version);
            return Reading::Undecided(Breach::new(BreachCode::NoReasonPhrase, message).at("reason"));
        }
        reading
    }

    fn vacuous(&self) -> Option<String> {
        self.0.vacuous_for_texts()
    }
}
