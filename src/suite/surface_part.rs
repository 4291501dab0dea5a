use std::collections::BTreeMap;

use crate::diag::{Code, Diagnostic, Diagnostics};
use crate::value::{Field, Node, Record, Shape};

use super::Surface;
use super::fields::Fields;
use super::identity_part::{IDENTITY, IdentityPlace, decode_identity};
use super::origin::{UrlForm, url};
use super::scalar::{NameForm, check_key, json};

/// The keys of a target that a variant may have too.
pub(crate) const SURFACE: Record = Record {
    name: "surface",
    doc: "What scenarios see of a target.",
    fields: &[
        Field::optional("base_url", Shape::Text, "Where paths go, without `/` at the end."),
        Field::optional("endpoints", Shape::Map(&Shape::Text), "Other places, by name, without `/` at the end."),
        Field::optional(
            "hosts",
            Shape::List(&Shape::Text),
            "Origins besides those of `base_url`, endpoints and sign-in; nothing else is ever contacted.",
        ),
        Field::optional(
            "features",
            Shape::List(&Shape::Text),
            "What it can do. A scenario that needs another feature is skipped.",
        ),
        Field::optional("variables", Shape::Map(&Shape::Any), "Values with a name."),
        Field::optional("identities", Shape::Map(&Shape::Record(&IDENTITY)), "Those it knows."),
    ],
};

/// Reads what scenarios see of a target, or of a variant of it.
pub(crate) fn decode_surface(fields: &Fields<'_>, place: IdentityPlace, out: &mut Diagnostics) -> Surface {
    let mut surface = Surface {
        base_url: fields.get("base_url").and_then(|node| url(node, UrlForm::Base, place.served, out)),
        ..Surface::default()
    };
    for entry in fields.map("endpoints", out) {
        check_key(&entry.key, NameForm::Variable, "an endpoint", out);
        if let Some(url) = url(&entry.value, UrlForm::Base, place.served, out) {
            surface.endpoints.insert(entry.key.text.to_string(), url);
        }
    }
    for (_, node) in fields.texts("hosts", out).unwrap_or_default() {
        surface.hosts.extend(url(node, UrlForm::Origin, place.served, out));
    }
    surface.features =
        fields.texts("features", out).unwrap_or_default().into_iter().map(|(name, _)| name.to_owned()).collect();
    let mut variables = BTreeMap::new();
    for entry in fields.map("variables", out) {
        check_key(&entry.key, NameForm::Variable, "a variable", out);
        check_fixed(&entry.value, out);
        variables.insert(entry.key.text.to_string(), json(&entry.value));
    }
    surface.variables = variables;
    for entry in fields.map("identities", out) {
        if let Some(identity) = decode_identity(entry, place, out) {
            surface.identities.insert(entry.key.text.to_string(), identity);
        }
    }
    surface
}

/// Reports names in the values of a target: nothing is known there.
pub(crate) fn check_fixed(node: &Node, out: &mut Diagnostics) {
    if let Some(at) = node.as_text().and_then(|text| text.find("$(")) {
        let message = "names in the values of a target come from `setup`, which this version does not have";
        out.push(
            Diagnostic::error(Code::NotYetSupported, message).at(node.span_within(at, 2), "no name is known here"),
        );
    }
    for item in node.as_list().unwrap_or_default() {
        check_fixed(item, out);
    }
    for entry in node.as_map().unwrap_or_default() {
        check_fixed(&entry.value, out);
    }
}
