use jsonschema::ValidationError;
use jsonschema::error::{TypeKind, ValidationErrorKind as Kind};
use serde_json::Value;

use crate::diag::nearest;
use crate::judge::show::{Step, place, preview, quoted};
use crate::value::{Json, Number};

use super::rule::Rule;
use super::sentence::preview as preview_of;

/// A guess at the slip behind an error, where it looks like a frequent one.
#[expect(clippy::wildcard_enum_match_arm, reason = "the validator has errors that nothing special is said of")]
pub(super) fn hint(error: &ValidationError<'_>, value: Option<&Json>, at: &[Step], rule: &Rule<'_>) -> Option<String> {
    let value = value?;
    match error.kind() {
        Kind::Type { kind } => of_type(&words(kind), value, at, rule),
        Kind::Enum { options } => of_options(options.as_array().map(Vec::as_slice).unwrap_or_default(), value),
        Kind::Constant { expected_value } => of_options(std::slice::from_ref(&**expected_value), value),
        Kind::Required { property } => of_missing(property.as_str()?, value, rule),
        Kind::AdditionalProperties { unexpected } | Kind::UnevaluatedProperties { unexpected } => {
            unexpected.iter().find_map(|name| of_unexpected(name, value, rule))
        }
        Kind::Format { format } => super::hint_format::of_format(format, value.as_str()?),
        Kind::Pattern { pattern } => of_pattern(pattern, value.as_str()?),
        Kind::MinLength { .. } if value.as_str() == Some("") => Some(EMPTY.to_owned()),
        Kind::FalseSchema if value.is_null() => Some(NULL.to_owned()),
        _ => None,
    }
}

/// Said of an empty text wherever another one was asked for.
pub(super) const EMPTY: &str =
    "the text is empty; a value that is not known is left out, or null where that is allowed";
const NULL: &str = "null is a value of its own; what is not there is left out";

/// The guess at a body that follows the schema but for what is around it.
pub(super) fn envelope(body: &Json, mut follows: impl FnMut(&Json) -> bool) -> Option<String> {
    const MOST: usize = 12;
    match body {
        Json::Object(members) => members.iter().take(MOST).find_map(|(key, inner)| {
            let holds_more = matches!(inner, Json::Object(_) | Json::Array(_)) && !inner.is_empty_value();
            let inside = place("$", &[Step::Key(key.clone())]);
            (holds_more && follows(inner))
                .then(|| format!("what stands at {inside} follows the schema: it came wrapped in an envelope"))
        }),
        Json::Array(items) => match items.as_slice() {
            [only] if follows(only) => {
                Some("the one element of the list follows the schema: it came in a list".to_owned())
            }
            _ => None,
        },
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => None,
    }
}

fn words(kind: &TypeKind) -> Vec<String> {
    match kind {
        TypeKind::Single(one) => vec![one.to_string()],
        TypeKind::Multiple(several) => several.iter().map(|kind| kind.to_string()).collect(),
    }
}

fn of_type(wanted: &[String], value: &Json, at: &[Step], rule: &Rule<'_>) -> Option<String> {
    let wants = |kind: &str| wanted.iter().any(|word| word == kind);
    match value {
        Json::Null => Some(of_null(at, rule)),
        Json::String(text) => match text.as_str() {
            "" => Some(EMPTY.to_owned()),
            "true" | "false" if wants("boolean") => {
                Some(format!("a truth value sent as a text; write {text} without quotes"))
            }
            "null" if wants("null") => Some("null sent as a text; write null without quotes".to_owned()),
            text if wants("number") || wants("integer") => {
                let number = Number::parse(text.trim()).ok()?;
                let fits = wants("number") || number.is_integer();
                fits.then(|| format!("a number sent as a text; write {number} without quotes"))
            }
            text if (wants("array") || wants("object"))
                && matches!(text.trim_start().bytes().next(), Some(b'{' | b'[')) =>
            {
                Json::parse(text.as_bytes())
                    .ok()
                    .map(|_| "JSON sent as a text; write it without the quotes around it".to_owned())
            }
            _ if wants("array") => Some("a single value where a list is expected, even for one".to_owned()),
            _ => None,
        },
        Json::Number(number) if wants("string") => {
            Some(format!("a text sent as a number; write \"{number}\" with quotes"))
        }
        Json::Number(number) if wants("boolean") && matches!(number.to_i64(), Some(0 | 1)) => {
            Some(format!("a truth value sent as a number; write {}", number.to_i64() == Some(1)))
        }
        Json::Number(number) if wants("integer") => {
            (!number.is_integer()).then(|| "the number has a fraction; 1.0 would do, for it is 1".to_owned())
        }
        Json::Bool(truth) if wants("string") => {
            Some(format!("a text sent as a truth value; write \"{truth}\" with quotes"))
        }
        Json::Array(items) if wants("object") => Some(match items.as_slice() {
            [Json::Object(_)] => "a list of one where the object itself is expected".to_owned(),
            _ => "a list where a single object is expected".to_owned(),
        }),
        Json::Array(items) if items.len() == 1 => Some("a list of one where the value itself is expected".to_owned()),
        Json::Object(members) if wants("array") => {
            let inner = members.iter().find(|(_, inner)| matches!(inner, Json::Array(_)));
            Some(match inner {
                Some((key, _)) => {
                    let way: Vec<Step> = at.iter().cloned().chain([Step::Key(key.clone())]).collect();
                    format!("there is a list at {}: it came wrapped in an object", place("$", &way))
                }
                None => "a single object where a list is expected, even for one".to_owned(),
            })
        }
        Json::Bool(_) | Json::Number(_) if wants("array") => {
            Some("a single value where a list is expected, even for one".to_owned())
        }
        Json::Bool(_) | Json::Number(_) | Json::Array(_) | Json::Object(_) => None,
    }
}

