use std::sync::Arc;

use crate::diag::{Code, Diagnostic, Diagnostics, Span, nearest};
use crate::value::{Entry, Key, Node, NodeKind, Scalar};

/// A row of a scenario: what `$(row.KEY)` stands for.
#[derive(Debug)]
pub(crate) struct Row<'n> {
    /// Its name: `$(row.name)`.
    pub(crate) name: &'n str,
    /// Its values.
    pub(crate) values: &'n Node,
}

/// Puts a row into `node`: wherever `$(row.KEY)` stands alone its value takes the place, whatever it is; within a text
/// the value's text does, and what that holds of `$(…)` is read afterwards like any other.
pub(crate) fn put_in(node: &Node, row: Option<&Row<'_>>, out: &mut Diagnostics) -> Node {
    match &node.kind {
        NodeKind::Null | NodeKind::Bool(_) | NodeKind::Number(_) => node.clone(),
        NodeKind::Text(text) => put_into_text(node, text, row, out),
        NodeKind::List(items) => {
            let items: Vec<Node> = items.iter().map(|item| put_in(item, row, out)).collect();
            Node { span: node.span, kind: NodeKind::List(items.into()) }
        }
        NodeKind::Map(entries) => {
            let entries: Vec<Entry> = entries
                .iter()
                .map(|entry| Entry { key: put_into_key(&entry.key, row, out), value: put_in(&entry.value, row, out) })
                .collect();
            Node { span: node.span, kind: NodeKind::Map(entries.into()) }
        }
    }
}

fn put_into_text(node: &Node, text: &Scalar, row: Option<&Row<'_>>, out: &mut Diagnostics) -> Node {
    let slots = RowSlot::all(&text.value);
    if slots.is_empty() {
        return node.clone();
    }
    if let [only] = &slots[..]
        && only.start == 0
        && only.end == text.value.len()
    {
        return match value_of(only, row, node.span_within(only.start, only.end - only.start), out) {
            Some(RowValue::Node(value)) => value,
            Some(RowValue::Name(name)) => Node::text(name, node.span),
            None => Node { span: node.span, kind: NodeKind::Null },
        };
    }
    let span_of = |slot: &RowSlot<'_>| node.span_within(slot.start, slot.end - slot.start);
    let filled = fill(&text.value, &slots, row, span_of, out);
    let kind = NodeKind::Text(Scalar { value: Arc::from(filled), verbatim_from: None });
    Node { span: node.span, kind }
}

fn put_into_key(key: &Key, row: Option<&Row<'_>>, out: &mut Diagnostics) -> Key {
    let slots = RowSlot::all(&key.text);
    if slots.is_empty() {
        return key.clone();
    }
    let span_of = |slot: &RowSlot<'_>| key.span_within(slot.start, slot.end - slot.start);
    let filled = fill(&key.text, &slots, row, span_of, out);
    Key { text: Arc::from(filled), span: key.span, verbatim_from: None }
}

fn fill(
    text: &str,
    slots: &[RowSlot<'_>],
    row: Option<&Row<'_>>,
    span_of: impl Fn(&RowSlot<'_>) -> Span,
    out: &mut Diagnostics,
) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut from = 0;
    for slot in slots {
        filled.push_str(&text[from..slot.start]);
        from = slot.end;
        match value_of(slot, row, span_of(slot), out) {
            Some(RowValue::Name(name)) => filled.push_str(name),
            Some(RowValue::Node(value)) => match &value.kind {
                NodeKind::Text(text) => filled.push_str(&text.value),
                NodeKind::Number(number) => filled.push_str(&number.to_string()),
                NodeKind::Bool(value) => filled.push_str(if *value { "true" } else { "false" }),
                NodeKind::Null | NodeKind::List(_) | NodeKind::Map(_) => out.push(
                    Diagnostic::error(
                        Code::WrongType,
                        format!("`$({})` is {}, and only a text fits into a text", slot.path, value.kind_name()),
                    )
                    .at(span_of(slot), "stands within a text"),
                ),
            },
            None => {}
        }
    }
    filled.push_str(&text[from..]);
    filled
}

enum RowValue<'n> {
    Node(Node),
    Name(&'n str),
}

fn value_of<'n>(slot: &RowSlot<'_>, row: Option<&Row<'n>>, span: Span, out: &mut Diagnostics) -> Option<RowValue<'n>> {
    let Some(row) = row else {
        out.push(Diagnostic::error(Code::UnknownName, "this scenario has no rows".to_owned()).at(span, "needs `rows`"));
        return None;
    };
    let mut members = slot.path.split('.').skip(1);
    let mut node = row.values;
    let mut depth = 0;
    while let Some(member) = members.next() {
        if depth == 0 && member == "name" {
            return Some(RowValue::Name(row.name));
        }
        depth += 1;
        let Some(next) = node.get(member) else {
            let keys = node.as_map().unwrap_or_default().iter().map(|entry| &*entry.key.text);
            out.push(
                Diagnostic::error(Code::UnknownName, format!("row `{}` has no key `{member}`", row.name))
                    .at(span, "unknown key of the row")
                    .help_nearest(nearest(member, keys)),
            );
            return None;
        };
        node = next;
    }
    Some(RowValue::Node(node.clone()))
}

/// `$(row…)` within a text.
#[derive(Debug)]
struct RowSlot<'t> {
    start: usize,
    end: usize,
    path: &'t str,
}

impl<'t> RowSlot<'t> {
    fn all(text: &'t str) -> Vec<Self> {
        let mut slots = Vec::new();
        let mut from = 0;
        while let Some(found) = text[from..].find("$(row") {
            let start = from + found;
            from = start + "$(row".len();
            let escaped = text[..start].ends_with('$');
            let Some(close) = text[start..].find(')') else { break };
            let end = start + close + 1;
            let path = &text[start + 2..end - 1];
            let is_row = path == "row" || path.starts_with("row.");
            if is_row && !escaped && !path.contains(' ') {
                slots.push(Self { start, end, path });
                from = end;
            }
        }
        slots
    }
}
