use std::collections::BTreeSet;

use jsonschema::Draft;

use crate::diag::{Code, Diagnostic, Diagnostics, nearest};
use crate::judge::show::{Step, cut};
use crate::value::Json;

use super::cycle::Edge;
use super::doubt::{Doubt, Where, doubts};
use super::keyword::{Holds, keyword, names};
use super::origin::Origin;

/// How deep schemas may be nested.
const MAX_DEPTH: usize = 64;
/// The one draft.
const DRAFT: &str = "https://json-schema.org/draft/2020-12/schema";

/// Reads through a schema before the compiler does: finds keywords, formats and references that mean nothing.
pub(super) struct Lint<'a> {
    /// Its name; empty for one that stands within a check.
    pub(super) name: &'a str,
    pub(super) origin: Origin<'a>,
    /// The schemas that may be referred to.
    pub(super) known: &'a BTreeSet<String>,
    pub(super) out: &'a mut Diagnostics,
    pub(super) found: Found,
}

/// What was found on the way.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Whether something is wrong.
    pub(super) bad: bool,
    /// The schemas it refers to.
    pub(super) refers_to: BTreeSet<String>,
    /// What is put to the same value, for the search for circles.
    pub(super) edges: Vec<Edge>,
    /// Whether numbers are compared in it.
    pub(super) compares_numbers: bool,
}

/// What a `$ref` names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Target {
    /// The schema, by its name.
    pub(super) name: String,
    /// The JSON Pointer after `#`.
    pub(super) fragment: String,
}

impl Target {
    /// Reads `#/…`, `name`, `name.json#/…`; nothing else is a reference within a suite.
    pub(super) fn parse(reference: &str, own: &str) -> Option<Self> {
        let (file, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        let name = file.strip_suffix(".json").unwrap_or(file);
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
        // The name of a schema is its path below `schemas/`.
        let is_part = |part: &str| !part.is_empty() && !part.starts_with('.') && part.bytes().all(is_plain);
        let is_name = name.is_empty() || name.split('/').all(is_part);
        let name = if name.is_empty() { own } else { name };
        let fragment = percent_encoding::percent_decode_str(fragment).decode_utf8().ok()?;
        let is_pointer = fragment.is_empty() || fragment.starts_with('/');
        (is_name && is_pointer).then(|| Self { name: name.to_owned(), fragment: fragment.into_owned() })
    }
}

impl Lint<'_> {
    /// Reads the whole schema.
    pub(super) fn run(&mut self, schema: &Json) {
        self.schema(schema, &mut Vec::new(), 0);
    }

    fn problem(&mut self, problem: Diagnostic) {
        self.found.bad = true;
        self.out.push(problem);
    }

    fn schema(&mut self, schema: &Json, at: &mut Vec<Step>, depth: usize) {
        if depth > MAX_DEPTH {
            let problem = Diagnostic::error(Code::BadSchema, format!("schemas nested deeper than {MAX_DEPTH}"));
            self.problem(problem.at(self.origin.value(at), ""));
            return;
        }
        let members = match schema {
            Json::Bool(_) => return,
            Json::Object(members) => members,
            Json::Null | Json::Number(_) | Json::String(_) | Json::Array(_) => {
                let found = schema.kind();
                let problem = Diagnostic::error(Code::BadSchema, format!("expected a schema, found {found}"));
                return self.problem(problem.at(self.origin.value(at), "a schema is an object, `true` or `false`"));
            }
        };
        for (name, value) in members {
            at.push(Step::Key(name.clone()));
            self.keyword(name, value, at, depth);
            at.pop();
        }
        for doubt in doubts(schema, if depth == 0 && !self.name.is_empty() { Where::Top } else { Where::Within }) {
            self.doubt(doubt, at);
        }
    }

    fn doubt(&mut self, doubt: Doubt, at: &[Step]) {
        let way: Vec<Step> = at.iter().cloned().chain(doubt.steps).collect();
        let problem = if doubt.code == Code::ImpossibleSchema {
            Diagnostic::error(doubt.code, doubt.message)
        } else {
            Diagnostic::warning(doubt.code, doubt.message)
        };
        let problem = problem.at(self.origin.key(&way), doubt.label);
        self.out.push(match doubt.help {
            Some(help) => problem.help(help),
            None => problem,
        });
        self.found.bad |= doubt.code == Code::ImpossibleSchema;
    }

    fn keyword(&mut self, name: &str, value: &Json, at: &mut Vec<Step>, depth: usize) {
        let Some(holds) = keyword(name) else {
            let known = names();
            let near = nearest(name, &known);
            let problem = Diagnostic::error(Code::BadSchema, format!("`{name}` is not a keyword of JSON Schema"))
                .at(self.origin.key(at), "unknown keyword")
                .help_nearest(near);
            return self.problem(if near.is_none() { problem.help("a remark is called `x-…`") } else { problem });
        };
        match holds {
            Holds::Part => self.schema(value, at, depth + 1),
            Holds::SameValue => {
                self.same_value(at, 1);
                self.schema(value, at, depth + 1);
            }
            Holds::PartList | Holds::SameValueList => {
                for (index, item) in value.as_array().unwrap_or_default().iter().enumerate() {
                    at.push(Step::Index(index));
                    if holds == Holds::SameValueList {
                        self.same_value(at, 2);
                    }
                    self.schema(item, at, depth + 1);
                    at.pop();
                }
            }
            Holds::PartMap | Holds::SameValueMap | Holds::Definitions => {
                for (key, item) in value.as_object().unwrap_or_default() {
                    at.push(Step::Key(key.clone()));
                    if holds == Holds::SameValueMap {
                        self.same_value(at, 2);
                    }
                    self.schema(item, at, depth + 1);
                    at.pop();
                }
            }
            Holds::Reference => self.reference(value, at),
            Holds::Demand => {
                self.demand(name, value, at);
                self.exact(value, at);
            }
            Holds::Remark => self.remark(name, value, at),
            Holds::Refused(why) => {
                let problem = Diagnostic::error(Code::BadSchema, format!("`{name}`: {why}"));
                self.problem(problem.at(self.origin.key(at), ""));
            }
        }
    }

