use crate::judge::opaque::{ask_length, is_opaque};
use crate::judge::{Compiler, Moment};
use crate::value::{Json, Node, NodeKind};

use super::{Context, Fit, Found, Matcher, Miss, Test};

/// `length`: how many characters, elements or members.
#[derive(Debug)]
pub(super) struct Length {
    matcher: Matcher,
    allows_anything: bool,
}

impl Length {
    pub(super) fn parse(node: &Node, compiler: &mut Compiler<'_>, moment: Moment) -> Option<Self> {
        if matches!(node.kind, NodeKind::Bool(_) | NodeKind::List(_)) {
            compiler.wrong_type(node, "a number or a matcher");
            return None;
        }
        let matcher = Matcher::parse(node, compiler, moment)?;
        Some(Self { matcher, allows_anything: is_min_zero(node) && node.as_map().is_some_and(|map| map.len() == 1) })
    }
}

/// Whether a length or a size has `min: 0`.
pub(in crate::judge) fn is_min_zero(node: &Node) -> bool {
    node.get("min").and_then(Node::as_number).is_some_and(|number| *number == 0_i64.into())
}

impl Test for Length {
    fn fit(&self, found: Found<'_>, context: &Context<'_>) -> Fit {
        let (length, unit) = match found {
            Found::NoNodes => (0, "values"),
            Found::Value(Json::String(text)) if is_opaque(text) => match ask_length(text, context.facts) {
                Ok(length) => (length, "characters"),
                Err(doubt) => return doubt.into(),
            },
            Found::Value(Json::String(text)) => (count(text.chars().count()), "characters"),
            Found::Value(Json::Array(items)) => (count(items.len()), "elements"),
            Found::Value(Json::Object(members)) => (count(members.len()), "members"),
            Found::Value(Json::Null | Json::Bool(_) | Json::Number(_)) | Found::Nothing => {
                return Fit::Misses(Miss::of(found, format!("a text, list or object with {}", self.describe(context))));
            }
        };
        match self.matcher.fit(Found::Value(&Json::from(length)), context) {
            Fit::Misses(miss) => {
                let whole = Miss::of(found, self.describe(context));
                let units = if length == 1 { unit.trim_end_matches('s') } else { unit };
                Fit::Misses(Miss { actual: format!("{length} {units}"), near: miss.near, ..whole.note(shown(found)) })
            }
            fit @ (Fit::Fits | Fit::Unsure(_)) => fit,
        }
    }

    fn describe(&self, context: &Context<'_>) -> String {
        format!("length {}", self.matcher.describe(context))
    }

    fn vacuous(&self) -> Option<String> {
        self.allows_anything.then(|| "every length is at least 0".to_owned())
    }
}

fn shown(found: Found<'_>) -> String {
    Miss::of(found, "").actual
}

fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}
