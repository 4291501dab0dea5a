use std::collections::{BTreeMap, BTreeSet};

use crate::diag::Span;

/// That one schema puts another to the very same value.
#[derive(Clone, Debug)]
pub(super) struct Edge {
    from: Place,
    to: Place,
    span: Span,
}

/// A schema and a place within it.
type Place = (String, String);

impl Edge {
    pub(super) fn new(from: &str, from_pointer: &str, to: &str, to_pointer: &str, span: Span) -> Self {
        let place = |name: &str, pointer: &str| (name.to_owned(), pointer.to_owned());
        Self { from: place(from, from_pointer), to: place(to, to_pointer), span }
    }
}

/// The first place at which schemas lead in a circle without going into the value: such a schema would never be done.
///
/// Whatever leads nowhere, and whatever nothing leads to, is taken away until only circles are left.
pub(super) fn find(edges: &[Edge]) -> Option<Span> {
    let mut left: Vec<&Edge> = edges.iter().collect();
    loop {
        let (mut leads, mut is_led_to) = (BTreeSet::new(), BTreeSet::new());
        for edge in &left {
            leads.insert(&edge.from);
            is_led_to.insert(&edge.to);
        }
        let before = left.len();
        left.retain(|edge| leads.contains(&edge.to) && is_led_to.contains(&edge.from));
        if left.is_empty() || left.len() == before {
            return left.first().map(|edge| edge.span);
        }
    }
}

/// How many schemas are put to one value in a row, at most; the edges have no circle.
pub(super) fn longest(edges: &[Edge]) -> usize {
    let mut out: BTreeMap<&Place, Vec<&Place>> = BTreeMap::new();
    let mut degree: BTreeMap<&Place, usize> = BTreeMap::new();
    for edge in edges {
        out.entry(&edge.from).or_default().push(&edge.to);
        *degree.entry(&edge.to).or_default() += 1;
    }
    let mut depth: BTreeMap<&Place, usize> = BTreeMap::new();
    let mut ready: Vec<&Place> = out.keys().copied().filter(|place| !degree.contains_key(place)).collect();
    let mut longest = 0;
    while let Some(place) = ready.pop() {
        let here = depth.get(place).copied().unwrap_or(0);
        longest = longest.max(here);
        for next in out.get(place).into_iter().flatten() {
            let known = depth.entry(next).or_default();
            *known = (*known).max(here + 1);
            if let Some(degree) = degree.get_mut(next) {
                *degree -= 1;
                if *degree == 0 {
                    ready.push(next);
                }
            }
        }
    }
    longest
}
