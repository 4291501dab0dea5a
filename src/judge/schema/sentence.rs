use std::collections::BTreeSet;

use jsonschema::ValidationError;
use jsonschema::error::{TypeKind, ValidationErrorKind as Kind};
use serde_json::Value;

use crate::judge::show::{Step, cut, listed, place, preview as preview_exact, quoted};
use crate::value::Json;

use super::described::Described;
use super::rule::Rule;

/// What is said of one broken rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Said {
    /// What was expected of the value that stands there.
    Expected(String),
    /// A whole sentence.
    Plain(String),
}

/// How many names or values are listed.
const MOST_LISTED: usize = 20;

/// What an error says. `value` is what stands there, exactly; `rule` is what it breaks.
pub(super) fn say(error: &ValidationError<'_>, value: Option<&Json>, rule: &Rule<'_>) -> Said {
    Said::Expected(match error.kind() {
        Kind::Type { kind } => listed_types(&[kind]),
        Kind::Constant { expected_value } => preview(expected_value),
        Kind::Enum { options } => one_of(options.as_array().map(Vec::as_slice).unwrap_or_default()),
        Kind::Required { property } => {
            let because = rule.trigger().map(|name| format!(", and must be there because {} is", quoted(&name)));
            let because = because.unwrap_or_default();
            return Said::Plain(format!("{} is missing{because}", quoted(property.as_str().unwrap_or_default())));
        }
        Kind::AdditionalProperties { unexpected } | Kind::UnevaluatedProperties { unexpected } => {
            let verb = if unexpected.len() == 1 { "is" } else { "are" };
            return Said::Plain(format!("{} {verb} not allowed here", names(unexpected)));
        }
        Kind::AdditionalItems { limit } => elements("at most", *limit as u64, value),
        Kind::UnevaluatedItems { unexpected } => {
            let shown: Vec<String> = unexpected.iter().take(5).map(|item| cut(item)).collect();
            let rest = unexpected.len() - shown.len();
            let rest = if rest > 0 { format!(" and {rest} more") } else { String::new() };
            let what = if unexpected.len() == 1 { "the element" } else { "the elements" };
            return Said::Plain(format!("no schema speaks of {what} {}{rest}, so nothing allows it", shown.join(", ")));
        }
        Kind::Minimum { limit } => format!("at least {limit}"),
        Kind::Maximum { limit } => format!("at most {limit}"),
        Kind::ExclusiveMinimum { limit } => format!("more than {limit}"),
        Kind::ExclusiveMaximum { limit } => format!("less than {limit}"),
        Kind::MultipleOf { multiple_of } => format!("a multiple of {multiple_of}"),
        Kind::MinLength { limit } => characters("at least", *limit, value),
        Kind::MaxLength { limit } => characters("at most", *limit, value),
        Kind::MinItems { limit } => elements("at least", *limit, value),
        Kind::MaxItems { limit } => elements("at most", *limit, value),
        Kind::MinProperties { limit } => members("at least", *limit, value),
        Kind::MaxProperties { limit } => members("at most", *limit, value),
        Kind::UniqueItems => format!("elements that all differ{}", twins(value)),
        Kind::Contains => contains(rule),
        Kind::Pattern { pattern } => format!("a text that matches `{}`", cut(pattern)),
        Kind::Format { format } => format!("{} (format `{format}`)", format_in_words(format)),
        Kind::ContentEncoding { content_encoding } => format!("a text in {content_encoding}"),
        Kind::ContentMediaType { content_media_type } => format!("a text of type {content_media_type}"),
        Kind::FromUtf8 { .. } => "a text whose content is UTF-8".to_owned(),
        Kind::FalseSchema => return forbidden(error, value),
        Kind::Not { schema } => format!("a value that does not follow {} (`not`)", preview(schema)),
        Kind::PropertyNames { error } => return of_name(error, rule),
        Kind::AnyOf { .. } => "a value that fits a branch of `anyOf`".to_owned(),
        Kind::OneOfNotValid { .. } => "a value that fits a branch of `oneOf`".to_owned(),
        Kind::OneOfMultipleValid { context } => {
            let fitting = context.iter().enumerate().filter(|(_, errors)| errors.is_empty());
            let fitting: Vec<String> = fitting.map(|(at, _)| (at + 1).to_string()).collect();
            format!(
                "exactly one branch of `oneOf` to fit, and numbers {} of {} do",
                listed(&fitting, "and"),
                context.len()
            )
        }
        Kind::Custom { keyword, .. } if keyword == "multipleOf" => {
            let of = rule.beside("multipleOf").map_or_else(|| "the number given".to_owned(), preview);
            format!("a multiple of {of}")
        }
        Kind::Custom { .. }
        | Kind::BacktrackLimitExceeded { .. }
        | Kind::RegexEngineFailure { .. }
        | Kind::Referencing(_) => return Said::Plain(format!("`{}` could not be judged", error.kind().keyword())),
    })
}

/// What an error says without the schema around it.
pub(super) fn bare(error: &ValidationError<'_>) -> String {
    let described = Described::default();
    match say(error, None, &Rule::of(error, &described)) {
        Said::Expected(said) | Said::Plain(said) => said,
    }
}

/// Several values, any of which would do.
pub(super) fn one_of(options: &[Value]) -> String {
    if let [only] = options {
        return preview(only);
    }
    let shown: Vec<String> = options.iter().take(MOST_LISTED).map(preview).collect();
    let rest = options.len() - shown.len();
    let rest = if rest > 0 { format!(" and {rest} more") } else { String::new() };
    format!("one of {}{rest}", shown.join(", "))
}

