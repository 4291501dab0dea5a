use crate::diag::Code;
use crate::judge::matcher::{Context, Fit, Found, Matcher, Texts};
use crate::judge::show::{Step, place, steps};
use crate::judge::subject::NoDocument;
use crate::judge::way::lost;
use crate::judge::{Breach, BreachCode, Check, Compiler, Fixed, Moment, Reading, Rule, Subject};
use crate::value::{Entry, Json, JsonPath, Key, Located, Node, Selected};

use super::registry::{check, no_answer, of_fit, under};

/// `json`: what one path finds.
#[derive(Debug)]
struct AtPath {
    path: Fixed<JsonPath>,
    matcher: Matcher,
}

pub(super) fn parse(node: &Node, compiler: &mut Compiler<'_>) -> Option<Vec<Check>> {
    let mut checks = Vec::new();
    let mut sound = true;
    for entry in entries(node, compiler, "JSONPaths and what they find")? {
        let path = compile_path(&entry.key, compiler);
        let matcher = Matcher::parse(&entry.value, compiler, Moment::Sent);
        match (path, matcher) {
            (Some(path), Some(matcher)) => {
                let text = path.as_now().map_or(&*entry.key.text, JsonPath::text);
                checks.push(check(format!("json[{text}]"), &entry.value, AtPath { path, matcher }));
            }
            (None, _) | (_, None) => sound = false,
        }
    }
    sound.then_some(checks)
}

/// The entries of a map of things that are judged one by one: there must be some, and a null would be no check at all.
pub(super) fn entries<'n>(node: &'n Node, compiler: &mut Compiler<'_>, what: &str) -> Option<&'n [Entry]> {
    let Some(entries) = node.as_map() else {
        compiler.wrong_type(node, &format!("a map from {what}"));
        return None;
    };
    if entries.is_empty() {
        compiler.problem(Code::VacuousCheck, node.span, "an empty map judges nothing");
        return None;
    }
    let nulls: Vec<_> = entries.iter().filter(|entry| entry.value.is_null()).collect();
    for entry in &nulls {
        let help = "write `{ type: null }` for the value null, `{ exists: false }` for nothing at all";
        compiler.problem_with_help(Code::VacuousCheck, entry.value.span, "a null here would judge nothing", help);
    }
    nulls.is_empty().then_some(entries)
}

/// Compiles the path in a key.
pub(super) fn compile_path(key: &Key, compiler: &mut Compiler<'_>) -> Option<Fixed<JsonPath>> {
    let text = match compiler.fixed_key(key)? {
        Fixed::Now(text) => text,
        Fixed::Later => return Some(Fixed::Later),
    };
    match JsonPath::parse(&text) {
        Ok(path) => Some(Fixed::Now(path)),
        Err(error) => {
            // Offsets are those of the text after names were put in, which is the key's own as long as there are none.
            let span = if text == *key.text { key.span_within(error.offset, 1) } else { key.span };
            compiler.problem(Code::BadJsonPath, span, format!("not a JSONPath (RFC 9535): {}", error.message));
            None
        }
    }
}

impl Rule for AtPath {
    fn judge(&self, subject: &Subject<'_>) -> Reading {
        let Fixed::Now(path) = &self.path else {
            return Reading::Undecided(Breach::new(BreachCode::NotCompiled, "the path holds a name of the target"));
        };
        let context = Context { scope: subject.sent, facts: subject.facts, texts: Texts::Plain };
        let nothing = if path.is_singular() { Found::Nothing } else { Found::NoNodes };
        let document = match subject.body.document() {
            Ok(document) => document,
            Err(NoDocument::NoAnswer) => return no_answer(),
            Err(reason @ NoDocument::Invalid { .. }) => return not_json(&reason.to_string()),
            Err(reason @ (NoDocument::Blank | NoDocument::Other { .. })) => {
                // On a body that is no JSON, and need not be, nothing is found: that may be what was promised.
                return match self.matcher.fit(nothing, &context) {
                    Fit::Fits => Reading::Holds,
                    Fit::Misses(_) => not_json(&reason.to_string()),
                    fit @ Fit::Unsure(_) => {
                        of_fit(fit, BreachCode::JsonMismatch, BreachCode::JsonMissing, under(path.text()))
                    }
                };
            }
        };
        if let Some(key) = subject.body.duplicate_key() {
            return Reading::Breaks(duplicate_key(key));
        }
        let codes = (BreachCode::JsonMismatch, BreachCode::JsonMissing);
        fit_at(path, &self.matcher, document.json(), &context, codes, str::to_owned)
    }

