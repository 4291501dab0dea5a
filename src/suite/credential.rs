use crate::diag::{Code, Diagnostic, Diagnostics};
use crate::value::{Field, Node, NodeKind, Record, Shape};

use super::fields::{Fields, wrong_type};
use super::{Credential, SecretRef, SecretSource};

/// Who wrote a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TargetSource {
    /// Whoever owns it: secrets may come from the environment and from files.
    Operator,
    /// Whoever wrote the suite: a suite reads nothing that it was not granted.
    Suite,
}

/// A secret.
pub(crate) const SECRET: Record = Record {
    name: "secret",
    doc: "A secret, and where it is kept: exactly one of these.",
    fields: &[
        Field::optional("env", Shape::Text, "The environment variable that holds it."),
        Field::optional("file", Shape::Text, "The file that holds it, relative to this one."),
        Field::optional("plain", Shape::Text, "The secret itself; only where it never leaves this machine."),
    ],
};

/// A text that may be a secret.
pub(crate) const TEXT_OR_SECRET: Shape = Shape::Either(&[Shape::Text, Shape::Record(&SECRET)]);

/// Reads a secret; `name` is what it is called in handles.
pub(crate) fn secret(node: &Node, name: &str, source: TargetSource, out: &mut Diagnostics) -> Option<Credential> {
    if node.as_map().is_none() {
        let message = format!("`{name}` is a secret: expected where it is kept, found {}", node.kind_name());
        out.push(
            Diagnostic::error(Code::BadSecret, message)
                .at(node.span, "expected `{ env: NAME }` or `{ file: PATH }`")
                .help("`{ plain: TEXT }` is for targets on this machine only"),
        );
        return None;
    }
    let fields = Fields::open(node, SECRET.fields, "a secret", out)?;
    let given: Vec<&str> = ["env", "file", "plain"].into_iter().filter(|key| fields.get(key).is_some()).collect();
    let [key] = given.as_slice() else {
        let message = format!("a secret is kept in one place, found {}", given.len());
        out.push(
            Diagnostic::error(Code::BadSecret, message)
                .at(node.span, "expected exactly one of `env`, `file` and `plain`"),
        );
        return None;
    };
    let value = fields.text(key, out)?;
    if *key != "plain" && source == TargetSource::Suite {
        let message = "a suite cannot read the environment or files of whoever runs it";
        out.push(
            Diagnostic::error(Code::BadSecret, message)
                .at(node.span, format!("`{key}` is not granted to a suite"))
                .help("describe the target in your own `assize.yaml`, or by `--target-file`"),
        );
        return None;
    }
    let bad = match *key {
        "env" if !is_variable(value) => Some("no name of an environment variable"),
        "file" if value.is_empty() || value.contains('\0') => Some("no path"),
        _ => None,
    };
    if let Some(bad) = bad {
        let span = fields.get(key).map_or(node.span, |node| node.span);
        out.push(Diagnostic::error(Code::BadSecret, format!("`{value}` is {bad}")).at(span, "expected another name"));
        return None;
    }
    let value = value.to_owned();
    let source = match *key {
        "env" => SecretSource::Env(value),
        "file" => SecretSource::File(value),
        _ => SecretSource::Plain(value),
    };
    Some(Credential::Secret(SecretRef { name: name.to_owned(), source, span: node.span }))
}

/// Reads a text that everybody may know, or a secret.
pub(crate) fn open_or_secret(
    node: &Node,
    name: &str,
    source: TargetSource,
    out: &mut Diagnostics,
) -> Option<Credential> {
    match &node.kind {
        NodeKind::Text(text) => Some(Credential::Open(text.value.to_string())),
        NodeKind::Map(_) => secret(node, name, source, out),
        NodeKind::Null | NodeKind::Bool(_) | NodeKind::Number(_) | NodeKind::List(_) => {
            wrong_type(node, "a text (in quotes), `{ env: NAME }` or `{ file: PATH }`", out);
            None
        }
    }
}

fn is_variable(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}
