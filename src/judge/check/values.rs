use crate::diag::Code;
use crate::judge::matcher::{Context, Found, Matcher, Texts};
use crate::judge::{Breach, BreachCode, Check, Compiler, Moment, Reading, Rule, Subject};
use crate::value::{MissingKind, NamePath, Node};

use super::json::entries;
use super::registry::{check, of_fit, under};

/// `values`: the value of one name.
#[derive(Debug)]
struct Value {
    name: NamePath,
    matcher: Matcher,
}

pub(super) fn parse(node: &Node, compiler: &mut Compiler<'_>) -> Option<Vec<Check>> {
    let mut checks = Vec::new();
    let mut sound = true;
    for entry in entries(node, compiler, "names and what they are")? {
        let name = match NamePath::parse(&entry.key.text) {
            Ok(name) => compiler.is_known(&name, entry.key.span, Moment::Settled).then_some(name),
            Err(error) => {
                compiler.problem(Code::UnknownName, entry.key.span_within(error.offset, 1), error.to_string());
                None
            }
        };
        match (name, Matcher::parse(&entry.value, compiler, Moment::Settled)) {
            (Some(name), Some(matcher)) => {
                checks.push(check(format!("values[{name}]"), &entry.value, Value { name, matcher }));
            }
            (None, _) | (_, None) => sound = false,
        }
    }
    sound.then_some(checks)
}

impl Rule for Value {
    fn judge(&self, subject: &Subject<'_>) -> Reading {
        let value = match subject.settled.lookup(&self.name) {
            Ok(value) => Some(value),
            Err(missing) => match missing.kind {
                MissingKind::NoValue | MissingKind::NoSuchMember => None,
                MissingKind::Unknown | MissingKind::NotANumber => {
                    return Reading::Undecided(Breach::new(BreachCode::MissingName, missing.to_string()));
                }
            },
        };
        let context = Context { scope: subject.settled, facts: subject.facts, texts: Texts::Plain };
        let fit = self.matcher.fit(Found::from(value.as_ref()), &context);
        let reading = of_fit(fit, BreachCode::ValueMismatch, BreachCode::ValueMissing, under(&self.name.to_string()));
        // A name is no place in an answer; the message names it.
        match reading {
            Reading::Breaks(breach) => Reading::Breaks(Breach { at: None, ..breach }),
            Reading::Undecided(breach) => Reading::Undecided(Breach { at: None, ..breach }),
            Reading::Holds => Reading::Holds,
        }
    }

    fn vacuous(&self) -> Option<String> {
        self.matcher.vacuous()
    }

    fn needs_answer(&self) -> bool {
        false
    }
}
