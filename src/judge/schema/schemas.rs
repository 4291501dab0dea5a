use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use jsonschema::{Draft, PatternOptions, Registry, Retrieve, Uri, ValidationOptions};
use serde_json::Value;

use crate::diag::{Code, Diagnostic, Diagnostics, SourceId, Span};
use crate::judge::show::{Step, cut, first_duplicate_key, place};
use crate::value::{Json, Node};

use super::Schema;
use super::cycle;
use super::described::Described;
use super::keyword::{Holds, keyword};
use super::lint::{Found, Lint, Target};
use super::multiple::MultipleOf;
use super::origin::Origin;
use super::written::Written;

/// The largest compiled pattern, in bytes.
const MAX_PATTERN_BYTES: usize = 1 << 20;
/// How many schemas may be put to one value in a row: at each of the 128 levels of a body the validator recurses so often.
pub(super) const MAX_ROW: usize = 64;
/// Where schemas live for the compiler; an address of nothing.
const BASE: &str = "schema:/";

/// A file under `schemas/`.
#[derive(Clone, Copy, Debug)]
pub struct SchemaFile<'a> {
    /// Its name without the ending.
    pub name: &'a str,
    /// Its text.
    pub text: &'a str,
    /// The id of its text, for carets.
    pub source: SourceId,
    /// Its path within the suite, so that findings are the same wherever the suite lies.
    pub path: &'a str,
}

/// The schemas of a suite, compiled once.
#[derive(Default)]
pub struct Schemas {
    compiled: BTreeMap<String, Arc<Schema>>,
    /// All names, also of those that are broken.
    known: BTreeSet<String>,
    compares_numbers: BTreeSet<String>,
    /// Those that others refer to.
    referred: BTreeSet<String>,
    /// The sound ones as the compiler sees them.
    values: Arc<BTreeMap<String, Value>>,
    /// The same as they are written.
    written: Arc<BTreeMap<String, Written>>,
    registry: Option<Registry<'static>>,
    /// How many schemas are put to one value in a row, at most.
    row: usize,
}

impl fmt::Debug for Schemas {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Schemas").field("known", &self.known).finish_non_exhaustive()
    }
}

/// A file that was read and linted.
struct Read<'a> {
    file: SchemaFile<'a>,
    json: Json,
    value: Value,
    found: Found,
}