fn of_null(at: &[Step], rule: &Rule<'_>) -> String {
    match (rule.as_member(), at.last()) {
        (Some((parent, member)), Some(Step::Key(_))) => {
            let name = quoted(&member);
            if is_required(parent, &member) {
                format!("null is a value of its own: {name} must be there, and have a value")
            } else {
                format!("null is a value of its own; leave {name} out where there is nothing to tell")
            }
        }
        (_, _) => NULL.to_owned(),
    }
}

fn is_required(schema: &Value, member: &str) -> bool {
    let required = schema.get("required").and_then(Value::as_array);
    required.is_some_and(|names| names.iter().any(|name| name.as_str() == Some(member)))
}

/// The option that was meant.
pub(super) fn of_options(options: &[Value], value: &Json) -> Option<String> {
    let texts: Vec<&str> = options.iter().filter_map(Value::as_str).collect();
    match value {
        Json::Null => Some(NULL.to_owned()),
        Json::String(text) => {
            if text.is_empty() {
                return Some(EMPTY.to_owned());
            }
            let bare = text.trim();
            let spelled = |option: &&Value| !option.is_string() && preview_of(option) == bare;
            if let Some(option) = options.iter().find(spelled) {
                return Some(format!("sent as a text; write {option} without quotes"));
            }
            if let Some(same) = texts.iter().find(|option| **option == text.trim()) {
                return Some(format!("white space stands around {}", quoted(same)));
            }
            if let Some(same) = texts.iter().find(|option| option.to_lowercase() == text.to_lowercase()) {
                return Some(format!("only upper and lower case differ from {}", quoted(same)));
            }
            nearest(text, texts.iter().copied()).map(|near| format!("did you mean {}?", quoted(near)))
        }
        Json::Number(_) | Json::Bool(_) => {
            let text = value.to_string();
            texts.contains(&text.as_str()).then(|| format!("a text sent without quotes; write \"{text}\""))
        }
        Json::Array(items) => match items.as_slice() {
            [only] if options.contains(&only.to_view().value) => {
                Some("a list of one where the value itself is expected".to_owned())
            }
            _ => None,
        },
        Json::Object(_) => None,
    }
}

/// A member that may be the missing one under another name, or what else is to be said of it.
fn of_missing(missing: &str, value: &Json, rule: &Rule<'_>) -> Option<String> {
    let properties = rule.beside("properties").and_then(Value::as_object);
    let strangers = value.as_object().unwrap_or_default().iter().map(|(name, _)| name.as_str());
    let strangers = strangers.filter(|name| !properties.is_some_and(|known| known.contains_key(*name)));
    if let Some(near) = nearest(missing, strangers.collect::<Vec<_>>()) {
        return Some(names_differ(near, missing));
    }
    let kinds = properties?.get(missing)?.get("type")?;
    let is_null = |kind: &Value| kind.as_str() == Some("null");
    let allows_null = is_null(kinds) || kinds.as_array().is_some_and(|kinds| kinds.iter().any(is_null));
    allows_null.then(|| format!("{} may be null, but not be left out", quoted(missing)))
}

fn of_unexpected(name: &str, value: &Json, rule: &Rule<'_>) -> Option<String> {
    let known = rule.beside("properties").and_then(Value::as_object)?;
    let absent: Vec<&str> = known.keys().map(String::as_str).filter(|key| value.get(key).is_none()).collect();
    nearest(name, absent).map(|near| names_differ(name, near))
}

fn names_differ(found: &str, wanted: &str) -> String {
    if found.to_lowercase() == wanted.to_lowercase() {
        format!("{} is there: only upper and lower case differ from {}", quoted(found), quoted(wanted))
    } else {
        format!("{} is there; did you mean {}?", quoted(found), quoted(wanted))
    }
}

fn of_pattern(pattern: &str, text: &str) -> Option<String> {
    if text.is_empty() {
        return Some(EMPTY.to_owned());
    }
    let fits = |pattern: &str, text: &str| {
        let built = regex::RegexBuilder::new(pattern).size_limit(1 << 20).build();
        built.is_ok_and(|regex| regex.is_match(text))
    };
    if fits(pattern, text.trim()) {
        return Some(format!("white space stands around {}", preview(&Json::from(text.trim()))));
    }
    fits(&format!("(?i){pattern}"), text).then(|| "only upper and lower case differ".to_owned())
}
