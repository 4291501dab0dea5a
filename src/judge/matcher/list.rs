use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::diag::Code;
use crate::judge::show::{Step, preview};
use crate::judge::{Compiler, Moment};
use crate::value::{Json, Node};

use super::length::is_min_zero;
use super::registry::parse_bool;
use super::{Context, Fit, Found, Matcher, Miss, Test};

/// `each`: all elements fit, and there are some.
#[derive(Debug)]
pub(super) struct Each {
    matcher: Matcher,
    may_be_empty: bool,
}

/// `any`: at least one element fits.
#[derive(Debug)]
pub(super) struct Any(Matcher);

/// `none`: no element fits.
#[derive(Debug)]
pub(super) struct NoneOf(Matcher);

/// `unique`: no value stands twice.
#[derive(Debug)]
pub(super) struct Unique;

impl Each {
    pub(super) fn parse(node: &Node, compiler: &mut Compiler<'_>, moment: Moment) -> Option<Self> {
        Matcher::parse(node, compiler, moment).map(|matcher| Self { matcher, may_be_empty: false })
    }
}

impl Any {
    pub(super) fn parse(node: &Node, compiler: &mut Compiler<'_>, moment: Moment) -> Option<Self> {
        Matcher::parse(node, compiler, moment).map(Self)
    }
}

impl NoneOf {
    pub(super) fn parse(node: &Node, compiler: &mut Compiler<'_>, moment: Moment) -> Option<Self> {
        Matcher::parse(node, compiler, moment).map(Self)
    }
}

impl Unique {
    pub(super) fn parse(node: &Node, compiler: &mut Compiler<'_>) -> Option<Self> {
        let demanded = parse_bool(node, compiler)?;
        if !demanded {
            compiler.problem_with_help(
                Code::UnknownValue,
                node.span,
                "`unique: false` demands nothing",
                "leave it out",
            );
        }
        demanded.then_some(Self)
    }
}

/// The elements; those of a path that finds no node are none.
fn elements(found: Found<'_>) -> Option<&[Json]> {
    match found {
        Found::Value(value) => value.as_array(),
        Found::NoNodes => Some(&[]),
        Found::Nothing => None,
    }
}

impl Test for Each {
    fn fit(&self, found: Found<'_>, context: &Context<'_>) -> Fit {
        match elements(found) {
            Some([]) if self.may_be_empty => Fit::Fits,
            Some(items @ [_, ..]) => Fit::all(items.iter().enumerate().map(|(at, item)| {
                self.matcher.fit(Found::Value(item), context).below(Step::Index(at))
            })),
            Some([]) => Fit::Misses(Miss::of(found, format!("at least one element, each {}", self.matcher.describe(context)))),
            None => Fit::Misses(Miss::of(found, self.describe(context))),
        }
    }

    fn describe(&self, context: &Context<'_>) -> String {
        format!("a list, each element {}", self.matcher.describe(context))
    }

    fn beside(&mut self, map: &Node) {
        self.may_be_empty = map.get("length").is_some_and(is_min_zero);
    }
}

impl Test for Any {
    fn fit(&self, found: Found<'_>, context: &Context<'_>) -> Fit {
        let Some(items) = elements(found) else { return Fit::Misses(Miss::of(found, self.describe(context))) };
        let (mut unsure, mut nearest) = (None, None::<Miss>);
        for (at, item) in items.iter().enumerate() {
            match self.0.fit(Found::Value(item), context).below(Step::Index(at)) {
                Fit::Fits => return Fit::Fits,
                Fit::Misses(miss) => {
                    if nearest.as_ref().is_none_or(|nearest| miss.near > nearest.near) {
                        nearest = Some(miss);
                    }
                }
                Fit::Unsure(doubt) => unsure = unsure.or(Some(doubt)),
            }
        }
        if let Some(doubt) = unsure {
            return Fit::Unsure(doubt);
        }
        let miss = Miss::of(found, self.describe(context));
        Fit::Misses(match nearest {
            Some(nearest) if nearest.near > 0 => miss.note(nearest.line()),
            Some(_) | None => miss,
        })
    }

    fn describe(&self, context: &Context<'_>) -> String {
        format!("a list with an element that is {}", self.0.describe(context))
    }
}

impl Test for NoneOf {
    fn fit(&self, found: Found<'_>, context: &Context<'_>) -> Fit {
        let Some(items) = elements(found) else { return Fit::Misses(Miss::of(found, self.describe(context))) };
        let mut unsure = None;
        for (at, item) in items.iter().enumerate() {
            match self.0.fit(Found::Value(item), context) {
                Fit::Fits => {
                    let expected = format!("no element that is {}", self.0.describe(context));
                    return Fit::Misses(Miss::of(Found::Value(item), expected)).below(Step::Index(at));
                }
                Fit::Misses(_) => {}
                Fit::Unsure(doubt) => unsure = unsure.or(Some(doubt)),
            }
        }
        unsure.map_or(Fit::Fits, Fit::Unsure)
    }

    fn describe(&self, context: &Context<'_>) -> String {
        format!("a list without an element that is {}", self.0.describe(context))
    }
}

impl Test for Unique {
    fn fit(&self, found: Found<'_>, context: &Context<'_>) -> Fit {
        let items = match found {
            Found::Value(Json::Array(items)) => items,
            Found::Value(_) | Found::Nothing | Found::NoNodes => {
                return Fit::Misses(Miss::of(found, self.describe(context)));
            }
        };
        match first_twins(items) {
            None => Fit::Fits,
            Some((first, second)) => {
                let miss = Miss::of(Found::Value(&items[second]), "a list in which no value stands twice");
                let actual = format!("{} at [{first}] and [{second}]", preview(&items[second]));
                Fit::Misses(Miss { actual, ..miss })
            }
        }
    }

    fn describe(&self, _: &Context<'_>) -> String {
        "a list in which no value stands twice".to_owned()
    }
}

/// The places of the first value that stands twice; only values with one hash are compared.
fn first_twins(items: &[Json]) -> Option<(usize, usize)> {
    let mut groups: HashMap<u64, Vec<usize>> = HashMap::new();
    for (at, item) in items.iter().enumerate() {
        let group = groups.entry(likeness(item)).or_default();
        if let Some(first) = group.iter().copied().find(|other| items[*other] == *item) {
            return Some((first, at));
        }
        group.push(at);
    }
    None
}

/// A hash that equal values share.
fn likeness(value: &Json) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.kind().word().hash(&mut hasher);
    match value {
        Json::Null => {}
        Json::Bool(truth) => truth.hash(&mut hasher),
        Json::Number(number) => number.hash(&mut hasher),
        Json::String(text) => text.hash(&mut hasher),
        Json::Array(items) => items.iter().for_each(|item| likeness(item).hash(&mut hasher)),
        Json::Object(members) => {
            let member = |(key, value): &(String, Json)| {
                let mut hasher = DefaultHasher::new();
                (key, likeness(value)).hash(&mut hasher);
                hasher.finish()
            };
            // The order of members does not count.
            members.iter().map(member).fold(0_u64, u64::wrapping_add).hash(&mut hasher);
        }
    }
    hasher.finish()
}
