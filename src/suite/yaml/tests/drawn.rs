use crate::diag::{Colour, Diagnostic, Diagnostics, Sources, render};
use crate::suite::yaml::{Limits, read};
use crate::value::{Node, NodeKind};

pub(super) fn read_with(text: &str, limits: &Limits) -> (Vec<Node>, Sources, Vec<Diagnostic>) {
    let mut sources = Sources::default();
    let source = sources.add("a.yaml", text);
    let mut out = Diagnostics::new();
    let documents = read(source, text, limits, &mut out);
    (documents, sources, out.into_sorted())
}

/// The problems of a text, drawn.
pub(super) fn problems(text: &str) -> String {
    problems_within(text, &Limits::default())
}

pub(super) fn problems_within(text: &str, limits: &Limits) -> String {
    let (_, sources, found) = read_with(text, limits);
    render(&found, &sources, Colour::Never)
}

/// The documents of a text without problems.
pub(super) fn good(text: &str) -> Vec<Node> {
    let (documents, sources, found) = read_with(text, &Limits::default());
    assert!(found.is_empty(), "{}", render(&found, &sources, Colour::Never));
    documents
}

/// The tree in one line: texts in quotes, all else as in JSON.
pub(super) fn short(node: &Node) -> String {
    match &node.kind {
        NodeKind::Null => "null".to_owned(),
        NodeKind::Bool(value) => value.to_string(),
        NodeKind::Number(number) => number.to_string(),
        NodeKind::Text(text) => format!("{:?}", text.value),
        NodeKind::List(items) => format!("[{}]", items.iter().map(short).collect::<Vec<_>>().join(", ")),
        NodeKind::Map(entries) => {
            let entries = entries.iter().map(|entry| format!("{}: {}", entry.key.text, short(&entry.value)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
    }
}
