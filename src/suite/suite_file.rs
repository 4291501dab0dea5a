use std::collections::BTreeMap;

use crate::diag::{Code, Diagnostic, Diagnostics, Span};
use crate::value::{Field, JsonPath, Node, Part, Record, Shape, Template};

use super::fields::{Fields, text};
use super::openapi_part::{OPENAPI, OpenapiPart, decode_openapi};
use super::provides_part::{PROVIDES, decode_provides};
use super::scalar::{NameForm, check_key, check_name, duration, whole};
use super::{Defaults, Provides};

/// The version of the language that this program reads.
pub(crate) const LANGUAGE: u64 = 1;

/// The keys of `suite.yaml`.
pub(crate) const SUITE: Record = Record {
    name: "suite",
    doc: "A suite: what a target must offer, and what holds for all of its scenarios.",
    fields: &[
        Field::required("suite", Shape::Text, "Its name: small letters, digits and `-`."),
        Field::optional("version", Shape::Either(&[Shape::Text, Shape::Number]), "Its version, such as `1.0.0`."),
        Field::optional("title", Shape::Text, "What it is about, in one line."),
        Field::optional(
            "variants",
            Shape::Map(&Shape::Text),
            "Ways in which a target can be of this kind, and what each means. A scenario runs once in each that the target has.",
        ),
        Field::optional("provides", Shape::Record(&PROVIDES), "What a target must offer."),
        Field::optional("defaults", Shape::Record(&DEFAULTS), "What holds for every step that says nothing else."),
        Field::optional(
            "checks",
            Shape::Map(&Shape::Named("checks", crate::judge::Checks::fields)),
            "Sets of checks with a name, for `meets`.",
        ),
        Field::optional(
            "openapi",
            Shape::Either(&[Shape::List(&Shape::Text), Shape::Record(&OPENAPI)]),
            "OpenAPI documents (3.0 or 3.1) that say what is asked and answered: every step whose request is documented is judged by them.",
        ),
        Field::optional("volatile", Shape::List(&Shape::Text), "JSONPaths of values that snapshots never compare."),
        Field::optional("secret", Shape::List(&Shape::Text), "JSONPaths of values that are secrets."),
        Field::optional("assize", Shape::Is(1), "The version of this language."),
    ],
};

const DEFAULTS: Record = Record {
    name: "defaults",
    doc: "What holds for every step that says nothing else.",
    fields: &[
        Field::optional(
            "headers",
            Shape::Map(&Shape::Either(&[Shape::Text, Shape::Number, Shape::Bool])),
            "Header fields of every request.",
        ),
        Field::optional("deadline", Shape::Duration, "How long one attempt may take; 30s where nothing is said."),
    ],
};

/// What `suite.yaml` says.
#[derive(Debug, Default)]
pub(crate) struct SuiteFile {
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) title: String,
    pub(crate) variants: Vec<(String, String)>,
    pub(crate) provides: Provides,
    pub(crate) defaults: Defaults,
    pub(crate) sets: BTreeMap<String, Node>,
    pub(crate) openapi: OpenapiPart,
    pub(crate) volatile: Vec<JsonPath>,
    pub(crate) secret: Vec<JsonPath>,
    /// Whether it is written in a language that this program does not know.
    pub(crate) is_newer: bool,
}

/// Reads `suite.yaml`. A file of a newer language is that one problem: its keys could mean anything.
pub(crate) fn decode_suite(node: &Node, out: &mut Diagnostics) -> SuiteFile {
    let mut suite = SuiteFile::default();
    if is_newer(node, out) {
        suite.is_newer = true;
        return suite;
    }
    let Some(fields) = Fields::open(node, SUITE.fields, "a suite", out) else { return suite };
    if let Some(name) = fields.get("suite").filter(|name| text(name, out).is_some()) {
        check_name(name, NameForm::Kebab, "a suite", out);
        name.as_text().unwrap_or_default().clone_into(&mut suite.name);
    }
    suite.version = version(&fields, out);
    fields.text("title", out).unwrap_or_default().clone_into(&mut suite.title);
    for entry in fields.map("variants", out) {
        check_key(&entry.key, NameForm::Kebab, "a variant", out);
        let meaning = text(&entry.value, out).unwrap_or_default();
        suite.variants.push((entry.key.text.to_string(), meaning.to_owned()));
    }
    if let Some(node) = fields.get("provides") {
        suite.provides = decode_provides(node, &suite.variants, out);
    }
    if let Some(node) = fields.get("defaults") {
        suite.defaults = decode_defaults(node, &suite.provides, out);
    }
    for entry in fields.map("checks", out) {
        check_key(&entry.key, NameForm::Kebab, "a set of checks", out);
        suite.sets.insert(entry.key.text.to_string(), entry.value.clone());
    }
    if let Some(node) = fields.get("openapi") {
        suite.openapi = decode_openapi(node, out);
    }
    suite.volatile = paths(&fields, "volatile", out);
    suite.secret = paths(&fields, "secret", out);
    suite
}

