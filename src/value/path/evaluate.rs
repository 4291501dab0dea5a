use std::borrow::Cow;
use std::cmp::Ordering;

use super::super::{Json, Number};
use super::location::{Location, Segment};
use super::query::{Comparison, Logical, Operand, Pattern, Query, Reach, Search, Selector, Start};
use super::selected::{Located, TooMany};
use super::{MAX_NODES, regexp};

/// What becomes of the earlier ones of doubled keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::value) enum Doubles {
    /// Only the last is there.
    Last,
    /// All are there: for who looks for secrets.
    All,
}

/// All nodes that `query` finds, in the order of the document.
pub(super) fn evaluate<'a>(query: &Query, root: &'a Json, doubles: Doubles) -> Result<Vec<Located<'a>>, TooMany> {
    let start = Located { location: Location::root(), value: root };
    Evaluation { root, doubles, left: MAX_NODES }.query(query, start)
}

struct Evaluation<'a> {
    root: &'a Json,
    doubles: Doubles,
    left: usize,
}

impl<'a> Evaluation<'a> {
    fn visit(&mut self) -> Result<(), TooMany> {
        self.left = self.left.checked_sub(1).ok_or(TooMany)?;
        Ok(())
    }

    fn query(&mut self, query: &Query, current: Located<'a>) -> Result<Vec<Located<'a>>, TooMany> {
        let mut nodes = match query.start {
            Start::Root => vec![Located { location: Location::root(), value: self.root }],
            Start::Current => vec![current],
        };
        for step in &query.steps {
            let mut found = Vec::new();
            for node in &nodes {
                match step.reach {
                    Reach::Children => self.select(&step.selectors, node, &mut found)?,
                    Reach::Descendants => self.descend(&step.selectors, node, &mut found)?,
                }
            }
            nodes = found;
        }
        Ok(nodes)
    }

    fn descend(
        &mut self,
        selectors: &[Selector],
        node: &Located<'a>,
        found: &mut Vec<Located<'a>>,
    ) -> Result<(), TooMany> {
        self.select(selectors, node, found)?;
        for child in self.children(node)? {
            self.descend(selectors, &child, found)?;
        }
        Ok(())
    }

    fn children(&mut self, node: &Located<'a>) -> Result<Vec<Located<'a>>, TooMany> {
        let mut children = Vec::new();
        match node.value {
            Json::Array(items) => {
                for (index, value) in items.iter().enumerate() {
                    self.visit()?;
                    children.push(Located { location: node.location.below(Segment::Index(index)), value });
                }
            }
            Json::Object(members) => {
                let hidden = self.hidden(members);
                for (at, (key, value)) in members.iter().enumerate() {
                    self.visit()?;
                    if !hidden.contains(&at) {
                        children.push(Located { location: node.location.below(Segment::Key(key)), value });
                    }
                }
            }
            Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => {}
        }
        Ok(children)
    }

    /// The members that a later one of the same name hides.
    fn hidden(&self, members: &[(String, Json)]) -> Vec<usize> {
        if self.doubles == Doubles::All {
            return Vec::new();
        }
        let mut order: Vec<usize> = (0..members.len()).collect();
        order.sort_by(|a, b| members[*a].0.cmp(&members[*b].0));
        order.windows(2).filter(|pair| members[pair[0]].0 == members[pair[1]].0).map(|pair| pair[0]).collect()
    }

    fn select(
        &mut self,
        selectors: &[Selector],
        node: &Located<'a>,
        found: &mut Vec<Located<'a>>,
    ) -> Result<(), TooMany> {
        for selector in selectors {
            self.visit()?;
            match selector {
                Selector::Name(name) => self.named(name, node, found),
                Selector::Wildcard => found.extend(self.children(node)?),
                Selector::Index(index) => {
                    let items = node.value.as_array().unwrap_or_default();
                    if let Some(at) = from_either_end(*index, items.len())
                        && let Some(value) = items.get(at)
                    {
                        found.push(Located { location: node.location.below(Segment::Index(at)), value });
                    }
                }
                Selector::Slice { start, end, step } => {
                    let items = node.value.as_array().unwrap_or_default();
                    for at in slice(*start, *end, *step, items.len()) {
                        self.visit()?;
                        if let Some(value) = items.get(at) {
                            found.push(Located { location: node.location.below(Segment::Index(at)), value });
                        }
                    }
                }
                Selector::Filter(logical) => {
                    for child in self.children(node)? {
                        if self.holds(logical, &child)? {
                            found.push(child);
                        }
                    }
                }
            }
        }
        Ok(())
    }

    fn named(&self, name: &str, node: &Located<'a>, found: &mut Vec<Located<'a>>) {
        let members = node.value.as_object().unwrap_or_default();
        let mut push = |(key, value): &'a (String, Json)| {
            found.push(Located { location: node.location.below(Segment::Key(key)), value });
        };
        match self.doubles {
            Doubles::Last => members.iter().rev().find(|(key, _)| key == name).into_iter().for_each(&mut push),
            Doubles::All => members.iter().filter(|(key, _)| key == name).for_each(&mut push),
        }
    }

    fn holds(&mut self, logical: &Logical, node: &Located<'a>) -> Result<bool, TooMany> {
        self.visit()?;
        Ok(match logical {
            Logical::Or(branches) => {
                for branch in branches {
                    if self.holds(branch, node)? {
                        return Ok(true);
                    }
                }
                false
            }
            Logical::And(parts) => {
                for part in parts {
                    if !self.holds(part, node)? {
                        return Ok(false);
                    }
                }
                true
            }
            Logical::Not(inner) => !self.holds(inner, node)?,
            Logical::Exists(query) => !self.query(query, node.clone())?.is_empty(),
            Logical::Compare(left, comparison, right) => {
                let (left, right) = (self.value(left, node)?, self.value(right, node)?);
                compares(left.as_deref(), *comparison, right.as_deref())
            }
            Logical::Search(search) => self.searches(search, node)?,
        })
    }

    /// The value of an operand; `None` is the "Nothing" of RFC 9535.
    fn value<'o>(&mut self, operand: &'o Operand, node: &Located<'a>) -> Result<Option<Cow<'o, Json>>, TooMany>
    where
        'a: 'o,
    {
        Ok(match operand {
            Operand::Literal(json) => Some(Cow::Borrowed(json)),
            Operand::Value(query) => match self.query(query, node.clone())?.as_slice() {
                [only] => Some(Cow::Borrowed(only.value)),
                _ => None,
            },
            Operand::Length(inner) => self.value(inner, node)?.and_then(|value| length(&value)).map(Cow::Owned),
            Operand::Count(query) => Some(Cow::Owned(count(self.query(query, node.clone())?.len()))),
        })
    }

    fn searches(&mut self, search: &Search, node: &Located<'a>) -> Result<bool, TooMany> {
        let text = self.value(&search.text, node)?;
        let Some(text) = text.as_deref().and_then(Json::as_str) else { return Ok(false) };
        Ok(match &search.pattern {
            Pattern::Compiled(pattern) => pattern.as_ref().is_some_and(|pattern| pattern.is_match(text)),
            Pattern::Found(operand) => {
                let pattern = self.value(operand, node)?;
                pattern
                    .as_deref()
                    .and_then(Json::as_str)
                    .and_then(|pattern| regexp::compile(pattern, search.extent))
                    .is_some_and(|pattern| pattern.is_match(text))
            }
        })
    }
}

fn count(nodes: usize) -> Json {
    Json::Number(Number::from(u64::try_from(nodes).unwrap_or(u64::MAX)))
}

fn length(value: &Json) -> Option<Json> {
    match value {
        Json::String(text) => Some(count(text.chars().count())),
        Json::Array(items) => Some(count(items.len())),
        Json::Object(members) => Some(count(members.len())),
        Json::Null | Json::Bool(_) | Json::Number(_) => None,
    }
}

fn compares(left: Option<&Json>, comparison: Comparison, right: Option<&Json>) -> bool {
    let order = || match (left, right) {
        (Some(Json::Number(a)), Some(Json::Number(b))) => Some(a.cmp(b)),
        (Some(Json::String(a)), Some(Json::String(b))) => Some(a.cmp(b)),
        _ => None,
    };
    match comparison {
        Comparison::Equal => left == right,
        Comparison::NotEqual => left != right,
        Comparison::Less => order() == Some(Ordering::Less),
        Comparison::Greater => order() == Some(Ordering::Greater),
        Comparison::LessOrEqual => left == right || order() == Some(Ordering::Less),
        Comparison::GreaterOrEqual => left == right || order() == Some(Ordering::Greater),
    }
}

fn from_either_end(index: i64, length: usize) -> Option<usize> {
    let length = i64::try_from(length).ok()?;
    usize::try_from(if index < 0 { index.checked_add(length)? } else { index }).ok()
}

/// The indexes of a slice, in its order (RFC 9535 §2.3.4.2.2).
fn slice(start: Option<i64>, end: Option<i64>, step: i64, length: usize) -> Box<dyn Iterator<Item = usize>> {
    let Ok(length) = i64::try_from(length) else { return Box::new(std::iter::empty()) };
    let normal = |index: i64| if index < 0 { index.saturating_add(length) } else { index };
    let Ok(stride) = usize::try_from(step.unsigned_abs()) else { return Box::new(std::iter::empty()) };
    let at = |index: i64| usize::try_from(index).ok();
    match step.cmp(&0) {
        Ordering::Greater => {
            let lower = normal(start.unwrap_or(0)).clamp(0, length);
            let upper = normal(end.unwrap_or(length)).clamp(0, length);
            Box::new((lower..upper).step_by(stride).filter_map(at))
        }
        Ordering::Less => {
            let upper = start.map_or(length - 1, normal).clamp(-1, length - 1);
            let lower = end.map_or(-1, normal).clamp(-1, length - 1);
            Box::new((lower + 1..=upper).rev().step_by(stride).filter_map(at))
        }
        Ordering::Equal => Box::new(std::iter::empty()),
    }
}
