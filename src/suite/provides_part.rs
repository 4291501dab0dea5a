use std::collections::BTreeMap;

use crate::diag::{Code, Diagnostic, Diagnostics, Span};
use crate::value::{Entry, Field, Record, Shape};

use super::fields::{Fields, text, wrong_type};
use super::scalar::{NameForm, check_key, unknown, whole_32};
use super::{Provided, Provides};
use crate::value::Node;

/// The keys of `provides` of a suite.
pub(crate) const PROVIDES: Record = Record {
    name: "provides",
    doc: "What a target must offer; what is missing is named before anything is sent.",
    fields: &[
        Field::optional(
            "identities",
            Shape::Map(&Shape::Either(&[Shape::Text, Shape::Record(&IDENTITY)])),
            "Those it must know, and what each may do.",
        ),
        Field::optional(
            "endpoints",
            Shape::Map(&Shape::Either(&[Shape::Text, Shape::Record(&THING)])),
            "Places besides `base_url`: `$(NAME)` is the URL.",
        ),
        Field::optional(
            "variables",
            Shape::Map(&Shape::Either(&[Shape::Text, Shape::Record(&THING)])),
            "Values with a name: `$(NAME)`.",
        ),
        Field::optional("features", Shape::Map(&Shape::Text), "What it may be able to do, and what each means."),
    ],
};

const VARIANTS: Field =
    Field::optional("variants", Shape::List(&Shape::Text), "The variants that ask for it; all where nothing is said.");
const NEEDS: Field =
    Field::optional("needs", Shape::List(&Shape::Text), "It is asked of targets with all of these features only.");
const TEXT: Field = Field::required("text", Shape::Text, "What it is.");

const IDENTITY: Record = Record {
    name: "asked-identity",
    doc: "An identity that a target must know.",
    fields: &[
        TEXT,
        Field::optional("users", Shape::Integer, "How many users it must be able to lease; 0 where nothing is said."),
        VARIANTS,
        NEEDS,
    ],
};

const THING: Record = Record {
    name: "asked",
    doc: "An endpoint or a variable that a target must give.",
    fields: &[TEXT, VARIANTS, NEEDS],
};

/// Names that the language itself knows.
const TAKEN: [&str; 9] = ["now", "target", "run", "case", "steps", "identities", "variant", "row", "base_url"];

/// Reads `provides`.
pub(crate) fn decode_provides(node: &Node, variants: &[(String, String)], out: &mut Diagnostics) -> Provides {
    let mut provides = Provides::default();
    let Some(fields) = Fields::open(node, PROVIDES.fields, "`provides`", out) else { return provides };
    for entry in fields.map("features", out) {
        check_key(&entry.key, NameForm::Variable, "a feature", out);
        let meaning = text(&entry.value, out).unwrap_or_default();
        provides.features.insert(entry.key.text.to_string(), meaning.to_owned());
    }
    let features = &provides.features;
    let mut space = Space { variants, features, names: BTreeMap::new() };
    provides.identities = space.read(&fields.map("identities", out), &IDENTITY, "an identity", out);
    provides.endpoints = space.read(&fields.map("endpoints", out), &THING, "an endpoint", out);
    provides.variables = space.read(&fields.map("variables", out), &THING, "a variable", out);
    provides
}

/// Identities, endpoints and variables share one space of names.
struct Space<'a> {
    variants: &'a [(String, String)],
    features: &'a BTreeMap<String, String>,
    names: BTreeMap<String, (&'static str, Span)>,
}

impl Space<'_> {
    fn read(
        &mut self,
        entries: &[&Entry],
        record: &Record,
        what: &'static str,
        out: &mut Diagnostics,
    ) -> BTreeMap<String, Provided> {
        let mut all = BTreeMap::new();
        for entry in entries {
            check_key(&entry.key, NameForm::Variable, what, out);
            let name = &*entry.key.text;
            if TAKEN.contains(&name) {
                let message = format!("`{name}` is a name of the language");
                out.push(Diagnostic::error(Code::NameShadows, message).at(entry.key.span, "take another name"));
            } else if let Some((other, place)) = self.names.insert(name.to_owned(), (what, entry.key.span)) {
                let message = format!("{what} and {other} are both called `{name}`, and `$({name})` would be both");
                let problem = Diagnostic::error(Code::NameShadows, message).at(entry.key.span, "take another name");
                out.push(problem.also(place, "the other one"));
            }
            all.insert(name.to_owned(), self.provided(&entry.value, record, what, out));
        }
        all
    }

    fn provided(&self, node: &Node, record: &Record, what: &str, out: &mut Diagnostics) -> Provided {
        if let Some(text) = node.as_text() {
            return Provided { text: text.to_owned(), ..Provided::default() };
        }
        if node.as_map().is_none() {
            wrong_type(node, "a text that says what it is, or a map with `text`", out);
            return Provided::default();
        }
        let Some(fields) = Fields::open(node, record.fields, what, out) else { return Provided::default() };
        let variants = fields.texts("variants", out).map(|names| check_variants(&names, self.variants, out));
        let needs = fields.texts("needs", out).unwrap_or_default();
        for (name, node) in &needs {
            if !self.features.contains_key(*name) {
                unknown(Code::UnknownFeature, node, "feature", self.features.keys(), out);
            }
        }
        Provided {
            text: fields.text("text", out).unwrap_or_default().to_owned(),
            users: fields.get("users").and_then(|node| whole_32(node, 0, out)).unwrap_or_default(),
            variants,
            needs: needs.into_iter().map(|(name, _)| name.to_owned()).collect(),
        }
    }
}

/// Reports those that are no variants of the suite, and gives the others.
pub(crate) fn check_variants(
    names: &[(&str, &Node)],
    variants: &[(String, String)],
    out: &mut Diagnostics,
) -> Vec<String> {
    let mut known = Vec::new();
    for (name, node) in names {
        if variants.iter().any(|(variant, _)| variant == name) {
            known.push((*name).to_owned());
        } else {
            unknown(Code::UnknownVariant, node, "variant", variants.iter().map(|(variant, _)| variant), out);
        }
    }
    known
}
