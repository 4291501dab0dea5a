use std::collections::BTreeMap;

use crate::diag::Span;

/// That one schema puts another to the very same value.
#[derive(Clone, Debug)]
pub(super) struct Edge {
    from: Place,
    /// The schema that is put to it too.
    pub(super) to: Place,
    /// Where that is said.
    pub(super) span: Span,
}

/// A schema and a JSON Pointer into it.
type Place = (String, String);

impl Edge {
    pub(super) fn new(from: &str, from_pointer: &str, to: &str, to_pointer: &str, span: Span) -> Self {
        let place = |name: &str, pointer: &str| (name.to_owned(), pointer.to_owned());
        Self { from: place(from, from_pointer), to: place(to, to_pointer), span }
    }

    fn turned(&self) -> Self {
        Self { from: self.to.clone(), to: self.from.clone(), span: self.span }
    }
}

/// How many schemas are put to one value in a row, at most.
///
/// # Errors
/// A place at which schemas lead in a circle without going into the value: such a schema would never be done.
pub(super) fn longest(edges: &[Edge]) -> Result<usize, Span> {
    let (longest, left) = walk(edges);
    if left.is_empty() {
        return Ok(longest);
    }
    // What only hangs on a circle is taken away from the other end.
    let turned: Vec<Edge> = left.iter().map(|edge| edge.turned()).collect();
    let (_, circle) = walk(&turned);
    circle.first().or(left.first().copied().as_ref()).map_or(Ok(longest), |edge| Err(edge.span))
}

/// Walks from the places that nothing leads to; the longest way, and the edges that were never reached.
fn walk(edges: &[Edge]) -> (usize, Vec<&Edge>) {
    let mut out: BTreeMap<&Place, Vec<&Place>> = BTreeMap::new();
    let mut open: BTreeMap<&Place, usize> = BTreeMap::new();
    for edge in edges {
        out.entry(&edge.from).or_default().push(&edge.to);
        open.entry(&edge.from).or_default();
        *open.entry(&edge.to).or_default() += 1;
    }
    let mut ready: Vec<&Place> = open.iter().filter(|(_, count)| **count == 0).map(|(place, _)| *place).collect();
    let mut depth: BTreeMap<&Place, usize> = BTreeMap::new();
    let mut longest = 0;
    while let Some(place) = ready.pop() {
        let here = depth.get(place).copied().unwrap_or(0);
        longest = longest.max(here);
        for next in out.get(place).into_iter().flatten() {
            let known = depth.entry(next).or_default();
            *known = (*known).max(here + 1);
            if let Some(count) = open.get_mut(next) {
                *count -= 1;
                if *count == 0 {
                    ready.push(next);
                }
            }
        }
    }
    let is_left = |edge: &&Edge| open.get(&edge.from).is_some_and(|count| *count > 0);
    (longest, edges.iter().filter(is_left).collect())
}
