use std::collections::BTreeMap;

use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind as Kind;
use jsonschema::paths::{Location, LocationSegment};
use serde_json::Value;

use crate::judge::show::{Step, cut, place, preview, quoted};
use crate::value::Json;

use super::branch::{Choice, choose};
use super::described::Described;
use super::hint::hint;
use super::rule::Rule;
use super::sentence::{Said, say};

/// How many fields are told of.
const MOST_FIELDS: usize = 12;
/// How many rules of one field are told of.
const MOST_RULES: usize = 4;
/// How many errors are looked at.
const MOST_ERRORS: usize = 100_000;
/// In how many values the branch that was meant is looked for.
const MOST_CHOICES: usize = 1000;
/// How deep branches of branches are followed.
const MOST_BRANCHES: usize = 8;

/// What is wrong with one field of a body: a sentence, and notes on the rules that it breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::judge) struct Violation {
    /// The place and what is wrong there.
    pub(in crate::judge) line: String,
    /// Where the rules stand and how they were reached; a guess at the slip.
    pub(in crate::judge) notes: Vec<String>,
}

impl Violation {
    /// Several of them as lines: each sentence, and its notes further in.
    pub(in crate::judge) fn lines(violations: &[Self]) -> Vec<String> {
        let notes = |violation: &Self| violation.notes.iter().map(|note| format!("  {note}")).collect::<Vec<_>>();
        violations.iter().flat_map(|it| std::iter::once(it.line.clone()).chain(notes(it))).collect()
    }
}

/// An error of the validator, and by which branches it was come to.
struct Fault<'e> {
    error: &'e ValidationError<'e>,
    whys: Vec<String>,
    instead: Option<(Vec<Step>, Said)>,
}

/// All that is wrong with one field.
struct Field<'e> {
    at: Vec<Step>,
    faults: Vec<Fault<'e>>,
    twins: usize,
}

/// What is wrong, grouped by field, the worst first.
pub(super) fn violations<'i>(
    errors: impl Iterator<Item = ValidationError<'i>>,
    body: &Json,
    described: &Described,
) -> Vec<Violation> {
    let mut errors: Vec<ValidationError<'i>> = errors.take(MOST_ERRORS + 1).collect();
    let more = errors.len() > MOST_ERRORS;
    errors.truncate(MOST_ERRORS);
    let mut fields =
        Fields { body, described, all: Vec::new(), known: BTreeMap::new(), places: BTreeMap::new(), choices: 0 };
    for error in &errors {
        fields.take(error, Vec::new());
    }
    let mut all = fields.all;
    all.sort_by_key(|field| (field.faults.iter().map(rank).min(), field.at.len()));
    let hidden = all.len().saturating_sub(MOST_FIELDS);
    let mut told: Vec<Violation> = all.iter().take(MOST_FIELDS).map(|field| field.told(body, described)).collect();
    if hidden > 0 {
        told.push(Violation { line: format!("and {hidden} more fields"), notes: Vec::new() });
    }
    if more {
        told.push(Violation { line: format!("only the first {MOST_ERRORS} errors were looked at"), notes: Vec::new() });
    }
    told
}

struct Fields<'e, 'b> {
    body: &'b Json,
    described: &'b Described,
    all: Vec<Field<'e>>,
    /// The fields by their shape and the rule that is broken: the elements of a list are one.
    known: BTreeMap<(String, String), usize>,
    /// The fields by their place.
    places: BTreeMap<String, usize>,
    choices: usize,
}

