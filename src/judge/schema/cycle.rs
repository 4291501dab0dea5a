use std::collections::BTreeMap;

use crate::judge::show::Step;

/// That one schema puts another to the very same value.
#[derive(Clone, Debug)]
pub(super) struct Edge {
    /// The schema that says so.
    pub(super) from: Place,
    /// The schema that is put to it too.
    pub(super) to: Place,
    /// Where in its file that is said; its place in the text is looked up only where it is told.
    pub(super) said_at: Vec<Step>,
}

/// A schema and a JSON Pointer into it.
type Place = (String, String);

impl Edge {
    pub(super) fn new(from: &str, from_pointer: &str, to: &str, to_pointer: &str, said_at: &[Step]) -> Self {
        let place = |name: &str, pointer: &str| (name.to_owned(), pointer.to_owned());
        Self { from: place(from, from_pointer), to: place(to, to_pointer), said_at: said_at.to_vec() }
    }
}

/// How many schemas are put to one value in a row, at most.
///
/// # Errors
/// An edge on a circle that does not go into the value: such a schema would never be done.
pub(super) fn longest(edges: &[Edge]) -> Result<usize, &Edge> {
    let (longest, left) = walk(edges.iter().map(|edge| (edge, &edge.from, &edge.to)).collect());
    if left.is_empty() {
        return Ok(longest);
    }
    // What only hangs on a circle is taken away by walking from the other end.
    let (_, circle) = walk(left.into_iter().map(|edge| (edge, &edge.to, &edge.from)).collect());
    circle.into_iter().next().map_or(Ok(longest), Err)
}

/// Walks from the places that nothing leads to; the longest way, and the edges that were never reached.
fn walk<'e>(edges: Vec<(&'e Edge, &'e Place, &'e Place)>) -> (usize, Vec<&'e Edge>) {
    let mut out: BTreeMap<&Place, Vec<&Place>> = BTreeMap::new();
    let mut open: BTreeMap<&Place, usize> = BTreeMap::new();
    for (_, from, to) in &edges {
        out.entry(from).or_default().push(to);
        open.entry(from).or_default();
        *open.entry(to).or_default() += 1;
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
    let is_left = |from: &Place| open.get(from).is_some_and(|count| *count > 0);
    let left = edges.into_iter().filter(|(_, from, _)| is_left(from)).map(|(edge, _, _)| edge);
    (longest, left.collect())
}
