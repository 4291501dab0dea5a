use crate::diag::{Code, Diagnostic, Diagnostics, Span};
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
        Field::optional(
            "open",
            Shape::Text,
            "No secret, though it stands where one does, such as the number of a business unit.",
        ),
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
    let given: Vec<&str> =
        ["env", "file", "plain", "open"].into_iter().filter(|key| fields.get(key).is_some()).collect();
    let [key] = given.as_slice() else {
        if given.is_empty() && node.as_map().is_some_and(|entries| !entries.is_empty()) {
            // The keys that it has are unknown, which was told.
            return None;
        }
        let message = format!("a secret is kept in one place, found {}", given.len());
        out.push(
            Diagnostic::error(Code::BadSecret, message)
                .at(node.span, "expected exactly one of `env`, `file`, `plain` and `open`"),
        );
        return None;
    };
    let value = fields.text(key, out)?;
    if *key == "open" {
        return Some(Credential::Open(value.to_owned()));
    }
    if *key != "plain" && source == TargetSource::Suite {
        let message = "a suite cannot read the environment or files of whoever runs it";
        out.push(
            Diagnostic::error(Code::BadSecret, message)
                .at(node.span, format!("`{key}` is not granted to a suite"))
                .help("describe the target in your own `assize.yaml`, or by `--target-file`"),
        );
        return None;
    }
    // What stands there is not repeated: it may be the secret itself.
    let bad = match *key {
        "env" if !is_variable(value) => Some("this is no name of an environment variable"),
        "file" if value.is_empty() || value.contains('\0') => Some("this is no path"),
        _ => None,
    };
    if let Some(bad) = bad {
        let span = fields.get(key).map_or(node.span, |node| node.span);
        let expected = "expected where the secret is, not the secret itself";
        out.push(Diagnostic::error(Code::BadSecret, bad).at(span, expected));
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

/// Where secrets stand in plain text in a file of targets, or probably do: problems show the lines that they are in.
pub(crate) fn plain_places(node: &Node, places: &mut Vec<Span>) {
    for item in node.as_list().unwrap_or_default() {
        plain_places(item, places);
    }
    for entry in node.as_map().unwrap_or_default() {
        let (key, value) = (&*entry.key.text, &entry.value);
        let is_scalar = value.as_map().is_none() && value.as_list().is_none();
        if is_scalar && (SECRET_KEYS.contains(&key.to_lowercase().as_str()) || key == "env" && !is_env(value)) {
            places.push(value.span);
        } else if key == "headers" {
            let values = value.as_map().unwrap_or_default().iter().map(|entry| &entry.value);
            places.extend(values.filter(|value| value.as_text().is_some()).map(|value| value.span));
        } else if let Some((at, len)) = value.as_text().and_then(user_info) {
            places.push(value.span_within(at, len));
        }
        // Here keys of secrets stand for their names and places.
        if !["rename", "answer", "page"].contains(&key) {
            plain_places(value, places);
        }
    }
}

/// Keys whose value is a secret, where it is a scalar.
const SECRET_KEYS: [&str; 9] = [
    "plain",
    "static",
    "secret",
    "password",
    "client_secret",
    "refresh_token",
    "authorization",
    "proxy-authorization",
    "cookie",
];

fn is_env(node: &Node) -> bool {
    node.as_text().is_some_and(is_variable)
}

/// Where the name and the password of a URL stand in it.
pub(crate) fn user_info(url: &str) -> Option<(usize, usize)> {
    let at = url.find("://")? + 3;
    let authority = url[at..].split(['/', '?', '#']).next()?;
    Some((at, authority.rfind('@')?))
}

fn is_variable(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}