/// Kinds of values in words, each once.
pub(super) fn listed_types(kinds: &[&TypeKind]) -> String {
    let word = |kind: jsonschema::JsonType| match kind.to_string().as_str() {
        "string" => "a text".to_owned(),
        "integer" => "an integer".to_owned(),
        "array" => "a list".to_owned(),
        "object" => "an object".to_owned(),
        "null" => "null".to_owned(),
        word => format!("a {word}"),
    };
    let mut words = Vec::new();
    let all = kinds.iter().flat_map(|kind| match kind {
        TypeKind::Single(one) => vec![word(*one)],
        TypeKind::Multiple(several) => several.iter().map(word).collect(),
    });
    let mut seen = BTreeSet::new();
    words.extend(all.filter(|word| seen.insert(word.clone())));
    listed(&words, "or")
}

/// A value of a schema, cut.
pub(super) fn preview(value: &Value) -> String {
    let mut start = Start(Vec::new());
    // It ends early, with an error, where the value is large.
    let _ = serde_json::to_writer(&mut start, value);
    cut(&String::from_utf8_lossy(&start.0))
}

/// What an error of a member's name says.
fn of_name(error: &ValidationError<'_>, rule: &Rule<'_>) -> Said {
    let name = preview(error.instance());
    Said::Plain(match say(error, None, rule) {
        Said::Expected(expected) => format!("the name of a member must be {expected}, and {name} is not"),
        Said::Plain(_) => format!("no member may be called {name}"),
    })
}

fn forbidden(error: &ValidationError<'_>, value: Option<&Json>) -> Said {
    let got = value.map_or_else(|| preview(error.instance()), preview_exact);
    Said::Plain(format!("nothing may stand here, got {got}"))
}

fn names(names: &[String]) -> String {
    let shown: Vec<String> = names.iter().take(10).map(|name| quoted(name)).collect();
    let rest = names.len() - shown.len();
    let rest = if rest > 0 { format!(" and {rest} more") } else { String::new() };
    format!("{}{rest}", shown.join(", "))
}

fn counted(word: &str, limit: u64, one: &str, many: &str, found: Option<usize>) -> String {
    let unit = if limit == 1 { one } else { many };
    let found = found.map(|found| format!(" (there {} {found})", if found == 1 { "is" } else { "are" }));
    format!("{word} {limit} {unit}{}", found.unwrap_or_default())
}

fn characters(word: &str, limit: u64, value: Option<&Json>) -> String {
    let found = value.and_then(Json::as_str).map(|text| text.chars().count());
    counted(word, limit, "character", "characters", found)
}

fn elements(word: &str, limit: u64, value: Option<&Json>) -> String {
    counted(word, limit, "element", "elements", value.and_then(Json::as_array).map(<[Json]>::len))
}

fn members(word: &str, limit: u64, value: Option<&Json>) -> String {
    counted(word, limit, "member", "members", value.and_then(Json::as_object).map(<[(String, Json)]>::len))
}

/// Which two elements are the same; every pair is compared, so only of short lists.
fn twins(value: Option<&Json>) -> String {
    const LONGEST: usize = 500;
    let items = value.and_then(Json::as_array).unwrap_or_default();
    let pair = items.iter().take(LONGEST).enumerate().find_map(|(at, item)| {
        let first = items[..at].iter().position(|other| other == item)?;
        Some((first, at))
    });
    let at = |index| place("$", &[Step::Index(index)]).replacen('$', "", 1);
    pair.map(|(first, second)| format!(", and {} and {} do not", at(first), at(second))).unwrap_or_default()
}

fn contains(rule: &Rule<'_>) -> String {
    let schema = rule.beside("contains").map_or_else(|| "the schema under `contains`".to_owned(), preview);
    let count = |keyword| rule.beside(keyword).and_then(Value::as_u64);
    match (rule.keyword(), count("minContains"), count("maxContains")) {
        ("maxContains", _, Some(most)) => format!("at most {most} of the elements to follow {schema}"),
        (_, Some(least), _) if least > 1 => format!("at least {least} of the elements to follow {schema}"),
        (_, _, _) => format!("at least one element that follows {schema}"),
    }
}

fn format_in_words(format: &str) -> &'static str {
    match format {
        "date-time" => "a date and a time with a zone, as 2026-11-22T12:00:00Z",
        "date" => "a date, as 2026-11-22",
        "time" => "a time with a zone, as 12:00:00Z",
        "duration" => "a duration, as P1DT2H",
        "email" | "idn-email" => "an e-mail address",
        "hostname" | "idn-hostname" => "the name of a host",
        "ipv4" => "an IPv4 address, as 192.0.2.1",
        "ipv6" => "an IPv6 address, as 2001:db8::1",
        "uri" | "iri" => "an absolute URI, as https://example.com/",
        "uri-reference" | "iri-reference" => "a URI, or a part of one",
        "uuid" => "a UUID, as 6f9619ff-8b86-d011-b42d-00c04fc964ff",
        "uri-template" => "a URI template, as /users/{id}",
        "json-pointer" => "a JSON Pointer, as /a/0",
        "relative-json-pointer" => "a relative JSON Pointer, as 1/a",
        "regex" => "a regular expression",
        _ => "a text in the format",
    }
}

/// Takes the first bytes that are written, so that a preview of a large value costs no more than itself.
struct Start(Vec<u8>);

impl std::io::Write for Start {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        const ENOUGH: usize = 1024;
        self.0.extend_from_slice(&bytes[..bytes.len().min(ENOUGH)]);
        if self.0.len() > ENOUGH { Err(std::io::ErrorKind::FileTooLarge.into()) } else { Ok(bytes.len()) }
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
