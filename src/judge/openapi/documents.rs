use std::borrow::Cow;

use crate::diag::{Code, Diagnostic, Span};
use crate::judge::show::cut;
use crate::value::{Node, NodeKind};

use super::ApiFile;

/// How many references may lead from one to the next.
const MOST_HOPS: usize = 32;

/// A value of a document, and where it is: references are read from there.
#[derive(Clone, Copy, Debug)]
pub(super) struct At<'d> {
    /// The file, by its number.
    pub(super) file: usize,
    pub(super) node: &'d Node,
}

impl<'d> At<'d> {
    /// The value of `key`, where it is there and not null.
    pub(super) fn get(self, key: &str) -> Option<Self> {
        self.node.get(key).filter(|node| !node.is_null()).map(|node| Self { node, ..self })
    }

    /// The entries of the map at `key`; those whose name begins with `x-` are anybody's remarks.
    pub(super) fn entries(self, key: &str) -> impl Iterator<Item = (&'d crate::value::Key, Self)> {
        let entries = self.node.get(key).and_then(Node::as_map).unwrap_or_default().iter();
        let named = entries.filter(|entry| !entry.key.text.starts_with("x-"));
        named.map(move |entry| (&entry.key, Self { file: self.file, node: &entry.value }))
    }

    /// The items of the list at `key`.
    pub(super) fn items(self, key: &str) -> impl Iterator<Item = Self> {
        let items = self.node.get(key).and_then(Node::as_list).unwrap_or_default();
        items.iter().map(move |node| Self { node, ..self })
    }

    pub(super) fn text(self, key: &str) -> Option<&'d str> {
        self.node.get(key).and_then(Node::as_text)
    }

    /// The bool at `key`; `false` where there is none.
    pub(super) fn is(self, key: &str) -> bool {
        self.node.get(key).and_then(Node::as_bool) == Some(true)
    }
}

/// A place that a reference names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Target {
    /// The file, by its path within the suite.
    pub(super) path: String,
    /// The JSON Pointer into it.
    pub(super) pointer: String,
}

/// Files that documents are made of.
#[derive(Clone, Copy, Debug)]
pub(super) struct Documents<'d> {
    pub(super) files: &'d [ApiFile],
}

impl<'d> Documents<'d> {
    /// The root of a file.
    pub(super) fn root(self, file: usize) -> Option<At<'d>> {
        self.files.get(file).map(|it| At { file, node: &it.node })
    }

    /// The value itself, or what it refers to by `$ref`.
    ///
    /// # Errors
    /// When the reference leads nowhere, outside the suite, or in a circle.
    pub(super) fn follow(self, at: At<'d>) -> Result<At<'d>, Box<Diagnostic>> {
        let mut here = at;
        for _ in 0..MOST_HOPS {
            let Some(reference) = here.node.get("$ref") else { return Ok(here) };
            here = self.resolve(here.file, reference)?.1;
        }
        let span = at.node.get("$ref").map_or(at.node.span, |it| it.span);
        Err(broken("the reference leads back to itself", span))
    }

    /// What the reference in `file` names.
    ///
    /// # Errors
    /// When it leads nowhere, or outside the suite.
    pub(super) fn resolve(self, file: usize, reference: &Node) -> Result<(Target, At<'d>), Box<Diagnostic>> {
        let span = reference.span;
        let text = reference.as_text().ok_or_else(|| broken("`$ref` needs a text", span))?;
        let own = self.files.get(file).map_or("", |it| it.path.as_str());
        let target = target(own, text).ok_or_else(|| {
            Box::new(
                Diagnostic::error(Code::UnresolvedReference, format!("`{}` is not a place in this suite", cut(text)))
                    .at(span, "outside the suite")
                    .help("a reference names a part of the document, or a file of the suite; nothing is fetched"),
            )
        })?;
        let Some(number) = self.files.iter().position(|it| it.path == target.path) else {
            return Err(broken(&format!("the suite has no file `{}` that can be read", cut(&target.path)), span));
        };
        let found = pointed(&self.files[number].node, &target.pointer);
        let node = found.ok_or_else(|| broken(&format!("nothing stands at `{}`", cut(text)), span))?;
        Ok((target, At { file: number, node }))
    }
}

fn broken(message: &str, span: Span) -> Box<Diagnostic> {
    Box::new(Diagnostic::error(Code::UnresolvedReference, message).at(span, "leads nowhere"))
}

/// The files that the references of a document name, by their paths within the suite.
#[must_use]
pub fn files_named(path: &str, node: &Node) -> Vec<String> {
    let mut files = Vec::new();
    let mut open = vec![node];
    while let Some(node) = open.pop() {
        match &node.kind {
            NodeKind::List(items) => open.extend(items.iter()),
            NodeKind::Map(entries) => {
                for entry in entries.iter() {
                    if &*entry.key.text == "$ref"
                        && let Some(target) = entry.value.as_text().and_then(|text| target(path, text))
                        && !files.contains(&target.path)
                    {
                        files.push(target.path);
                    }
                    open.push(&entry.value);
                }
            }
            NodeKind::Null | NodeKind::Bool(_) | NodeKind::Number(_) | NodeKind::Text(_) => {}
        }
    }
    files
}

/// The place that a reference in the file `own` names; nothing where it leaves the suite.
pub(super) fn target(own: &str, reference: &str) -> Option<Target> {
    let (file, fragment) = reference.split_once('#').unwrap_or((reference, ""));
    let decoded = |text: &str| percent_encoding::percent_decode_str(text).decode_utf8().ok().map(Cow::into_owned);
    let (file, pointer) = (decoded(file)?, decoded(fragment)?);
    if file.starts_with('/') || file.contains([':', '\\']) || !(pointer.is_empty() || pointer.starts_with('/')) {
        return None;
    }
    if file.is_empty() {
        return Some(Target { path: own.to_owned(), pointer });
    }
    let mut parts: Vec<&str> = own.split('/').collect();
    parts.pop();
    for part in file.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(Target { path: parts.join("/"), pointer })
}

/// What stands at a JSON Pointer (RFC 6901).
fn pointed<'d>(node: &'d Node, pointer: &str) -> Option<&'d Node> {
    pointer.split('/').skip(1).try_fold(node, |at, part| {
        let part = part.replace("~1", "/").replace("~0", "~");
        match &at.kind {
            NodeKind::Map(_) => at.get(&part),
            NodeKind::List(items) => items.get(part.parse::<usize>().ok()?),
            NodeKind::Null | NodeKind::Bool(_) | NodeKind::Number(_) | NodeKind::Text(_) => None,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_names_a_file_of_the_suite_or_nothing() {
        let found = |own: &str, text: &str| target(own, text).map(|it| format!("{}#{}", it.path, it.pointer));
        for (own, text, expected) in [
            ("api.yaml", "#/components/schemas/A", Some("api.yaml#/components/schemas/A")),
            ("api/main.yaml", "parts.yaml#/a~1b", Some("api/parts.yaml#/a~1b")),
            ("api/main.yaml", "../schemas/error.json", Some("schemas/error.json#")),
            ("api/main.yaml", "./a%20b.yaml", Some("api/a b.yaml#")),
            ("api/main.yaml", "../../etc/passwd", None),
            ("api.yaml", "/etc/passwd", None),
            ("api.yaml", "https://example.com/a.yaml", None),
            ("api.yaml", "file:a.yaml", None),
            ("api.yaml", "#Pet", None),
        ] {
            assert_eq!(found(own, text).as_deref(), expected, "{own} {text}");
        }
    }
}
