use std::collections::BTreeMap;
use std::sync::Arc;

use crate::diag::{Code, Diagnostic, Diagnostics, Sources, Span};
use crate::judge::schema::Places;
use crate::judge::{Schema, Schemas};
use crate::value::{Key, Node};

use super::convert::{Converter, Dialect, Direction};
use super::documents::{At, Documents, Target};
use super::operation::Response;
use super::{Operation, PathTemplate, StatusKey};

/// How many values the schemas of all documents may come to, once each is written out with what it refers to.
const MOST_VALUES: usize = 2_000_000;
/// How many operations are read.
const MOST_OPERATIONS: usize = 5000;
/// The methods that a path may have (OpenAPI 3.1.1 section 4.8.9).
const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// Reads documents into operations.
pub(super) struct ApiReader<'r> {
    pub(super) documents: Documents<'r>,
    pub(super) schemas: &'r Schemas,
    pub(super) sources: &'r Sources,
    pub(super) out: &'r mut Diagnostics,
    pub(super) dialect: Dialect,
    budget: usize,
    places: Arc<Places>,
    compiled: BTreeMap<(Direction, Target), Option<Arc<Schema>>>,
    operations: Vec<(Operation, Span)>,
    paths: Vec<(PathTemplate, Span)>,
}

impl<'r> ApiReader<'r> {
    pub(super) fn new(
        documents: Documents<'r>,
        schemas: &'r Schemas,
        sources: &'r Sources,
        out: &'r mut Diagnostics,
    ) -> Self {
        let (compiled, operations, paths) = (BTreeMap::new(), Vec::new(), Vec::new());
        let dialect = Dialect::Draft202012;
        let named = documents.files.iter().map(|file| (file.node.span.source, file.path.clone())).collect();
        let places = Arc::new(Places::new(sources.clone(), named));
        Self { documents, schemas, sources, out, dialect, budget: MOST_VALUES, places, compiled, operations, paths }
    }

    pub(super) fn into_operations(self) -> Vec<Operation> {
        self.operations.into_iter().map(|(operation, _)| operation).collect()
    }

    pub(super) fn error(&mut self, span: Span, message: impl Into<String>, label: &str) {
        self.out.push(Diagnostic::error(Code::BadOpenapi, message).at(span, label));
    }

    /// `file:line`, the file by its path within the suite, so that it is the same wherever the suite lies.
    pub(super) fn place(&self, at: At<'_>) -> String {
        self.place_of(at.file, at.node.span)
    }

    fn place_of(&self, file: usize, span: Span) -> String {
        let path = self.documents.files.get(file).map_or("", |it| it.path.as_str());
        format!("{path}:{}", self.sources.place(span).line)
    }

    /// Reads the document in this file.
    pub(super) fn document(&mut self, file: usize) {
        let Some(root) = self.documents.root(file) else { return };
        let Some(dialect) = self.version(root) else { return };
        self.dialect = dialect;
        // What was compiled for a document of the other version says something else.
        self.compiled.clear();
        let Some(paths) = root.get("paths").filter(|paths| paths.node.as_map().is_some()) else {
            return self.error(root.node.span, "the document has no `paths`", "there is nothing to judge by");
        };
        let servers = servers(root);
        for (key, item) in root.entries("paths") {
            let Some(path) = PathTemplate::parse(&key.text) else {
                self.error(key.span, format!("`{}` is no template of a path", key.text), "as in `/pets/{id}`");
                continue;
            };
            if let Some((other, span)) = self.paths.iter().find(|(other, _)| other.clashes_with(&path)) {
                let message = format!("the paths `{path}` and `{other}` are the same");
                let problem = Diagnostic::error(Code::BadOpenapi, message).at(key.span, "the second");
                self.out.push(problem.also(*span, "the first").help("one path stands for both; take one of them out"));
                continue;
            }
            self.paths.push((path.clone(), key.span));
            match self.documents.follow(item) {
                Ok(item) => self.path_item(&path, item, &servers),
                Err(problem) => self.out.push(*problem),
            }
        }
        if self.operations.is_empty() && self.out.errors() == 0 {
            self.error(paths.node.span, "the document describes no operation", "no path has a method");
        }
    }

    fn version(&mut self, root: At<'r>) -> Option<Dialect> {
        let version = root.node.get("openapi");
        match version.and_then(Node::as_text) {
            Some(text) if text.starts_with("3.0.") => return Some(Dialect::Own),
            Some(text) if text.starts_with("3.1.") => return Some(Dialect::Draft202012),
            Some(_) | None => {}
        }
        let span = version.or_else(|| root.node.get("swagger")).map_or(root.node.span, |node| node.span);
        let problem = Diagnostic::error(Code::BadOpenapi, "only OpenAPI 3.0 and 3.1 are read").at(span, "");
        self.out
            .push(problem.help("a document begins with `openapi: 3.1.1`; one of version 2 is to be converted first"));
        None
    }