impl<'e> Fields<'e, '_> {
    fn take(&mut self, error: &'e ValidationError<'e>, whys: Vec<String>) {
        let (keyword, context) = if let Kind::AnyOf { context } = error.kind() {
            ("anyOf", context)
        } else if let Kind::OneOfNotValid { context } = error.kind() {
            ("oneOf", context)
        } else {
            return self.add(Fault { error, whys, instead: None });
        };
        if self.choices >= MOST_CHOICES || whys.len() >= MOST_BRANCHES {
            return self.add(Fault { error, whys, instead: None });
        }
        self.choices += 1;
        let at = steps_of(error.instance_path());
        match choose(keyword, error, context, find(self.body, &at), self.described) {
            Choice::Branch { errors, why } => {
                for inner in errors {
                    let mut whys = whys.clone();
                    whys.push(format!("at {}, {why}", place("$", &at)));
                    self.take(inner, whys);
                }
            }
            Choice::NoBranch { member, allowed } => {
                let expected = format!("one of {}, which choose the branch of `{keyword}`", allowed.join(", "));
                let at: Vec<Step> = at.into_iter().chain([Step::Key(member)]).collect();
                self.add(Fault { error, whys, instead: Some((at, Said::Expected(expected))) });
            }
            Choice::OtherKind(kinds) => {
                self.add(Fault { error, whys, instead: Some((at, Said::Expected(kinds))) });
            }
            Choice::Nothing => self.add(Fault { error, whys, instead: None }),
        }
    }

    fn add(&mut self, fault: Fault<'e>) {
        let shape =
            (shape(fault.error.instance_path()), format!("{}{:?}", fault.error.schema_path(), key_of(fault.error)));
        if let Some(known) = self.known.get(&shape) {
            self.all[*known].twins += 1;
            return;
        }
        let at = fault.instead.as_ref().map_or_else(|| steps_of(fault.error.instance_path()), |(at, _)| at.clone());
        let named = place("$", &at);
        let field = *self.places.entry(named).or_insert_with(|| {
            self.all.push(Field { at, faults: Vec::new(), twins: 0 });
            self.all.len() - 1
        });
        self.known.insert(shape, field);
        self.all[field].faults.push(fault);
    }
}

/// What tells two errors of one keyword at one place apart.
fn key_of<'e>(error: &'e ValidationError<'_>) -> Option<&'e str> {
    if let Kind::Required { property } = error.kind() { property.as_str() } else { None }
}

/// How bad an error is: what is of another kind, or missing, is likely to be behind the rest.
#[expect(clippy::wildcard_enum_match_arm, reason = "the validator has errors that nothing special is said of")]
fn rank(fault: &Fault<'_>) -> u8 {
    match fault.error.kind() {
        Kind::Type { .. } | Kind::AnyOf { .. } | Kind::OneOfNotValid { .. } => 0,
        Kind::Required { .. } => 1,
        Kind::AdditionalProperties { .. } | Kind::UnevaluatedProperties { .. } | Kind::FalseSchema => 2,
        Kind::Constant { .. } | Kind::Enum { .. } => 3,
        _ => 4,
    }
}

