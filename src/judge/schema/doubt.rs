use crate::diag::Code;
use crate::judge::show::{Step, quoted};
use crate::value::Json;

use super::contradiction::contradictions;
use super::keyword::{Holds, keyword};

/// Something that a schema says and that is probably not meant.
#[derive(Debug)]
pub(super) struct Doubt {
    pub(super) code: Code,
    pub(super) message: String,
    /// The way from the schema to what is doubted.
    pub(super) steps: Vec<Step>,
    pub(super) label: &'static str,
    pub(super) help: Option<String>,
}

impl Doubt {
    pub(super) fn new(code: Code, key: &str, message: impl Into<String>, label: &'static str) -> Self {
        Self { code, message: message.into(), steps: vec![Step::Key(key.to_owned())], label, help: None }
    }
}

/// Where a schema stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Where {
    /// It is the whole of a file.
    Top,
    /// It is a part of another one, or stands within a check, which tells by itself that it cannot fail.
    Within,
}

/// The kinds of values, and the keywords that judge nothing else.
const OF_KIND: &[(&str, &str, &[&str])] = &[
    ("number", "a number", &["multipleOf", "maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum"]),
    ("string", "a text", &["maxLength", "minLength", "pattern", "format"]),
    (
        "array",
        "a list",
        &[
            "prefixItems",
            "items",
            "contains",
            "minContains",
            "maxContains",
            "maxItems",
            "minItems",
            "uniqueItems",
            "unevaluatedItems",
        ],
    ),
    (
        "object",
        "an object",
        &[
            "properties",
            "patternProperties",
            "additionalProperties",
            "propertyNames",
            "maxProperties",
            "minProperties",
            "required",
            "dependentRequired",
            "dependentSchemas",
            "unevaluatedProperties",
        ],
    ),
];

/// Keywords that matter only beside others.
const BESIDE: &[(&str, &[&str])] = &[
    ("then", &["if"]),
    ("else", &["if"]),
    ("if", &["then", "else"]),
    ("minContains", &["contains"]),
    ("maxContains", &["contains"]),
];

/// What is doubtful in one schema, the schemas within it left out.
pub(super) fn doubts(schema: &Json, place: Where) -> Vec<Doubt> {
    let mut found = contradictions(schema);
    let Some(members) = schema.as_object() else { return found };
    let asks = |name: &str| !matches!(keyword(name), Some(Holds::Remark | Holds::Definitions) | None);
    let has_definitions = members.iter().any(|(name, _)| keyword(name) == Some(Holds::Definitions));
    if place == Where::Top && !has_definitions && !members.iter().any(|(name, _)| asks(name)) {
        let message = "every JSON value follows this schema";
        found.push(Doubt { steps: Vec::new(), ..Doubt::new(Code::EmptySchema, "", message, "it asks for nothing") });
    }
    for list in ["anyOf", "oneOf"] {
        let branches = schema.get(list).and_then(Json::as_array).unwrap_or_default();
        let is_blank = |members: &[(String, Json)]| !members.iter().any(|(name, _)| asks(name));
        let is_empty = |branch: &Json| branch.as_bool().unwrap_or_else(|| branch.as_object().is_some_and(is_blank));
        if let Some(at) = branches.iter().position(is_empty).filter(|_| list == "anyOf" || branches.len() > 1) {
            let message = format!("every JSON value fits this branch of `{list}`");
            let steps = vec![Step::Key(list.to_owned()), Step::Index(at)];
            found.push(Doubt { steps, ..Doubt::new(Code::EmptySchema, list, message, "it asks for nothing") });
        }
    }
    idle(schema, members, &mut found);
    let patterns = schema.get("patternProperties").and_then(Json::as_object).unwrap_or_default();
    for (pattern, _) in patterns {
        let steps = vec![Step::Key("patternProperties".to_owned()), Step::Key(pattern.clone())];
        found.extend(unanchored(pattern).map(|doubt| Doubt { steps, ..doubt }));
    }
    found.extend(schema.get("pattern").and_then(Json::as_str).and_then(unanchored));
    found
}

/// The kinds under `type`, an integer counted as a number; `None` where any may be there.
pub(super) fn kinds(schema: &Json) -> Option<Vec<&str>> {
    match schema.get("type")? {
        Json::String(kind) => Some(vec![as_kind(kind)]),
        Json::Array(several) => Some(several.iter().filter_map(Json::as_str).map(as_kind).collect()),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::Object(_) => None,
    }
}

fn as_kind(kind: &str) -> &str {
    if kind == "integer" { "number" } else { kind }
}

fn idle(schema: &Json, members: &[(String, Json)], found: &mut Vec<Doubt>) {
    if let Some(kinds) = kinds(schema) {
        for (name, _) in members {
            let of = OF_KIND.iter().find(|(_, _, keywords)| keywords.contains(&name.as_str()));
            if let Some((kind, word, _)) = of
                && !kinds.contains(kind)
            {
                let message = format!("`{name}` judges only {word}, and `type` allows none");
                found.push(Doubt::new(Code::IdleKeyword, name, message, "it can never matter"));
            }
        }
    }
    for name in ["contentEncoding", "contentMediaType"] {
        if schema.get(name).is_some() {
            let message = format!("`{name}` judges nothing in draft 2020-12");
            found.push(Doubt::new(Code::IdleKeyword, name, message, "it can never matter"));
        }
    }
    for (name, beside) in BESIDE {
        if schema.get(name).is_some() && !beside.iter().any(|other| schema.get(other).is_some()) {
            let others: Vec<String> = beside.iter().map(|other| format!("`{other}`")).collect();
            let message = format!("`{name}` says nothing without {}", others.join(" or "));
            found.push(Doubt::new(Code::IdleKeyword, name, message, "it can never matter"));
        }
    }
}

/// A doubt about a pattern of which an alternative holds neither `^` nor `$`.
fn unanchored(pattern: &str) -> Option<Doubt> {
    let mut is_anchored = false;
    let (mut depth, mut in_class) = (0_usize, false);
    let mut characters = pattern.chars().peekable();
    let mut alternatives = Vec::new();
    while let Some(character) = characters.next() {
        match character {
            '\\' => is_anchored |= matches!(characters.next(), Some('A' | 'z')),
            '[' if !in_class => {
                in_class = true;
                // `^` negates a class, and a `]` right after it is one of its characters.
                let _ = characters.next_if_eq(&'^');
                let _ = characters.next_if_eq(&']');
            }
            ']' => in_class = false,
            '(' if !in_class => depth += 1,
            ')' if !in_class => depth = depth.saturating_sub(1),
            '^' | '$' if !in_class => is_anchored = true,
            '|' if !in_class && depth == 0 => alternatives.push(std::mem::take(&mut is_anchored)),
            _ => {}
        }
    }
    alternatives.push(is_anchored);
    if alternatives.iter().all(|anchored| *anchored) {
        return None;
    }
    let message = if alternatives.iter().any(|anchored| *anchored) {
        format!("an alternative of {} may match anywhere in a text", quoted(pattern))
    } else {
        format!("{} may match anywhere in a text", quoted(pattern))
    };
    let doubt = Doubt::new(Code::UnanchoredPattern, "pattern", message, "neither `^` nor `$`");
    Some(Doubt { help: Some("write `^…$` for the whole text, `^.*…` where anywhere is meant".to_owned()), ..doubt })
}
