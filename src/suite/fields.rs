use crate::diag::{Code, Diagnostic, Diagnostics, nearest};
use crate::value::{Entry, Field, Need, Node};

/// A map of which the known keys are read: the others are problems, each with the nearest key that there is.
///
/// `key: null` means that the key is not there.
#[derive(Debug)]
pub(crate) struct Fields<'n> {
    node: &'n Node,
}

impl<'n> Fields<'n> {
    /// Opens `node`, which must be a map, and reports unknown and missing keys.
    pub(crate) fn open(node: &'n Node, known: &[Field], what: &str, out: &mut Diagnostics) -> Option<Self> {
        let Some(entries) = node.as_map() else {
            let message = format!("{what} is a map, found {}", node.kind_name());
            out.push(Diagnostic::error(Code::WrongType, message).at(node.span, "expected a map"));
            return None;
        };
        for entry in entries {
            if known.iter().all(|field| field.key != &*entry.key.text) {
                out.push(unknown_key(entry, known, what));
            }
        }
        for field in known.iter().filter(|field| field.need == Need::Required) {
            if node.get(field.key).is_none_or(Node::is_null) {
                let message = format!("{what} needs the key `{}`", field.key);
                out.push(Diagnostic::error(Code::MissingKey, message).at(node.span, "is missing a key"));
            }
        }
        Some(Self { node })
    }

    /// Whether all of its keys are known: one that is not may be meant for any of those that are missing.
    pub(crate) fn has_only(&self, known: &[Field]) -> bool {
        self.node
            .as_map()
            .unwrap_or_default()
            .iter()
            .all(|entry| known.iter().any(|field| field.key == &*entry.key.text))
    }

    /// The entry of `key`, if it is there.
    pub(crate) fn entry(&self, key: &str) -> Option<&'n Entry> {
        self.node.entry(key).filter(|entry| !entry.value.is_null())
    }

    /// The value of `key`, if it is there.
    pub(crate) fn get(&self, key: &str) -> Option<&'n Node> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// The text at `key`.
    pub(crate) fn text(&self, key: &str, out: &mut Diagnostics) -> Option<&'n str> {
        self.get(key).and_then(|node| text(node, out))
    }

    /// The bool at `key`.
    pub(crate) fn flag(&self, key: &str, out: &mut Diagnostics) -> Option<bool> {
        let node = self.get(key)?;
        let flag = node.as_bool();
        if flag.is_none() {
            wrong_type(node, "`true` or `false`", out);
        }
        flag
    }

    /// The list of texts at `key`; a single text stands for a list of one.
    pub(crate) fn texts(&self, key: &str, out: &mut Diagnostics) -> Option<Vec<(&'n str, &'n Node)>> {
        let node = self.get(key)?;
        if let Some(one) = node.as_text() {
            return Some(vec![(one, node)]);
        }
        let Some(items) = node.as_list() else {
            wrong_type(node, "a list of texts", out);
            return None;
        };
        Some(items.iter().filter_map(|item| Some((text(item, out)?, item))).collect())
    }

    /// The entries of the map at `key`; those that are null left out.
    pub(crate) fn map(&self, key: &str, out: &mut Diagnostics) -> Vec<&'n Entry> {
        self.get(key).map(|node| map(node, out)).unwrap_or_default()
    }
}

/// The entries of a map; those that are null left out.
pub(crate) fn map<'n>(node: &'n Node, out: &mut Diagnostics) -> Vec<&'n Entry> {
    let Some(entries) = node.as_map() else {
        wrong_type(node, "a map", out);
        return Vec::new();
    };
    entries.iter().filter(|entry| !entry.value.is_null()).collect()
}

/// The text of a node.
pub(crate) fn text<'n>(node: &'n Node, out: &mut Diagnostics) -> Option<&'n str> {
    let text = node.as_text();
    if text.is_none() {
        wrong_type(node, "a text", out);
    }
    text
}

/// Reports that something of another kind was expected.
pub(crate) fn wrong_type(node: &Node, expected: &str, out: &mut Diagnostics) {
    let message = format!("expected {expected}, found {}", node.kind_name());
    out.push(Diagnostic::error(Code::WrongType, message).at(node.span, format!("expected {expected}")));
}

fn unknown_key(entry: &Entry, known: &[Field], what: &str) -> Diagnostic {
    let key = &*entry.key.text;
    let problem =
        Diagnostic::error(Code::UnknownKey, format!("{what} has no key `{key}`")).at(entry.key.span, "unknown key");
    match nearest(key, known.iter().map(|field| field.key)) {
        Some(near) => problem.help(format!("the nearest key is `{near}`")),
        None => problem.help(format!(
            "its keys are {}",
            known.iter().map(|field| format!("`{}`", field.key)).collect::<Vec<_>>().join(", ")
        )),
    }
}