    fn path_item(&mut self, path: &PathTemplate, item: At<'r>, servers: &[String]) {
        let own = self::servers(item);
        let servers = if own.is_empty() { servers } else { &own };
        for (key, operation) in item.entries_of(&METHODS) {
            if self.operations.len() == MOST_OPERATIONS {
                let message = format!("the documents describe more than {MOST_OPERATIONS} operations");
                return self.error(key.span, message, "this one is too many");
            }
            self.operation((path, key), item, operation, servers);
        }
    }

    fn operation(
        &mut self,
        (path, method): (&PathTemplate, &Key),
        item: At<'r>,
        operation: At<'r>,
        servers: &[String],
    ) {
        let own = self::servers(operation);
        let id = operation.text("operationId").map(str::to_owned);
        let span = operation.node.get("operationId").map_or(method.span, |node| node.span);
        if let Some(id) = &id
            && let Some((_, first)) = self.operations.iter().find(|(other, _)| other.id.as_ref() == Some(id))
        {
            let problem = Diagnostic::error(Code::DuplicateId, format!("two operations are called `{id}`"));
            self.out.push(problem.at(span, "the second").also(*first, "the first"));
        }
        let parameters = self.parameters(item, operation);
        for name in path.parameters() {
            let is_told = parameters.iter().any(|it| it.place_in == super::In::Path && it.name == name);
            if !is_told && self.out.errors() == 0 {
                let message = format!("the parameter `{name}` of the path is not described");
                let problem = Diagnostic::warning(Code::BadOpenapi, message).at(method.span, "");
                self.out.push(problem.help(format!("`parameters: [{{ name: {name}, in: path, required: true, … }}]`")));
            }
        }
        let body = operation.get("requestBody").and_then(|body| self.request_body(body));
        let responses = self.responses(operation, method);
        let operation = Operation {
            place: self.place_of(operation.file, method.span),
            id,
            method: method.text.to_ascii_uppercase(),
            path: path.clone(),
            parameters,
            body,
            responses,
            servers: if own.is_empty() { servers.to_vec() } else { own },
        };
        self.operations.push((operation, span));
    }

    fn responses(&mut self, operation: At<'r>, method: &Key) -> Vec<Response> {
        let mut responses = Vec::new();
        for (key, response) in operation.entries("responses") {
            let Some(status) = StatusKey::parse(&key.text) else {
                let message = format!("`{}` is no status of a response", key.text);
                self.error(key.span, message, "as in `200`, `2XX` or `default`");
                continue;
            };
            match self.documents.follow(response) {
                Ok(response) => responses.push(self.response(status, response)),
                Err(problem) => self.out.push(*problem),
            }
        }
        if responses.is_empty() {
            let problem = Diagnostic::warning(Code::BadOpenapi, "the operation documents no response");
            self.out.push(problem.at(method.span, "every answer to it is undocumented"));
        }
        responses
    }

    /// The schema at this place, compiled; nothing where there is none, or after a problem was told.
    pub(super) fn schema(&mut self, schema: At<'r>, direction: Direction) -> Option<Arc<Schema>> {
        let target = schema.node.get("$ref").and_then(|it| Some(self.documents.resolve(schema.file, it).ok()?.0));
        // One that others refer to is compiled once.
        let is_bare = schema.node.as_map().is_some_and(|entries| entries.len() == 1);
        let Some(target) = target.filter(|_| is_bare) else { return self.compile(schema, direction) };
        if let Some(known) = self.compiled.get(&(direction, target.clone())) {
            return known.clone();
        }
        let compiled = self.compile(schema, direction);
        self.compiled.insert((direction, target), compiled.clone());
        compiled
    }

    fn compile(&mut self, schema: At<'r>, direction: Direction) -> Option<Arc<Schema>> {
        let schemas = self.schemas;
        let files = |name: &str| schemas.names().any(|known| known == name);
        let mut converter =
            Converter::new(self.documents, (self.dialect, direction), &files, self.out, &mut self.budget);
        let node = converter.whole(schema)?;
        let schema = schemas.compile_part(node, &self.places, self.out)?;
        (!schema.allows_everything()).then(|| Arc::new(schema))
    }
}

/// The paths of the servers at this place.
fn servers(at: At<'_>) -> Vec<String> {
    let path = |url: &str| {
        let after = url.split_once("://").map_or(url, |(_, rest)| rest.find('/').map_or("", |from| &rest[from..]));
        after.trim_end_matches('/').to_owned()
    };
    at.items("servers").filter_map(|server| server.text("url")).map(path).collect()
}

impl<'d> At<'d> {
    /// The entries of this map that have one of these keys.
    fn entries_of(self, keys: &[&str]) -> impl Iterator<Item = (&'d Key, Self)> {
        let entries = self.node.as_map().unwrap_or_default().iter();
        let wanted = entries.filter(move |entry| keys.contains(&&*entry.key.text));
        wanted.map(move |entry| (&entry.key, Self { node: &entry.value, ..self }))
    }
}