/// Reports a file of a newer language.
fn is_newer(node: &Node, out: &mut Diagnostics) -> bool {
    let Some(version) = node.get("assize").filter(|version| !version.is_null()) else { return false };
    let Some(number) = whole(version, 1, out) else { return false };
    if number > LANGUAGE {
        let message =
            format!("the suite is written in version {number} of the language, this program reads {LANGUAGE}");
        out.push(
            Diagnostic::error(Code::NewerLanguage, message)
                .at(version.span, "newer than this program")
                .help("take a newer `assize`"),
        );
    }
    number > LANGUAGE
}

/// The version: a text, and since `1.0` is a number to YAML, also a number, as written.
fn version(fields: &Fields<'_>, out: &mut Diagnostics) -> String {
    let Some(node) = fields.get("version") else { return "0".to_owned() };
    if let Some(number) = node.as_number() {
        return number.text().to_owned();
    }
    text(node, out).unwrap_or_default().to_owned()
}

fn decode_defaults(node: &Node, provides: &Provides, out: &mut Diagnostics) -> Defaults {
    let mut defaults = Defaults::default();
    let Some(fields) = Fields::open(node, DEFAULTS.fields, "`defaults`", out) else { return defaults };
    for entry in fields.map("headers", out) {
        if !is_field_name(&entry.key.text) {
            out.push(bad_field_name(&entry.key.text, entry.key.span));
        }
        let Some(value) = plain_text(&entry.value, out) else { continue };
        match Template::parse(&value) {
            Ok(template) => {
                check_names(&entry.value, &template, provides, out);
                defaults.headers.insert(entry.key.text.to_string(), template);
            }
            Err(error) => {
                let span = entry.value.span_within(error.offset, error.len);
                out.push(Diagnostic::error(Code::BadTemplate, error.to_string()).at(span, "not understood"));
            }
        }
    }
    if let Some(deadline) = fields.get("deadline").and_then(|node| duration(node, out)) {
        defaults.deadline = deadline;
    }
    defaults
}

/// A text; a number or a bool is its text.
fn plain_text(node: &Node, out: &mut Diagnostics) -> Option<String> {
    match (node.as_number(), node.as_bool()) {
        (Some(number), _) => Some(number.text().to_owned()),
        (None, Some(flag)) => Some(flag.to_string()),
        (None, None) => text(node, out).map(str::to_owned),
    }
}

/// Every step has the default header fields, so that they can hold only what every step knows.
fn check_names(node: &Node, template: &Template, provides: &Provides, out: &mut Diagnostics) {
    const EVERYWHERE: [&str; 6] = ["variant", "target", "run", "case", "identities", "now"];
    for part in template.parts() {
        let Part::Slot(slot) = part else { continue };
        let name = slot.path.root.as_str();
        let is_known = EVERYWHERE.contains(&name)
            || provides.variables.contains_key(name)
            || provides.endpoints.contains_key(name);
        if !is_known {
            let span = node.span_within(slot.span.start, slot.span.len());
            out.push(
                Diagnostic::error(Code::UnknownName, format!("`{name}` is not known in every step"))
                    .at(span, "unknown name")
                    .help("variables and endpoints of `provides`, `variant`, `target`, `run` and `case` are known everywhere"),
            );
        }
    }
}

/// The paths of the list at `key`.
fn paths(fields: &Fields<'_>, key: &str, out: &mut Diagnostics) -> Vec<JsonPath> {
    let Some(texts) = fields.texts(key, out) else { return Vec::new() };
    texts.into_iter().filter_map(|(_, node)| json_path(node, out)).collect()
}

/// A JSONPath.
pub(crate) fn json_path(node: &Node, out: &mut Diagnostics) -> Option<JsonPath> {
    match JsonPath::parse(text(node, out)?) {
        Ok(path) => Some(path),
        Err(error) => {
            let span = node.span_within(error.offset, 1);
            out.push(Diagnostic::error(Code::BadJsonPath, "this is no JSONPath (RFC 9535)").at(span, error.message));
            None
        }
    }
}

/// Whether `name` can be the name of a header field (RFC 9110 section 5.1).
pub(crate) fn is_field_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}

/// Says that a name cannot be that of a header field.
pub(crate) fn bad_field_name(name: &str, span: Span) -> Diagnostic {
    Diagnostic::error(Code::BadName, format!("`{name}` is no name of a header field"))
        .at(span, "expected letters, digits and `-`")
}