impl Field<'_> {
    fn told(&self, body: &Json, described: &Described) -> Violation {
        let value = find(body, &self.at);
        let (mut expected, mut plain, mut missing, mut notes, mut hints) =
            (Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for fault in self.faults.iter().take(MOST_RULES.max(10)) {
            let rule = Rule::of(fault.error, described);
            let said = match &fault.instead {
                Some((_, said)) => said.clone(),
                None => say(fault.error, value, &rule),
            };
            match said {
                Said::Expected(said) => expected.push(said),
                Said::Plain(said) => match said.strip_suffix(" is missing") {
                    Some(name) => missing.push(name.to_owned()),
                    None => plain.push(said),
                },
            }
            let guess = hint(fault.error, value, &self.at, &rule);
            hints.extend(guess.or_else(|| self.of_branch(fault, value)));
            notes.extend(fault.whys.iter().cloned());
            notes.push(rule.told());
            notes.extend(condition(&rule));
        }
        if !missing.is_empty() {
            let verb = if missing.len() == 1 { "is" } else { "are" };
            plain.insert(0, format!("{} {verb} missing", missing.join(", ")));
        }
        if !expected.is_empty() {
            let got = value.map_or_else(|| "nothing".to_owned(), preview);
            plain.insert(0, format!("expected {}, got {got}", expected.join(" and ")));
        }
        let left = self.faults.len().saturating_sub(MOST_RULES.max(10));
        if left > 0 {
            plain.push(format!("{left} more rules are broken"));
        }
        let twins = match self.twins {
            0 => String::new(),
            1 => " (and at 1 more place)".to_owned(),
            twins => format!(" (and at {twins} more places)"),
        };
        let mut all = Vec::new();
        for note in hints.into_iter().map(|hint| format!("hint: {hint}")).chain(notes) {
            if !all.contains(&note) {
                all.push(note);
            }
        }
        Violation { line: format!("{}: {}{twins}", place("$", &self.at), plain.join("; ")), notes: all }
    }

    /// What is said of a value that belongs to no branch.
    fn of_branch(&self, fault: &Fault<'_>, value: Option<&Json>) -> Option<String> {
        let (Kind::AnyOf { context } | Kind::OneOfNotValid { context }) = fault.error.kind() else { return None };
        fault.instead.as_ref()?;
        let constants = context.iter().flatten().filter(|inner| steps_of(inner.instance_path()) == self.at);
        let mut options: Vec<Value> = Vec::new();
        for inner in constants {
            if let Kind::Constant { expected_value } = inner.kind() {
                options.push((**expected_value).clone());
            } else if let Kind::Enum { options: several } = inner.kind() {
                options.extend(several.as_array().into_iter().flatten().cloned());
            }
        }
        super::hint::of_options(&options, value?)
    }
}

/// Why a rule that holds only sometimes holds here.
fn condition(rule: &Rule<'_>) -> Option<String> {
    if rule.is_under("then") {
        return Some("it holds here because the value follows the schema under `if`".to_owned());
    }
    if rule.is_under("else") {
        return Some("it holds here because the value does not follow the schema under `if`".to_owned());
    }
    let member = rule.below("dependentSchemas")?;
    Some(format!("it holds here because {} is there", quoted(&member)))
}

/// What stands at the end of these steps.
fn find<'j>(body: &'j Json, steps: &[Step]) -> Option<&'j Json> {
    steps.iter().try_fold(body, |at, step| match step {
        Step::Key(key) => at.get(key),
        Step::Index(index) => at.index(*index),
    })
}

/// A path with every index left open, so that the errors of all elements of a list are one.
fn shape(path: &Location) -> String {
    path.segments().fold(String::new(), |text, segment| match segment {
        LocationSegment::Index(_) => text + "/*",
        LocationSegment::Property(key) => text + "/" + &key,
    })
}

/// The steps of a path.
pub(super) fn steps_of(path: &Location) -> Vec<Step> {
    path.segments()
        .map(|segment| match segment {
            LocationSegment::Index(index) => Step::Index(index),
            LocationSegment::Property(key) => Step::Key(key.into_owned()),
        })
        .collect()
}

/// Why the compiler refuses a schema: what is wrong, and the steps to it.
pub(super) fn refusal(error: &ValidationError<'_>) -> (String, Vec<Step>) {
    let steps = steps_of(error.instance_path());
    let message = match (error.kind(), &**error.instance()) {
        (Kind::Format { format }, Value::String(pattern)) if format == "regex" => {
            let reason = match regex::Regex::new(pattern) {
                // The crate draws the expression with its own caret over several lines; the last tells what is wrong.
                Err(error) => {
                    error.to_string().lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned()
                }
                Ok(_) => "it is too large when it is compiled".to_owned(),
            };
            format!("`{}` cannot be used as a pattern: {reason}", cut(pattern))
        }
        (Kind::Referencing(reason), _) => reason.to_string(),
        (Kind::AnyOf { context }, value) => {
            // The draft's own schema has branches of one rule each.
            let said = context.iter().flatten().map(|inner| super::sentence::bare(inner));
            format!("expected {}, got {}", said.collect::<Vec<_>>().join(", or "), super::sentence::preview(value))
        }
        (_, value) => format!("expected {}, got {}", super::sentence::bare(error), super::sentence::preview(value)),
    };
    (message, steps)
}