    fn demand(&mut self, name: &str, value: &Json, at: &[Step]) {
        match (name, value) {
            ("format", Json::String(format)) if !is_known_format(format) => {
                let problem = Diagnostic::error(Code::BadSchema, format!("`{}` is not a known format", cut(format)));
                let near = nearest(format, FORMATS);
                self.problem(problem.at(self.origin.value(at), "unknown format").help_nearest(near));
            }
            ("minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" | "multipleOf", _) => {
                self.found.compares_numbers = true;
            }
            ("uniqueItems", Json::Bool(true)) => self.found.compares_numbers = true,
            ("type", _) => self.found.compares_numbers |= has_text(value, "integer"),
            ("enum" | "const", _) => self.found.compares_numbers |= has_number(value),
            _ => {}
        }
    }

    /// A number that the compiler would round would be another one.
    fn exact(&mut self, value: &Json, at: &[Step]) {
        if value.to_view().inexact.is_some() {
            let problem = Diagnostic::error(Code::BadSchema, "a number with more digits than a schema can compare")
                .at(self.origin.value(at), "it would be rounded")
                .help("judge it with `json`, which compares exactly");
            self.problem(problem);
        }
    }

    fn remark(&mut self, name: &str, value: &Json, at: &[Step]) {
        match name {
            "$schema" if value.as_str().map(|uri| uri.trim_end_matches('#')) != Some(DRAFT) => {
                let problem = Diagnostic::error(Code::BadSchema, "only draft 2020-12 is read")
                    .at(self.origin.value(at), "another draft")
                    .help(format!("leave it out, or write `{DRAFT}`"));
                self.problem(problem);
            }
            "$id" if at.len() > 1 => {
                let problem = Diagnostic::error(Code::BadSchema, "`$id` within a schema")
                    .at(self.origin.key(at), "")
                    .help("put the part into a file of its own, and refer to it by its name");
                self.problem(problem);
            }
            _ => {}
        }
    }

    /// Notes that the schema at `at` is put to the same value as the one that stands so many `steps` above it.
    fn same_value(&mut self, at: &[Step], steps: usize) {
        let (from, to) = (pointer(&at[..at.len().saturating_sub(steps)]), pointer(at));
        self.found.edges.push(Edge::new(self.name, &from, self.name, &to, at));
    }

    fn reference(&mut self, value: &Json, at: &[Step]) {
        let origin = self.origin;
        let span = || origin.value(at);
        let Some(text) = value.as_str() else {
            return self.problem(Diagnostic::error(Code::BadSchema, "`$ref` needs a text").at(span(), ""));
        };
        let Some(target) = Target::parse(text, self.name) else {
            let problem = Diagnostic::error(Code::BadSchema, format!("`{}` is not a schema of this suite", cut(text)))
                .at(span(), "not a file name")
                .help(
                    "write the name of a file under `schemas/`, and `#/$defs/…` for a part of it; nothing is fetched",
                );
            return self.problem(problem);
        };
        if target.name != self.name {
            if !self.known.contains(&target.name) {
                let problem = Diagnostic::error(Code::UnknownSchema, format!("no schema is called `{}`", target.name))
                    .at(span(), "unknown schema")
                    .help_nearest(nearest(&target.name, self.known));
                return self.problem(problem);
            }
            self.found.refers_to.insert(target.name.clone());
        }
        let parent = pointer(&at[..at.len().saturating_sub(1)]);
        self.found.edges.push(Edge::new(self.name, &parent, &target.name, &target.fragment, at));
    }
}

/// A JSON Pointer.
fn pointer(steps: &[Step]) -> String {
    steps.iter().fold(String::new(), |mut text, step| {
        text.push('/');
        match step {
            Step::Key(key) => text.push_str(&key.replace('~', "~0").replace('/', "~1")),
            Step::Index(index) => text.push_str(&index.to_string()),
        }
        text
    })
}

fn has_text(value: &Json, wanted: &str) -> bool {
    match value {
        Json::String(text) => text == wanted,
        Json::Array(items) => items.iter().any(|item| has_text(item, wanted)),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::Object(_) => false,
    }
}

fn is_known_format(format: &str) -> bool {
    jsonschema::options().is_known_format(Draft::Draft202012, format)
}

fn has_number(value: &Json) -> bool {
    match value {
        Json::Number(_) => true,
        Json::Array(items) => items.iter().any(has_number),
        Json::Object(members) => members.iter().any(|(_, member)| has_number(member)),
        Json::Null | Json::Bool(_) | Json::String(_) => false,
    }
}

/// The formats of draft 2020-12: texts are held to these, and no others are known.
pub(in crate::judge) const FORMATS: &[&str] = &[
    "date-time",
    "date",
    "time",
    "duration",
    "email",
    "idn-email",
    "hostname",
    "idn-hostname",
    "ipv4",
    "ipv6",
    "uri",
    "uri-reference",
    "iri",
    "iri-reference",
    "uuid",
    "uri-template",
    "json-pointer",
    "relative-json-pointer",
    "regex",
];
