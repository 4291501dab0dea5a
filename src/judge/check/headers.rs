use std::collections::BTreeMap;

use crate::diag::{Code, Diagnostic};
use crate::judge::matcher::{Context, Found, Matcher, Texts};
use crate::judge::{BreachCode, Check, Compiler, Fixed, Moment, Reading, Rule, Subject};
use crate::value::{Json, Node};

use super::json::entries;
use super::registry::{check, no_answer, of_fit, under};

/// `headers`: one header field.
#[derive(Debug)]
struct HeaderField {
    /// In lower case.
    name: String,
    matcher: Matcher,
}

pub(super) fn parse(node: &Node, compiler: &mut Compiler<'_>) -> Option<Vec<Check>> {
    let mut checks = Vec::new();
    let mut sound = true;
    let mut known = BTreeMap::new();
    for entry in entries(node, compiler, "header fields and what they are")? {
        let name = match compiler.fixed_key(&entry.key) {
            Some(Fixed::Now(name)) => name.to_ascii_lowercase(),
            Some(Fixed::Later) => entry.key.text.to_string(),
            None => {
                sound = false;
                continue;
            }
        };
        if let Some(first) = known.insert(name.clone(), entry.key.span) {
            let problem = Diagnostic::error(Code::DuplicateKey, format!("the header field `{name}` is there twice"));
            compiler.out.push(problem.at(entry.key.span, "names have no case").also(first, "first here"));
            sound = false;
        }
        match Matcher::parse(&entry.value, compiler, Moment::Sent) {
            Some(matcher) => {
                checks.push(check(format!("headers[{name}]"), &entry.value, HeaderField { name, matcher }));
            }
            None => sound = false,
        }
    }
    sound.then_some(checks)
}

impl Rule for HeaderField {
    fn judge(&self, subject: &Subject<'_>) -> Reading {
        let Some(answer) = subject.answer() else { return no_answer() };
        let mut values: Vec<Json> = answer.header(&self.name).map(Json::from).collect();
        let value = if values.len() > 1 { Some(Json::from(values)) } else { values.pop() };
        let context = Context { scope: subject.sent, facts: subject.facts, texts: Texts::MayBeNumbers };
        let fit = self.matcher.fit(Found::from(value.as_ref()), &context);
        let name = format!("header {}", self.name);
        of_fit(fit, BreachCode::HeaderMismatch, BreachCode::HeaderMissing, under(&name))
    }

    fn vacuous(&self) -> Option<String> {
        self.matcher.vacuous()
    }
}
