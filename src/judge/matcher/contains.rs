use crate::judge::opaque::{ask_whether, is_opaque};
use crate::judge::show::{listed, preview};
use crate::judge::{Compiler, Moment};
use crate::value::{Json, Node, Question};

use super::equality::same;
use super::wanted::Wanted;
use super::{Context, Doubt, Fit, Found, Miss, Test};

/// `contains`: a text within a text, or elements of a list.
#[derive(Debug)]
pub(super) struct Contains(Wanted);

impl Contains {
    pub(super) fn parse(node: &Node, compiler: &mut Compiler<'_>, moment: Moment) -> Self {
        Self(Wanted::parse(node, compiler, moment))
    }
}

impl Test for Contains {
    fn fit(&self, found: Found<'_>, context: &Context<'_>) -> Fit {
        let wanted = match self.0.get(context) {
            Ok(wanted) => wanted,
            Err(doubt) => return doubt.into(),
        };
        let parts = wanted.as_array().unwrap_or(std::slice::from_ref(&*wanted));
        let missing = match found.value() {
            Some(Json::String(text)) => match without(text, parts, context) {
                Ok(missing) => missing,
                Err(doubt) => return doubt.into(),
            },
            Some(Json::Array(items)) => not_among(items, parts, context),
            Some(Json::Null | Json::Bool(_) | Json::Number(_) | Json::Object(_)) | None => {
                let expected = format!("a text or a list with {}", show(parts));
                return Fit::Misses(Miss::of(found, expected));
            }
        };
        if missing.is_empty() {
            return Fit::Fits;
        }
        let miss = Miss { near: parts.len() - missing.len(), ..Miss::of(found, self.describe(context)) };
        let shown: Vec<String> = missing.iter().take(10).map(|part| preview(part)).collect();
        Fit::Misses(if parts.len() > 1 { miss.note(format!("without {}", shown.join(", "))) } else { miss })
    }

    fn describe(&self, context: &Context<'_>) -> String {
        match self.0.get(context) {
            Ok(wanted) => format!("{} in it", show(wanted.as_array().unwrap_or(std::slice::from_ref(&*wanted)))),
            Err(_) => format!("{} in it", self.0.show(context)),
        }
    }

    fn vacuous(&self) -> Option<String> {
        match self.0.as_fixed()? {
            Json::String(text) if text.is_empty() => Some("every text contains the empty one".to_owned()),
            Json::Array(items) if items.is_empty() => Some("every list contains no elements".to_owned()),
            Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) | Json::Array(_) | Json::Object(_) => None,
        }
    }
}

/// The parts that are not in a text.
fn without<'p>(text: &str, parts: &'p [Json], context: &Context<'_>) -> Result<Vec<&'p Json>, Doubt> {
    let mut missing = Vec::new();
    for part in parts {
        let within = match part {
            Json::String(part) => has(text, part, context)?,
            Json::Number(number) => has(text, number.text(), context)?,
            Json::Null | Json::Bool(_) | Json::Array(_) | Json::Object(_) => false,
        };
        if !within {
            missing.push(part);
        }
    }
    Ok(missing)
}

fn has(text: &str, part: &str, context: &Context<'_>) -> Result<bool, Doubt> {
    if text.contains(part) {
        return Ok(true);
    }
    if is_opaque(text) || is_opaque(part) {
        return ask_whether(text, &Question::Contains { text: part.to_owned() }, context.facts);
    }
    Ok(false)
}

/// The values for which a list has no element; an element stands for one value only.
fn not_among<'p>(items: &[Json], parts: &'p [Json], context: &Context<'_>) -> Vec<&'p Json> {
    let mut taken = vec![false; items.len()];
    parts
        .iter()
        .filter(|part| {
            let free = items.iter().enumerate().position(|(at, item)| !taken[at] && same(item, part, context));
            if let Some(at) = free {
                taken[at] = true;
            }
            free.is_none()
        })
        .collect()
}

fn show(parts: &[Json]) -> String {
    let mut shown: Vec<String> = parts.iter().take(20).map(preview).collect();
    if parts.len() > shown.len() {
        shown.push(format!("{} more", parts.len() - shown.len()));
    }
    listed(&shown, "and")
}
