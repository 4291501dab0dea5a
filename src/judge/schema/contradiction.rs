use crate::diag::Code;
use crate::judge::show::{preview, quoted};
use crate::value::{Json, Kind, Number};

use super::doubt::{Doubt, kinds};

/// Pairs of a lower and an upper bound, what they bound, and of which kind of value.
const BOUNDS: &[(&str, &str, Meeting, &str, &str)] = &[
    ("minimum", "maximum", Meeting::Allowed, "number", "number"),
    ("exclusiveMinimum", "maximum", Meeting::Excluded, "number", "number"),
    ("minimum", "exclusiveMaximum", Meeting::Excluded, "number", "number"),
    ("exclusiveMinimum", "exclusiveMaximum", Meeting::Excluded, "number", "number"),
    ("minLength", "maxLength", Meeting::Allowed, "string", "text"),
    ("minItems", "maxItems", Meeting::Allowed, "array", "list"),
    ("minContains", "maxContains", Meeting::Allowed, "array", "list"),
    ("minProperties", "maxProperties", Meeting::Allowed, "object", "object"),
];

/// Whether a value may be at both bounds where they are the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Meeting {
    Allowed,
    Excluded,
}

/// A keyword, the number that it bounds, and when that is within it.
type Bound<'v> = (&'static str, &'v Option<Number>, fn(&Number, &Number) -> bool);

/// What keeps every value from following a schema, as far as its own keywords tell.
pub(super) fn contradictions(schema: &Json) -> Vec<Doubt> {
    let mut found = Vec::new();
    bounds(schema, &mut found);
    found.extend(options(schema));
    members(schema, &mut found);
    combined(schema, &mut found);
    found
}

fn impossible(key: &str, what: &str, why: &str) -> Doubt {
    Doubt::new(Code::ImpossibleSchema, key, format!("no {what} follows this schema: {why}"), "this excludes every one")
}

/// The word for what is impossible: any value, where `type` allows nothing else.
fn word<'w>(schema: &Json, kind: &str, word: &'w str) -> &'w str {
    if kinds(schema).is_some_and(|kinds| kinds.iter().all(|it| *it == kind)) { "value" } else { word }
}

fn bounds(schema: &Json, found: &mut Vec<Doubt>) {
    let number = |key: &str| schema.get(key).and_then(Json::as_number);
    for (low, high, meeting, kind, name) in BOUNDS {
        let (Some(least), Some(most)) = (number(low), number(high)) else { continue };
        if *kind == "array" && *low == "minContains" && schema.get("contains").is_none() {
            continue;
        }
        if least > most || (*meeting == Meeting::Excluded && least == most) {
            let why = format!("`{low}` is {least}, and `{high}` is {most}");
            found.push(impossible(high, word(schema, kind, name), &why));
        }
    }
}

/// `enum` and `const` against `type`, the bounds and each other.
fn options(schema: &Json) -> Option<Doubt> {
    let constant = schema.get("const");
    let listed = schema.get("enum").and_then(Json::as_array);
    let (key, options) = match (constant, listed) {
        (Some(constant), Some(listed)) => {
            if !listed.contains(constant) {
                let why = format!("`const` is {}, and `enum` does not list it", preview(constant));
                return Some(impossible("const", "value", &why));
            }
            ("const", std::slice::from_ref(constant))
        }
        (Some(constant), None) => ("const", std::slice::from_ref(constant)),
        (None, Some([])) => return Some(impossible("enum", "value", "`enum` lists none")),
        (None, Some(listed)) => ("enum", listed),
        (None, None) => return None,
    };
    let refused: Vec<(&Json, String)> = options.iter().filter_map(|it| Some((it, refusal(schema, it)?))).collect();
    let (first, why) = refused.first()?;
    if refused.len() == options.len() {
        let told = format!("`{key}` allows {}, and {why}", preview(first));
        return Some(impossible(key, "value", &told));
    }
    let message = format!("{} under `enum` can never be there: {why}", preview(first));
    Some(Doubt::new(Code::IdleKeyword, key, message, "not all of it can matter"))
}

/// Why a value that is listed does not follow the keywords beside the list.
fn refusal(schema: &Json, value: &Json) -> Option<String> {
    if let Some(wanted) = schema.get("type") {
        let several = wanted.as_array().unwrap_or_default().iter().filter_map(Json::as_str);
        let all: Vec<&str> = wanted.as_str().into_iter().chain(several).collect();
        let is_integer = value.as_number().is_some_and(Number::is_integer);
        let kind = match value.kind() {
            Kind::Null => "null",
            Kind::Boolean => "boolean",
            Kind::Number => "number",
            Kind::String => "string",
            Kind::Array => "array",
            Kind::Object => "object",
        };
        if !(all.contains(&kind) || is_integer && all.contains(&"integer")) {
            return Some(format!("`type` is {}", preview(wanted)));
        }
    }
    let length = value.as_str().map(|text| text.chars().count()).and_then(count);
    let items = value.as_array().map(<[Json]>::len).and_then(count);
    let members = value.as_object().map(<[(String, Json)]>::len).and_then(count);
    let number = value.as_number().cloned();
    let rules: [Bound<'_>; 10] = [
        ("minimum", &number, |value, limit| value >= limit),
        ("maximum", &number, |value, limit| value <= limit),
        ("exclusiveMinimum", &number, |value, limit| value > limit),
        ("exclusiveMaximum", &number, |value, limit| value < limit),
        ("minLength", &length, |value, limit| value >= limit),
        ("maxLength", &length, |value, limit| value <= limit),
        ("minItems", &items, |value, limit| value >= limit),
        ("maxItems", &items, |value, limit| value <= limit),
        ("minProperties", &members, |value, limit| value >= limit),
        ("maxProperties", &members, |value, limit| value <= limit),
    ];
    rules.iter().find_map(|(keyword, value, holds)| {
        let limit = schema.get(keyword).and_then(Json::as_number)?;
        (!holds(value.as_ref()?, limit)).then(|| format!("`{keyword}` is {limit}"))
    })
}

