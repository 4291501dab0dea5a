use std::cmp::Reverse;

use jsonschema::ValidationError;
use jsonschema::error::{TypeKind, ValidationErrorKind as Kind};
use serde_json::Value;

use crate::value::Json;

use super::described::{Described, Part};
use super::rule::Rule;
use super::sentence::{listed_types, preview};

/// The branch of `anyOf` or `oneOf` that a value was probably meant to follow.
pub(super) enum Choice<'e> {
    /// This one: what it misses, and why it is this one.
    Branch { errors: &'e [ValidationError<'static>], why: String },
    /// A member tells the branches apart, and its value belongs to none of them.
    NoBranch { member: String, allowed: Vec<String> },
    /// The value is of a kind that no branch takes; those that they take.
    OtherKind(String),
    /// There is nothing to choose from.
    Nothing,
}

/// Chooses by the member that tells the branches apart, where there is one, else the branch with the fewest errors and of
/// those the one that the value leads deepest into.
pub(super) fn choose<'e>(
    keyword: &str,
    error: &ValidationError<'_>,
    context: &'e [Vec<ValidationError<'static>>],
    value: Option<&Json>,
    described: &Described,
) -> Choice<'e> {
    let rule = Rule::of(error, described);
    let branches = branches(&rule, keyword, described);
    let count = context.len();
    let named = |at: usize| match branches.get(at).and_then(|branch| branch.value.get("title")).and_then(Value::as_str)
    {
        Some(title) => format!("number {} of {count}, {title}", at + 1),
        None => format!("number {} of {count}", at + 1),
    };
    if let Some((member, allowed)) = discriminator(&branches)
        && let Some(marked) = value.and_then(|value| value.get(&member))
    {
        let mark = marked.to_view().value;
        let fitting: Vec<usize> =
            (0..count).filter(|at| allowed.get(*at).is_some_and(|all| all.contains(&mark))).collect();
        match fitting.as_slice() {
            [] if allowed.iter().all(|all| !all.is_empty()) => {
                let allowed = allowed.iter().flatten().map(preview).collect();
                return Choice::NoBranch { member, allowed };
            }
            [at] if !context[*at].is_empty() => {
                let why = format!("{keyword}: the branch for `{member}` {} is {}", preview(&mark), named(*at));
                return Choice::Branch { errors: &context[*at], why };
            }
            _ => {}
        }
    }
    let root = error.instance_path().as_str().len();
    let misses = |errors: &[ValidationError<'_>]| {
        let is_kind = |inner: &&ValidationError<'_>| {
            inner.instance_path().as_str().len() <= root
                && matches!(inner.kind(), Kind::Type { .. } | Kind::FalseSchema)
        };
        errors.iter().any(|inner| is_kind(&inner))
    };
    let deepest = |errors: &[ValidationError<'_>]| {
        errors.iter().map(|inner| inner.instance_path().segments().count()).max().unwrap_or(0)
    };
    let nearest = context.iter().enumerate().filter(|(_, errors)| !errors.is_empty());
    let nearest = nearest.min_by_key(|(_, errors)| (misses(errors), errors.len(), Reverse(deepest(errors))));
    let Some((at, errors)) = nearest else { return Choice::Nothing };
    if misses(errors) {
        let mut kinds: Vec<&TypeKind> = Vec::new();
        for inner in context.iter().flatten() {
            if let Kind::Type { kind } = inner.kind()
                && inner.instance_path().as_str().len() <= root
            {
                kinds.push(kind);
            }
        }
        if kinds.len() >= count {
            return Choice::OtherKind(listed_types(&kinds));
        }
    }
    Choice::Branch { errors, why: format!("{keyword}: no branch fits; the nearest is {}", named(at)) }
}

fn branches<'s>(rule: &Rule<'s>, keyword: &str, described: &'s Described) -> Vec<Part<'s>> {
    let Some(owner) = rule.owner() else { return Vec::new() };
    let list = owner.value.get(keyword).and_then(Value::as_array).map_or(0, Vec::len);
    let branch = |at: usize| described.part(owner.name, &format!("{}/{keyword}/{at}", owner.pointer));
    (0..list).filter_map(branch).map(|part| described.followed(part)).collect()
}

/// A member that tells the branches apart: at least two of them say what it must be, and never the same. With what each
/// allows, nothing where it does not say.
fn discriminator(branches: &[Part<'_>]) -> Option<(String, Vec<Vec<Value>>)> {
    let members = branches.iter().filter_map(|branch| branch.value.get("properties")?.as_object()).flatten();
    for (member, _) in members {
        let allowed: Vec<Vec<Value>> = branches.iter().map(|branch| allowed(branch.value, member)).collect();
        let says = allowed.iter().filter(|all| !all.is_empty()).count();
        let mut seen: Vec<&Value> = Vec::new();
        let differ = allowed.iter().flatten().all(|value| {
            let new = !seen.contains(&value);
            seen.push(value);
            new
        });
        if says >= 2 && differ {
            return Some((member.clone(), allowed));
        }
    }
    None
}

fn allowed(branch: &Value, member: &str) -> Vec<Value> {
    let Some(schema) = branch.get("properties").and_then(|members| members.get(member)) else { return Vec::new() };
    match (schema.get("const"), schema.get("enum")) {
        (Some(value), _) => vec![value.clone()],
        (None, Some(Value::Array(values))) => values.clone(),
        (None, _) => Vec::new(),
    }
}
