use crate::judge::matcher::{Context, Found, Matcher, Texts};
use crate::judge::{Breach, BreachCode, Check, Compiler, Moment, Reading, Rule, Subject};
use crate::value::{Json, Node};

use super::registry::{no_answer, of_fit, one, under};

/// `text`: the text of the body.
#[derive(Debug)]
struct Text(Matcher);

pub(super) fn parse(node: &Node, compiler: &mut Compiler<'_>) -> Option<Vec<Check>> {
    Matcher::parse(node, compiler, Moment::Sent).map(|matcher| one("text", node, Text(matcher)))
}

impl Rule for Text {
    fn judge(&self, subject: &Subject<'_>) -> Reading {
        let Some(answer) = subject.answer() else { return no_answer() };
        let Some(text) = answer.body.as_text() else {
            let bytes = answer.body.to_bytes();
            let valid = std::str::from_utf8(&bytes).map_or_else(|error| error.valid_up_to(), str::len);
            let message = format!("the body is not UTF-8 at byte {valid}");
            return Reading::Breaks(Breach::new(BreachCode::InvalidUtf8, message).at("body"));
        };
        let context = Context { scope: subject.sent, facts: subject.facts, texts: Texts::Plain };
        let fit = self.0.fit(Found::Value(&Json::from(text)), &context);
        of_fit(fit, BreachCode::TextMismatch, BreachCode::TextMismatch, under("body"))
    }

    fn vacuous(&self) -> Option<String> {
        self.0.vacuous_for_texts()
    }
}