impl Schemas {
    /// Reads, lints and compiles all files; what is wrong goes to `out`.
    #[must_use]
    pub fn load<'a>(files: impl IntoIterator<Item = SchemaFile<'a>>, out: &mut Diagnostics) -> Self {
        let files: Vec<SchemaFile<'a>> = files.into_iter().collect();
        let known: BTreeSet<String> = files.iter().map(|file| file.name.to_owned()).collect();
        let mut read: Vec<Read<'a>> = files.iter().filter_map(|file| read(*file, &known, out)).collect();
        let edges: Vec<_> = read.iter().flat_map(|schema| schema.found.edges.iter().cloned()).collect();
        let span_of = |edge: &cycle::Edge| {
            let owner = read.iter().find(|schema| schema.file.name == edge.from.0);
            owner.map(|schema| schema.origin().value(&edge.said_at))
        };
        let row = match row(&edges, span_of) {
            Ok(row) => row,
            Err(problem) => {
                out.push(*problem);
                // Which of them are in the circle is not worth finding out: none is compiled.
                return Self { known, ..Self::default() };
            }
        };
        let values: BTreeMap<String, Value> =
            read.iter().map(|schema| (schema.file.name.to_owned(), schema.value.clone())).collect();
        read.retain(|schema| leads_somewhere(&schema.found.edges, |name| values.get(name), schema.origin(), out));
        // A schema that refers to a broken one cannot be compiled; that has been told at the broken one.
        while let Some(at) = read.iter().position(|schema| {
            let is_there = |name: &String| read.iter().any(|other| other.file.name == name);
            !schema.found.refers_to.iter().all(is_there)
        }) {
            read.remove(at);
        }
        let written = read.iter().map(|schema| (schema.file.name.to_owned(), Written::new(&schema.file))).collect();
        let mut schemas = Self { known, values: Arc::new(values), written: Arc::new(written), row, ..Self::default() };
        schemas.compares_numbers = comparing(&read);
        schemas.referred = read.iter().flat_map(|schema| schema.found.refers_to.iter().cloned()).collect();
        let mut builder = Registry::new().draft(Draft::Draft202012).retriever(Refuse);
        for schema in &read {
            match builder.add(format!("{BASE}{}", schema.file.name), schema.value.clone()) {
                Ok(next) => builder = next,
                Err(error) => {
                    out.push(
                        Diagnostic::error(Code::BadSchema, cut(&error.to_string())).at(schema.origin().value(&[]), ""),
                    );
                    return schemas;
                }
            }
        }
        match builder.prepare() {
            Ok(registry) => schemas.registry = Some(registry),
            Err(error) => {
                // Without a registry nothing can be compiled; the first schema stands for all.
                let place = read.first().map(|schema| schema.origin().value(&[]));
                let problem = Diagnostic::error(Code::BadSchema, cut(&error.to_string()));
                out.push(match place {
                    Some(span) => problem.at(span, ""),
                    None => problem,
                });
                return schemas;
            }
        }
        for schema in &read {
            let compares = schemas.compares_numbers.contains(schema.file.name);
            let compiled = schemas.compile(schema.file.name, &schema.json, &schema.value).map(|schema| Schema {
                compares_numbers: compares,
                row,
                ..schema
            });
            match compiled {
                Ok(compiled) => {
                    schemas.compiled.insert(schema.file.name.to_owned(), Arc::new(compiled));
                }
                Err(refusal) => out.push(refusal.at(schema.origin())),
            }
        }
        schemas
    }

    /// The schema of this name, if there is one and it is sound.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Arc<Schema>> {
        self.compiled.get(name)
    }

    /// All names, also of those that are broken.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.known.iter().map(String::as_str)
    }

    /// Those that other schemas refer to.
    pub fn referred(&self) -> impl Iterator<Item = &str> {
        self.referred.iter().map(String::as_str)
    }

    /// Whether there is such a schema and something is wrong with it.
    #[must_use]
    pub fn is_broken(&self, name: &str) -> bool {
        self.known.contains(name) && !self.compiled.contains_key(name)
    }

    /// Compiles a schema that stands within a check.
    pub(super) fn compile_inline(&self, json: &Json, node: &Node, out: &mut Diagnostics) -> Option<Schema> {
        let origin = Origin::Inline(node);
        let mut lint = Lint { name: "", origin, known: &self.known, out, found: Found::default() };
        lint.run(json);
        let found = lint.found;
        if found.bad || found.refers_to.iter().any(|name| self.is_broken(name)) {
            return None;
        }
        let row = match row(&found.edges, |edge| Some(origin.value(&edge.said_at))) {
            Ok(row) => row + self.row,
            Err(problem) => {
                out.push(*problem);
                return None;
            }
        };
        let value = rewritten(json, "");
        let find = |name: &str| if name.is_empty() { Some(&value) } else { self.values.get(name) };
        if !leads_somewhere(&found.edges, find, origin, out) {
            return None;
        }
        let compares =
            found.compares_numbers || found.refers_to.iter().any(|name| self.compares_numbers.contains(name));
        match self.compile("", json, &value) {
            Ok(schema) => Some(Schema { compares_numbers: compares, row, ..schema }),
            Err(refusal) => {
                out.push(refusal.at(origin));
                None
            }
        }
    }

    fn compile(&self, name: &str, json: &Json, value: &Value) -> Result<Schema, Refusal> {
        let options = options().with_base_uri(format!("{BASE}{name}"));
        let built = match &self.registry {
            Some(registry) => options.with_registry(registry).build(value),
            None => options.build(value),
        };
        let validator = built.map_err(|error| {
            let (message, steps) = super::message::refusal(&error);
            Refusal { message: cut(&message), steps }
        })?;
        Ok(Schema {
            validator,
            compares_numbers: true,
            allows_everything: allows_everything(json),
            row: self.row,
            described: Described {
                name: name.to_owned(),
                own: Arc::new(value.clone()),
                files: Arc::clone(&self.values),
                written: Arc::clone(&self.written),
                within: None,
            },
        })
    }
}

/// Why the compiler refuses a schema.
struct Refusal {
    message: String,
    steps: Vec<Step>,
}

impl Refusal {
    fn at(self, origin: Origin<'_>) -> Diagnostic {
        Diagnostic::error(Code::BadSchema, format!("no sound JSON Schema: {}", self.message))
            .at(origin.value(&self.steps), "")
    }
}

impl<'a> Read<'a> {
    fn origin(&self) -> Origin<'a> {
        Origin::File { text: self.file.text, source: self.file.source }
    }
}

fn read<'a>(file: SchemaFile<'a>, known: &BTreeSet<String>, out: &mut Diagnostics) -> Option<Read<'a>> {
    let origin = Origin::File { text: file.text, source: file.source };
    let json = match Json::parse(file.text.as_bytes()) {
        Ok(json) => json,
        Err(error) => {
            let span = Span::of(file.source, error.offset, error.offset);
            out.push(Diagnostic::error(Code::BadSchema, format!("not JSON: {}", error.kind)).at(span, ""));
            return None;
        }
    };
    if let Some(steps) = first_duplicate_key(&json) {
        let message = format!("the key {} is there twice", place("$", &steps));
        out.push(Diagnostic::error(Code::DuplicateKey, message).at(origin.key(&steps), "the last of them"));
        return None;
    }
    let mut lint = Lint { name: file.name, origin, known, out, found: Found::default() };
    lint.run(&json);
    let found = lint.found;
    let value = rewritten(&json, file.name);
    (!found.bad).then_some(Read { file, json, value, found })
}

