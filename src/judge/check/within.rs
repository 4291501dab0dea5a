use std::time::Duration;

use crate::diag::Code;
use crate::judge::show::{quoted, span};
use crate::judge::{Breach, BreachCode, Check, Compiler, Moment, Reading, Rule, Subject};
use crate::value::{Node, NodeKind, Template, parse_duration};

use super::registry::{no_answer, one};

/// `within`: how long the answer took.
#[derive(Debug)]
struct Within {
    min: Option<Template>,
    max: Option<Template>,
}

pub(super) fn parse(node: &Node, compiler: &mut Compiler<'_>) -> Option<Vec<Check>> {
    let NodeKind::Map(entries) = &node.kind else {
        let max = Some(duration(node, compiler)?);
        return Some(one("within", node, Within { min: None, max }));
    };
    let mut within = Within { min: None, max: None };
    for entry in entries.iter().filter(|entry| !entry.value.is_null()) {
        let side = match &*entry.key.text {
            "min" => &mut within.min,
            "max" => &mut within.max,
            _ => {
                compiler.unknown_key(&entry.key, "a key of `within`", &["min", "max"], "known are `min` and `max`");
                return None;
            }
        };
        *side = Some(duration(&entry.value, compiler)?);
    }
    Some(one("within", node, within))
}

fn duration(node: &Node, compiler: &mut Compiler<'_>) -> Option<Template> {
    let template = compiler.template(node, Moment::Sent)?;
    if let Some(text) = template.as_fixed()
        && parse_duration(text).is_none()
    {
        let message = format!("{} is not a duration", quoted(text));
        compiler.problem_with_help(Code::BadDuration, node.span, message, "write it like `500ms`, `20s`, `5m` or `2h`");
        return None;
    }
    Some(template)
}

impl Rule for Within {
    fn judge(&self, subject: &Subject<'_>) -> Reading {
        if subject.answer().is_none() {
            return no_answer();
        }
        let limit = |side: &Option<Template>| side.as_ref().map(|template| resolve(template, subject)).transpose();
        let (min, max) = match (limit(&self.min), limit(&self.max)) {
            (Ok(min), Ok(max)) => (min, max),
            (Err((code, message)), _) | (_, Err((code, message))) => {
                return Reading::Undecided(Breach::new(code, message));
            }
        };
        let took = subject.elapsed;
        let breach = |code, expected: String| {
            Reading::Breaks(Breach::mismatch(code, expected, format!("one after {}", span(took))))
        };
        if let Some(min) = min.filter(|min| took < *min) {
            return breach(BreachCode::TooFast, format!("an answer after {} at the earliest", span(min)));
        }
        if let Some(max) = max.filter(|max| took > *max) {
            return breach(BreachCode::TooSlow, format!("an answer within {}", span(max)));
        }
        Reading::Holds
    }

    fn vacuous(&self) -> Option<String> {
        let min = match &self.min {
            None => Duration::ZERO,
            Some(template) => parse_duration(template.as_fixed()?)?,
        };
        (self.max.is_none() && min.is_zero()).then(|| "every answer takes some time".to_owned())
    }
}

fn resolve(template: &Template, subject: &Subject<'_>) -> Result<Duration, (BreachCode, String)> {
    let text = template.render(subject.sent).map_err(|missing| (BreachCode::MissingName, missing.to_string()))?;
    parse_duration(&text).ok_or_else(|| (BreachCode::BadOperand, format!("{} is not a duration", quoted(&text))))
}
