use crate::diag::Code;
use crate::judge::matcher::{Context, Found, Matcher, Texts};
use crate::judge::redirect::{NoRedirect, redirect_of, value_of};
use crate::judge::show::quoted;
use crate::judge::{Breach, BreachCode, Check, Compiler, Fixed, Moment, Reading, Rule, Subject};
use crate::value::{Destination, Field, Json, Node, Record, Shape, Template};

use super::json::entries;
use super::registry::{check, no_answer, of_fit, under};

const FIELDS: [Field; 3] = [
    Field::optional("to", Shape::Text, "the URL that it leads to, compared without query and fragment"),
    Field::optional("query", Shape::Map(&Shape::Any), "parameters of its query, decoded"),
    Field::optional("fragment", Shape::Map(&Shape::Any), "parameters of its fragment, decoded"),
];

/// What may stand under `location`.
pub(super) const LOCATION: Record =
    Record { name: "location", doc: "Where the `Location` header leads.", fields: &FIELDS };

/// The place that a URL other than promised is told at.
const PLACE: &str = "header location";

/// `location: { to }`: the URL without its parameters.
#[derive(Debug)]
struct LeadsTo(Template);

/// `location: { query, fragment }`: one parameter.
#[derive(Debug)]
struct Parameter {
    part: Part,
    name: Fixed,
    matcher: Matcher,
}

/// Where a parameter stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Query,
    Fragment,
}

impl Part {
    fn as_str(self) -> &'static str {
        match self {
            Self::Query => "query",
            Self::Fragment => "fragment",
        }
    }

    fn of(self, redirect: &Destination) -> &[(String, String)] {
        match self {
            Self::Query => &redirect.query,
            Self::Fragment => &redirect.fragment,
        }
    }
}

pub(super) fn parse(node: &Node, compiler: &mut Compiler<'_>) -> Option<Vec<Check>> {
    let Some(map) = node.as_map() else {
        compiler.wrong_type(node, "a map of `to`, `query` and `fragment`");
        return None;
    };
    let mut checks = Vec::new();
    let mut sound = true;
    for entry in map.iter().filter(|entry| !entry.value.is_null()) {
        let read = match &*entry.key.text {
            "to" => compiler
                .template(&entry.value, Moment::Sent)
                .map(|to| checks.push(check("location.to", &entry.value, LeadsTo(to)))),
            "query" => parameters(Part::Query, &entry.value, compiler, &mut checks),
            "fragment" => parameters(Part::Fragment, &entry.value, compiler, &mut checks),
            _ => {
                let help = "known are `to`, `query` and `fragment`";
                compiler.unknown_key(&entry.key, "a key of `location`", &FIELDS.map(|field| field.key), help);
                None
            }
        };
        sound &= read.is_some();
    }
    if checks.is_empty() && sound {
        compiler.problem(Code::VacuousCheck, node.span, "an empty map judges nothing");
        return None;
    }
    sound.then_some(checks)
}

fn parameters(part: Part, node: &Node, compiler: &mut Compiler<'_>, checks: &mut Vec<Check>) -> Option<()> {
    let mut sound = true;
    for entry in entries(node, compiler, "parameters and what they are")? {
        let name = compiler.fixed_key(&entry.key);
        match (name, Matcher::parse(&entry.value, compiler, Moment::Sent)) {
            (Some(name), Some(matcher)) => {
                let text = name.as_now().map_or(&*entry.key.text, String::as_str);
                let id = format!("location.{}[{text}]", part.as_str());
                checks.push(check(id, &entry.value, Parameter { part, name, matcher }));
            }
            (None, _) | (_, None) => sound = false,
        }
    }
    sound.then_some(())
}

/// Where the answer leads, or what a check says when it leads nowhere.
fn redirect(subject: &Subject<'_>) -> Result<Destination, Box<Reading>> {
    let answer = subject.answer().ok_or_else(|| Box::new(no_answer()))?;
    redirect_of(answer, subject.url).map_err(|reason| Box::new(Reading::Breaks(NoRedirect::breach(reason))))
}

impl Rule for LeadsTo {
    fn judge(&self, subject: &Subject<'_>) -> Reading {
        let redirect = match redirect(subject) {
            Ok(redirect) => redirect,
            Err(reading) => return *reading,
        };
        let wanted = match self.0.render(subject.sent) {
            Ok(wanted) => wanted,
            Err(missing) => return Reading::Undecided(Breach::new(BreachCode::MissingName, missing.to_string())),
        };
        let Some(wanted) = Destination::read(&wanted, subject.url) else {
            let message = format!("{} is no URL", quoted(&wanted));
            return Reading::Undecided(Breach::new(BreachCode::BadOperand, message));
        };
        if redirect.to != wanted.to {
            let breach = Breach::mismatch(BreachCode::LocationMismatch, quoted(&wanted.to), quoted(&redirect.to));
            return Reading::Breaks(breach.at(PLACE));
        }
        // A registered URL may have parameters of its own, which must be kept (RFC 6749 section 3.1.2).
        match wanted.query.iter().find(|own| !redirect.query.contains(own)) {
            None => Reading::Holds,
            Some((name, value)) => {
                let expected = format!("the parameter {} to be {}", quoted(name), quoted(value));
                let actual = value_of(&redirect.query, name);
                let actual = actual.as_ref().map_or_else(|| "nothing".to_owned(), crate::judge::show::preview);
                Reading::Breaks(Breach::mismatch(BreachCode::LocationMismatch, expected, actual).at(PLACE))
            }
        }
    }
}

impl Rule for Parameter {
    fn judge(&self, subject: &Subject<'_>) -> Reading {
        let Fixed::Now(name) = &self.name else {
            return Reading::Undecided(Breach::new(
                BreachCode::NotCompiled,
                "the parameter holds a name of the target",
            ));
        };
        let redirect = match redirect(subject) {
            Ok(redirect) => redirect,
            Err(reading) => return *reading,
        };
        let value: Option<Json> = value_of(self.part.of(&redirect), name);
        let context = Context { scope: subject.sent, facts: subject.facts, texts: Texts::MayBeNumbers };
        let fit = self.matcher.fit(Found::from(value.as_ref()), &context);
        let place = format!("header location, {} {name}", self.part.as_str());
        of_fit(fit, BreachCode::LocationMismatch, BreachCode::LocationMissing, under(&place))
    }

    fn vacuous(&self) -> Option<String> {
        self.matcher.vacuous()
    }
}