/// The names of schemas in which, or in one they refer to, numbers are compared.
fn comparing(read: &[Read<'_>]) -> BTreeSet<String> {
    let mut names: BTreeSet<String> = BTreeSet::new();
    loop {
        let before = names.len();
        for schema in read {
            if schema.found.compares_numbers || schema.found.refers_to.iter().any(|name| names.contains(name)) {
                names.insert(schema.file.name.to_owned());
            }
        }
        if names.len() == before {
            return names;
        }
    }
}

/// How many schemas are put to one value in a row; a problem where that has no end, or one too far away.
fn row(edges: &[cycle::Edge], span_of: impl Fn(&cycle::Edge) -> Option<Span>) -> Result<usize, Box<Diagnostic>> {
    match cycle::longest(edges) {
        Err(edge) => {
            let message = "the schema leads back to itself without going into the value";
            let problem = Diagnostic::error(Code::BadSchema, message);
            Err(Box::new(match span_of(edge) {
                Some(span) => problem.at(span, "it would never be done"),
                None => problem,
            }))
        }
        Ok(longest) if longest > MAX_ROW => {
            let message = format!("more than {MAX_ROW} schemas are put to one value in a row");
            Err(Box::new(Diagnostic::error(Code::BadSchema, message)))
        }
        Ok(longest) => Ok(longest),
    }
}

/// Whether all places exist that are referred to; tells of those that do not. `find` gives a schema by its name.
fn leads_somewhere<'v>(
    edges: &[cycle::Edge],
    find: impl Fn(&str) -> Option<&'v Value>,
    origin: Origin<'_>,
    out: &mut Diagnostics,
) -> bool {
    let mut sound = true;
    for edge in edges {
        let (name, pointer) = &edge.to;
        if find(name).is_some_and(|value| value.pointer(pointer).is_none()) {
            let message = format!(
                "nothing stands at `#{pointer}`{}",
                if name.is_empty() { String::new() } else { format!(" of schema `{name}`") }
            );
            out.push(
                Diagnostic::error(Code::BadSchema, cut(&message)).at(origin.value(&edge.said_at), "leads nowhere"),
            );
            sound = false;
        }
    }
    sound
}

/// The schema for the compiler: references to files in full, without the `$id` that would change what they mean.
fn rewritten(json: &Json, name: &str) -> Value {
    let mut value = json.to_view().value;
    if let Value::Object(members) = &mut value {
        members.remove("$id");
    }
    rewrite(&mut value, name);
    value
}

fn rewrite(schema: &mut Value, own: &str) {
    let Value::Object(members) = schema else { return };
    for (name, value) in members {
        match (keyword(name), value) {
            (Some(Holds::Reference), Value::String(reference)) if !reference.starts_with('#') => {
                if let Some(target) = Target::parse(reference, own) {
                    let fragment = reference.split_once('#').map_or("", |(_, fragment)| fragment);
                    *reference = format!("{BASE}{}#{fragment}", target.name);
                }
            }
            (Some(Holds::Part | Holds::SameValue), value) => rewrite(value, own),
            (Some(Holds::PartList | Holds::SameValueList), Value::Array(items)) => {
                for item in items {
                    rewrite(item, own);
                }
            }
            (Some(Holds::PartMap | Holds::SameValueMap | Holds::Definitions), Value::Object(members)) => {
                for (_, member) in members {
                    rewrite(member, own);
                }
            }
            (_, _) => {}
        }
    }
}

fn allows_everything(json: &Json) -> bool {
    match json {
        Json::Bool(everything) => *everything,
        Json::Object(members) => {
            members.iter().all(|(name, _)| matches!(keyword(name), Some(Holds::Remark | Holds::Definitions)))
        }
        Json::Null | Json::Number(_) | Json::String(_) | Json::Array(_) => false,
    }
}

/// How every schema is compiled.
pub(super) fn options<'r>() -> ValidationOptions<'r> {
    jsonschema::options()
        .with_draft(Draft::Draft202012)
        .should_validate_formats(true)
        .should_ignore_unknown_formats(false)
        .with_pattern_options(PatternOptions::regex().size_limit(MAX_PATTERN_BYTES))
        .with_keyword("multipleOf", MultipleOf::compile)
        .with_retriever(Refuse)
}

/// Fetches nothing.
pub(super) struct Refuse;

impl Retrieve for Refuse {
    fn retrieve(&self, uri: &Uri<String>) -> Result<Value, Box<dyn std::error::Error + Send + Sync>> {
        Err(format!("`{uri}` is not a schema of this suite").into())
    }
}