    fn vacuous(&self) -> Option<String> {
        self.matcher.vacuous()
    }
}

/// Puts a matcher to what a path finds in a value. `codes` are for another value than promised and for nothing at all;
/// `name` writes a place from the JSONPath of it.
pub(super) fn fit_at(
    path: &JsonPath,
    matcher: &Matcher,
    json: &Json,
    context: &Context<'_>,
    codes: (BreachCode, BreachCode),
    name: impl Fn(&str) -> String,
) -> Reading {
    let read = |found: Found<'_>, root: &str, nodes: &[Vec<Step>]| {
        of_fit(matcher.fit(found, context), codes.0, codes.1, |way| name(&place_of(way, root, nodes)))
    };
    match path.select_in(json) {
        Err(too_many) => {
            let breach = Breach::new(BreachCode::TooManyNodes, format!("{path}: {too_many}"));
            Reading::Undecided(breach.at(name(path.text())))
        }
        Ok(Selected::One(None)) => with_note(read(Found::Nothing, path.text(), &[]), || lost(path, json)),
        Ok(Selected::One(Some(node))) => read(Found::Value(node.value), &place("$", &steps(&node.location)), &[]),
        Ok(Selected::Many(nodes)) if nodes.is_empty() => read(Found::NoNodes, path.text(), &[]),
        Ok(Selected::Many(nodes)) => {
            let list = Json::Array(nodes.iter().map(|node| node.value.clone()).collect());
            let places: Vec<Vec<Step>> = nodes.iter().map(|node| steps(&node.location)).collect();
            with_note(read(Found::Value(&list), path.text(), &places), || {
                let fits = |node: &&Located<'_>| matches!(matcher.fit(Found::Value(node.value), context), Fit::Fits);
                let at = place("$", &steps(&nodes.iter().find(fits)?.location));
                Some(format!(
                    "`{path}` may find several values and gives their list; {at} alone fits: `any` looks for one that \
                     does, `each` demands it of all"
                ))
            })
        }
    }
}

/// Adds a line to what breaks.
fn with_note(reading: Reading, note: impl FnOnce() -> Option<String>) -> Reading {
    match reading {
        Reading::Breaks(breach) => Reading::Breaks(breach.with_details(note())),
        Reading::Holds | Reading::Undecided(_) => reading,
    }
}

/// The place of what did not fit; `nodes` are the places of the elements, where the value is the list of what the path
/// found.
fn place_of(way: &[Step], root: &str, nodes: &[Vec<Step>]) -> String {
    match way {
        [Step::Index(index), rest @ ..] if *index < nodes.len() => {
            let whole: Vec<Step> = nodes[*index].iter().chain(rest).cloned().collect();
            place("$", &whole)
        }
        way => place(root, way),
    }
}

/// That the body is no JSON.
pub(super) fn not_json(message: &str) -> Reading {
    Reading::Breaks(Breach::new(BreachCode::JsonInvalid, message).at("body"))
}

/// That a key stands twice in the body.
pub(in crate::judge) fn duplicate_key(key: &str) -> Breach {
    let message = format!("the key {key} stands twice in the body, and readers differ in which they take");
    Breach::new(BreachCode::DuplicateKey, message).at(key)
}
