use std::collections::BTreeMap;

use jsonschema::ValidationError;
use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::paths::{Location, LocationSegment};
use serde_json::Value;

use crate::judge::show::{Step, cut, place};

/// How many lines are shown.
const MOST_LINES: usize = 12;
/// How many errors are looked at.
const MOST_ERRORS: usize = 1000;
/// How deep branches of branches are followed.
const MOST_BRANCHES: usize = 8;

/// One line for each kind of error, the first places first.
pub(super) fn lines<'i>(errors: impl Iterator<Item = ValidationError<'i>>) -> Vec<String> {
    let mut groups: Vec<(String, String, usize)> = Vec::new();
    let mut known: BTreeMap<(String, String), usize> = BTreeMap::new();
    let mut more = false;
    for (count, error) in errors.enumerate() {
        if count == MOST_ERRORS {
            more = true;
            break;
        }
        let shape = (shape(error.instance_path()), error.schema_path().as_str().to_owned());
        match known.get(&shape) {
            Some(at) => groups[*at].2 += 1,
            None => {
                known.insert(shape, groups.len());
                // What is not shown is not put into words: a value may be large.
                let told = if groups.len() < MOST_LINES { sentence(&error, 0) } else { String::new() };
                groups.push((place("$", &steps_of(error.instance_path())), told, 0));
            }
        }
    }
    let hidden = groups.len().saturating_sub(MOST_LINES);
    let mut lines: Vec<String> = groups
        .into_iter()
        .take(MOST_LINES)
        .map(|(at, sentence, twins)| match twins {
            0 => format!("{at}: {sentence}"),
            1 => format!("{at}: {sentence} (and at 1 more place)"),
            _ => format!("{at}: {sentence} (and at {twins} more places)"),
        })
        .collect();
    if hidden > 0 || more {
        lines.push(format!("and {} more kinds of errors", if more { "many".to_owned() } else { hidden.to_string() }));
    }
    lines
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

/// What was expected and what is there.
fn sentence(error: &ValidationError<'_>, depth: usize) -> String {
    use ValidationErrorKind as Kind;
    let got = || preview(error.instance());
    let count = |one: &str, many: &str, limit: u64| format!("{limit} {}", if limit == 1 { one } else { many });
    let expected = match error.kind() {
        Kind::Type { kind } => types(kind),
        Kind::Constant { expected_value } => preview(expected_value),
        Kind::Enum { options } => match &**options {
            Value::Array(options) => {
                let shown: Vec<String> = options.iter().take(20).map(preview).collect();
                let rest = options.len() - shown.len();
                let rest = if rest > 0 { format!(" and {rest} more") } else { String::new() };
                format!("one of {}{rest}", shown.join(", "))
            }
            other => preview(other),
        },
        Kind::Required { property } => return format!("{} is missing", name(property.as_str().unwrap_or_default())),
        Kind::AdditionalProperties { unexpected } | Kind::UnevaluatedProperties { unexpected } => {
            let shown: Vec<String> = unexpected.iter().take(10).map(|key| name(key)).collect();
            let rest = unexpected.len() - shown.len();
            let rest = if rest > 0 { format!(" and {rest} more") } else { String::new() };
            let verb = if unexpected.len() == 1 { "is" } else { "are" };
            return format!("{}{rest} {verb} not allowed here", shown.join(", "));
        }
        Kind::AdditionalItems { limit } => format!("at most {limit} elements"),
        Kind::UnevaluatedItems { .. } => "no more elements".to_owned(),
        Kind::Minimum { limit } => format!("at least {limit}"),
        Kind::Maximum { limit } => format!("at most {limit}"),
        Kind::ExclusiveMinimum { limit } => format!("more than {limit}"),
        Kind::ExclusiveMaximum { limit } => format!("less than {limit}"),
        Kind::MultipleOf { multiple_of } => format!("a multiple of {multiple_of}"),
        Kind::MinLength { limit } => format!("at least {}", count("character", "characters", *limit)),
        Kind::MaxLength { limit } => format!("at most {}", count("character", "characters", *limit)),
        Kind::MinItems { limit } => format!("at least {}", count("element", "elements", *limit)),
        Kind::MaxItems { limit } => format!("at most {}", count("element", "elements", *limit)),
        Kind::MinProperties { limit } => format!("at least {}", count("member", "members", *limit)),
        Kind::MaxProperties { limit } => format!("at most {}", count("member", "members", *limit)),
        Kind::UniqueItems => "elements that all differ".to_owned(),
        Kind::Contains => "an element that follows the schema under `contains`".to_owned(),
        Kind::Pattern { pattern } => format!("a text that matches `{}`", cut(pattern)),
        Kind::Format { format } => format!("a text in the format `{format}`"),
        Kind::ContentEncoding { content_encoding } => format!("a text in {content_encoding}"),
        Kind::ContentMediaType { content_media_type } => format!("a text of type {content_media_type}"),
        Kind::FromUtf8 { .. } => "a text whose content is UTF-8".to_owned(),
        Kind::FalseSchema => return format!("nothing may stand here, got {}", got()),
        Kind::Not { .. } => "a value that does not follow the schema under `not`".to_owned(),
        Kind::PropertyNames { error } => return format!("the name of a member: {}", sentence(error, depth + 1)),
        Kind::AnyOf { context } => return branches("anyOf", error, context, depth),
        Kind::OneOfNotValid { context } => return branches("oneOf", error, context, depth),
        Kind::OneOfMultipleValid { context } => {
            let valid = context.iter().filter(|errors| errors.is_empty()).count();
            return format!("expected exactly one of the branches of `oneOf` to fit, and {valid} do; got {}", got());
        }
        Kind::BacktrackLimitExceeded { .. }
        | Kind::RegexEngineFailure { .. }
        | Kind::Custom { .. }
        | Kind::Referencing(_) => return format!("`{}` could not be judged", error.kind().keyword()),
    };
    format!("expected {expected}, got {}", got())
}

/// The nearest branch, and what it misses.
fn branches(keyword: &str, error: &ValidationError<'_>, context: &[Vec<ValidationError<'static>>], depth: usize) -> String {
    let nearest = context.iter().enumerate().filter(|(_, errors)| !errors.is_empty()).min_by_key(|(_, errors)| {
        let root = error.instance_path().as_str().len();
        let is_other_kind = errors.iter().any(|inner| {
            let is_here = inner.instance_path().as_str().len() <= root;
            is_here && matches!(inner.kind(), ValidationErrorKind::Type { .. } | ValidationErrorKind::FalseSchema)
        });
        let is_marked = errors.iter().any(|inner| {
            matches!(inner.kind(), ValidationErrorKind::Constant { .. } | ValidationErrorKind::Enum { .. })
        });
        (is_other_kind, is_marked, errors.len())
    });
    let whole = format!("fits none of the {} branches of `{keyword}`", context.len());
    let Some((at, errors)) = nearest.filter(|_| depth < MOST_BRANCHES) else { return whole };
    let inner: Vec<String> = errors
        .iter()
        .take(3)
        .map(|inner| format!("{}: {}", place("$", &steps_of(inner.instance_path())), sentence(inner, depth + 1)))
        .collect();
    format!("{whole}; nearest is number {}: {}", at + 1, inner.join("; "))
}

fn types(kind: &TypeKind) -> String {
    let word = |kind: jsonschema::JsonType| match kind.to_string().as_str() {
        "string" => "a text".to_owned(),
        "integer" => "an integer".to_owned(),
        "array" => "a list".to_owned(),
        "object" => "an object".to_owned(),
        "null" => "null".to_owned(),
        word => format!("a {word}"),
    };
    match kind {
        TypeKind::Single(one) => word(*one),
        TypeKind::Multiple(several) => several.iter().map(word).collect::<Vec<_>>().join(" or "),
    }
}

fn preview(value: &Value) -> String {
    let mut start = Start(Vec::new());
    // It ends early, with an error, where the value is large.
    let _ = serde_json::to_writer(&mut start, value);
    cut(&String::from_utf8_lossy(&start.0))
}

fn name(key: &str) -> String {
    preview(&Value::String(key.to_owned()))
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
