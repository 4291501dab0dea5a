use crate::diag::Span;
use crate::value::Node;

/// Checks that are maps of checks of their own.
const MAPS: [&str; 4] = ["headers", "json", "jwt", "values"];

/// The checks of `should` that `expect` demands word for word: advice that a promise implies is none.
pub(super) fn repeated(expect: &Node, should: &Node) -> Vec<Span> {
    let mut spans = Vec::new();
    for entry in should.as_map().unwrap_or_default().iter().filter(|entry| !entry.value.is_null()) {
        let Some(promise) = expect.get(&entry.key.text) else { continue };
        match &*entry.key.text {
            // Statuses imply each other without being the same.
            "status" | "vacuous" => {}
            key if MAPS.contains(&key) => {
                let inner = entry.value.as_map().unwrap_or_default().iter();
                let same = inner.filter(|inner| promise.get(&inner.key.text).is_some_and(|it| same(it, &inner.value)));
                spans.extend(same.map(|inner| inner.value.span));
            }
            "meets" => {
                let list = |node: &Node| node.as_list().map_or_else(|| vec![node.clone()], <[Node]>::to_vec);
                let promised = list(promise);
                let advised = list(&entry.value);
                spans.extend(advised.iter().filter(|it| promised.iter().any(|set| same(set, it))).map(|it| it.span));
            }
            _ if same(promise, &entry.value) => spans.push(entry.value.span),
            _ => {}
        }
    }
    spans
}

/// Whether two trees say the same, wherever they stand and whatever the order of their keys.
fn same(left: &Node, right: &Node) -> bool {
    use crate::value::NodeKind::{Bool, List, Map, Null, Number, Text};
    match (&left.kind, &right.kind) {
        (Null, Null) => true,
        (Bool(left), Bool(right)) => left == right,
        (Number(left), Number(right)) => left == right,
        (Text(left), Text(right)) => left.value == right.value,
        (List(left), List(right)) => {
            left.len() == right.len() && left.iter().zip(right.iter()).all(|(left, right)| same(left, right))
        }
        (Map(left), Map(_)) => {
            let count = right.as_map().map_or(0, <[_]>::len);
            left.len() == count
                && left.iter().all(|entry| right.get(&entry.key.text).is_some_and(|other| same(&entry.value, other)))
        }
        (Null | Bool(_) | Number(_) | Text(_) | List(_) | Map(_), _) => false,
    }
}