fn count(count: usize) -> Option<Number> {
    u64::try_from(count).ok().map(Number::from)
}

/// `required` against what members may be there, and how many.
fn members(schema: &Json, found: &mut Vec<Doubt>) {
    let required = schema.get("required").and_then(Json::as_array).unwrap_or_default();
    let required: Vec<&str> = required.iter().filter_map(Json::as_str).collect();
    let what = word(schema, "object", "object");
    let properties = schema.get("properties").and_then(Json::as_object).unwrap_or_default();
    let is_closed = schema.get("additionalProperties").and_then(Json::as_bool) == Some(false);
    let patterns = schema.get("patternProperties").and_then(Json::as_object).unwrap_or_default();
    let is_named = |name: &str| properties.iter().any(|(known, _)| known == name);
    let is_matched = |name: &str| {
        patterns.iter().any(|(pattern, _)| regex::Regex::new(pattern).map_or(true, |regex| regex.is_match(name)))
    };
    for name in &required {
        if properties.iter().any(|(known, part)| known == name && part.as_bool() == Some(false)) {
            let why = format!("{} is required, and `false` under `properties`", quoted(name));
            found.push(impossible("required", what, &why));
        } else if is_closed && !is_named(name) && !is_matched(name) {
            let near = crate::diag::nearest(name, properties.iter().map(|(known, _)| known));
            let why =
                format!("{} is required, and `properties` does not name it, so that it is not allowed", quoted(name));
            let doubt = impossible("required", what, &why);
            found.push(Doubt { help: near.map(|near| format!("did you mean `{near}`?")), ..doubt });
        }
    }
    let limit = |key: &str| schema.get(key).and_then(Json::as_number).and_then(Number::to_u64);
    let mut names = required.clone();
    names.sort_unstable();
    names.dedup();
    if limit("maxProperties").is_some_and(|most| most < names.len() as u64) {
        let why = format!("`maxProperties` allows fewer members than the {} required", names.len());
        found.push(impossible("maxProperties", what, &why));
    }
    if is_closed && patterns.is_empty() && limit("minProperties").is_some_and(|least| least > properties.len() as u64) {
        let why = format!("`minProperties` asks for more members than the {} allowed", properties.len());
        found.push(impossible("minProperties", what, &why));
    }
    let prefix = schema.get("prefixItems").and_then(Json::as_array).unwrap_or_default();
    let ends = schema.get("items").and_then(Json::as_bool) == Some(false);
    if ends && limit("minItems").is_some_and(|least| least > prefix.len() as u64) {
        let why = format!("`minItems` asks for more elements than the {} allowed", prefix.len());
        found.push(impossible("minItems", word(schema, "array", "list"), &why));
    }
}

/// `type` against the schemas that are put to the same value.
fn combined(schema: &Json, found: &mut Vec<Doubt>) {
    let is_everything =
        |part: &Json| part.as_bool().unwrap_or_else(|| part.as_object().is_some_and(<[(String, Json)]>::is_empty));
    if schema.get("not").is_some_and(is_everything) {
        found.push(impossible("not", "value", "every value follows the schema under `not`"));
    }
    let list = |key: &str| schema.get(key).and_then(Json::as_array).unwrap_or_default();
    if list("allOf").iter().any(|part| part.as_bool() == Some(false)) {
        found.push(impossible("allOf", "value", "a part of `allOf` is `false`"));
    }
    let mut left = kinds(schema);
    for part in list("allOf") {
        let Some(theirs) = kinds(part) else { continue };
        let both = match &left {
            Some(ours) => ours.iter().copied().filter(|kind| theirs.contains(kind)).collect(),
            None => theirs,
        };
        if both.is_empty() {
            found.push(impossible("allOf", "value", "its parts ask for values of different types"));
            return;
        }
        left = Some(both);
    }
    let Some(ours) = left else { return };
    for key in ["anyOf", "oneOf"] {
        let is_other = |part: &Json| kinds(part).is_some_and(|theirs| !theirs.iter().any(|kind| ours.contains(kind)));
        let branches = list(key);
        if !branches.is_empty() && branches.iter().all(is_other) {
            let why = format!("every branch of `{key}` asks for another type");
            found.push(impossible(key, "value", &why));
        }
    }
}
