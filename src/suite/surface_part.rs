use std::collections::BTreeMap;

use crate::diag::{Code, Diagnostic, Diagnostics};
use crate::value::{Field, Node, Record, Shape, Template};

use super::Surface;
use super::fields::Fields;
use super::identity_part::{IDENTITY, IdentityPlace, decode_identity};
use super::origin::{Served, UrlForm, url};
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
        check_names(&entry.value, place.served, out);
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

/// Reports names in the values of a target that nothing gives, and those that cannot be read.
fn check_names(node: &Node, served: Served, out: &mut Diagnostics) {
    match (served, node.as_text()) {
        (Served::Afresh, Some(text)) => {
            if let Err(error) = Template::parse(text) {
                let span = node.span_within(error.offset, error.len);
                out.push(Diagnostic::error(Code::BadTemplate, error.to_string()).at(span, "not understood"));
            }
        }
        (Served::Here | Served::Elsewhere, Some(text)) => {
            if let Some(at) = text.find("$(") {
                let message = "names in the values of a target come from its `setup`, and it has none";
                let problem = Diagnostic::error(Code::UnknownName, message);
                out.push(problem.at(node.span_within(at, 2), "no name is known here"));
            }
        }
        (Served::Here | Served::Elsewhere | Served::Afresh, None) => {}
    }
    for item in node.as_list().unwrap_or_default() {
        check_names(item, served, out);
    }
    for entry in node.as_map().unwrap_or_default() {
        check_names(&entry.value, served, out);
    }
}
