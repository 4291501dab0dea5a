use std::sync::Arc;

use crate::value::{Entry, Key, Node, NodeKind};

/// Lets null stand where an OpenAPI 3.0 schema says `nullable: true`.
///
/// Draft 2020-12 says so by its types. A schema that is put together from others may hold types in any of them, so that
/// null is let in beside it.
pub(super) fn with_null(entries: Vec<Entry>, at: &Node) -> Vec<Entry> {
    let is_composed = ["allOf", "anyOf", "oneOf", "$ref", "not"]
        .iter()
        .any(|key| entries.iter().any(|entry| &*entry.key.text == *key));
    if is_composed {
        let null = map(vec![entry("type", Node::text("null", at.span), at)], at);
        return vec![entry("anyOf", list(vec![null, map(entries, at)], at), at)];
    }
    let typed = |mut it: Entry| {
        it.value = match (&*it.key.text, &it.value.kind) {
            ("type", NodeKind::Text(_)) => list(vec![it.value.clone(), Node::text("null", at.span)], at),
            ("enum", NodeKind::List(items)) if !items.iter().any(Node::is_null) => {
                let null = Node { span: at.span, kind: NodeKind::Null };
                list(items.iter().cloned().chain([null]).collect(), at)
            }
            (_, _) => it.value,
        };
        it
    };
    entries.into_iter().map(typed).collect()
}

/// An entry that stands where `at` does.
pub(super) fn entry(key: &str, value: Node, at: &Node) -> Entry {
    Entry { key: Key { text: Arc::from(key), span: at.span, verbatim_from: None }, value }
}

/// A map that stands where `at` does.
pub(super) fn map(entries: Vec<Entry>, at: &Node) -> Node {
    Node { span: at.span, kind: NodeKind::Map(entries.into()) }
}

/// A list that stands where `at` does.
pub(super) fn list(items: Vec<Node>, at: &Node) -> Node {
    Node { span: at.span, kind: NodeKind::List(items.into()) }
}
