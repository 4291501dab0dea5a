use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::diag::{Code, Diagnostic, Diagnostics, Sources, Span, nearest};
use crate::judge::{Api, SchemaFile, Schemas, files_named};
use crate::snapshot::{Accepted, Name, suspicious};
use crate::value::Node;

use super::catalogue_file::decode_catalogue;
use super::context::Document;
use super::coverage::check_coverage;
use super::credential::TargetSource;
use super::defect_file::decode_defects;
use super::files::{Files, ReadError, Reader};
use super::flow_file::check_cycles;
use super::layout::{Layout, Place};
use super::openapi_files::read_documents;
use super::scalar::{NameForm, unknown};
use super::scenario_file::decode_scenario;
use super::snapshot_names::names_of_snapshots;
use super::suite_file::{SuiteFile, decode_suite};
use super::target_file::{conceal_secrets, decode_targets, one_document};
use super::unused::{Things, check_unused};
use super::yaml::{self, Limits};
use super::{
    Catalogue, Context, Documented, Flows, Scenario, Suite, SuiteKind, Target, check_hooks, decode_flow, signature,
};

/// The most bytes of a YAML file.
const MOST_YAML_BYTES: u64 = 1024 * 1024;
/// The most bytes of a snapshot.
const MOST_SNAPSHOT_BYTES: u64 = 8 * 1024 * 1024;
/// The most bytes of a schema.
const MOST_SCHEMA_BYTES: u64 = 10 * 1024 * 1024;

/// What a suite is loaded with, besides its files.
#[derive(Clone, Debug, Default)]
pub struct LoadOptions {
    /// Names of variables that are given by hand, besides those that the suite asks for.
    pub extra_names: BTreeSet<String>,
}

/// A suite, and what is to be said about it nevertheless.
#[derive(Debug)]
pub struct Loaded {
    /// The suite.
    pub suite: Suite,
    /// Warnings, in the order of files and places.
    pub warnings: Vec<Diagnostic>,
}

/// Why a suite cannot be loaded: every problem of all of its files.
#[derive(Debug, thiserror::Error)]
#[error("the suite has {} problems", problems.len())]
pub struct LoadError {
    /// The problems, warnings too, in the order of files and places.
    pub problems: Vec<Diagnostic>,
    /// The texts in which they are.
    pub sources: Sources,
}

/// Reads a suite whole: `suite.yaml`, `requirements.yaml`, `targets.yaml`, `defects.yaml`, and everything in `scenarios/`, `flows/` and
/// `schemas/`. Files without a `suite.yaml` are a bare suite: every document of them is a scenario.
///
/// # Errors
/// When anything in any of the files is not sound: all of it at once.
pub fn load(files: &dyn Files, options: &LoadOptions) -> Result<Loaded, Box<LoadError>> {
    let mut out = Diagnostics::new();
    let mut loader = match files.list() {
        Ok(paths) => Loader { reader: Reader::new(files, paths), sources: Sources::default() },
        Err(error) => {
            let problem = Diagnostic::error(Code::UnreadableFile, error.to_string()).in_file(files.origin());
            return Err(Box::new(LoadError { problems: vec![problem], sources: Sources::default() }));
        }
    };
    let suite = loader.suite(files.origin(), options, &mut out);
    if out.has_errors() {
        return Err(Box::new(LoadError { problems: out.into_sorted(), sources: loader.sources }));
    }
    let (manifest, sha256) = loader.reader.manifest();
    let suite = Suite { sources: loader.sources, manifest, sha256, ..suite };
    Ok(Loaded { suite, warnings: out.into_sorted() })
}

struct Loader<'f> {
    reader: Reader<'f>,
    sources: Sources,
}

impl Loader<'_> {
    /// Reads everything; the manifest and the sources are put in when that is done.
    fn suite(&mut self, origin: &str, options: &LoadOptions, out: &mut Diagnostics) -> Suite {
        let layout = Layout::of(self.reader.paths());
        let kind = if layout.suite.is_empty() { SuiteKind::Bare } else { SuiteKind::Folder };
        let name = bare_name(origin, &layout.scenarios);
        let mut file = SuiteFile { version: "0".to_owned(), ..SuiteFile::default() };
        let heads = self.only(&layout.suite, out);
        if let Some(node) = heads.as_ref().and_then(|it| it.nodes.first()) {
            file = decode_suite(node, out);
            if file.is_newer {
                return head(file, &name, origin, kind);
            }
        }
        let catalogue = self
            .only(&layout.requirements, out)
            .and_then(|it| Some(decode_catalogue(it.nodes.first()?, &file.variants, &self.reader, out)))
            .unwrap_or_default();
        let defects = self.only(&layout.defects, out);
        let defects =
            defects.and_then(|it| Some(decode_defects(it.nodes.first()?, &catalogue, out))).unwrap_or_default();
        let targets = self.targets(&layout, &file, out);
        let schemas = self.schemas(&layout, out);
        let (documented, documented_schemas) = self.documented(&file, &schemas, out);
        let flow_files = self.documents(&layout.flows, "a flow", out);
        let mut scenario_files = self.documents(&layout.scenarios, "a scenario", out);
        let rows = self.rows(&scenario_files, out);
        // Beside bare scenarios they lie where every file would be one.
        scenario_files.retain(|file| !rows.contains_key(&file.path));
        let mut signatures = BTreeMap::new();
        let mut places: BTreeMap<String, Span> = BTreeMap::new();
        for node in flow_files.iter().flat_map(|file| &file.nodes) {
            let Some((name, signature)) = signature(node, out) else { continue };
            let span = node.get("flow").map_or(node.span, |name| name.span);
            if let Some(first) = places.get(&name) {
                out.push(twice(&format!("two flows are called `{name}`"), span, *first));
                continue;
            }
            places.insert(name.clone(), span);
            signatures.insert(name, signature);
        }
        let bodies = RefCell::default();
        let context = Context {
            kind,
            variants: &file.variants,
            provides: &file.provides,
            defaults: &file.defaults,
            sets: &file.sets,
            schemas: &schemas,
            documented: &documented,
            catalogue: &catalogue,
            signatures: &signatures,
            reader: Some(&self.reader),
            rows: &rows,
            bodies: &bodies,
            extra_names: &options.extra_names,
        };
        let mut flows = Flows::new();
        for node in flow_files.iter().flat_map(|file| &file.nodes) {
            if let Some(flow) = decode_flow(node, &context, None, out) {
                flows.entry(flow.name.clone()).or_insert_with(|| Arc::new(flow));
            }
        }
        check_cycles(&flows, out);
        for target in &targets {
            check_hooks(target, &flows, out);
        }
        let scenarios = decode_scenarios(&scenario_files, &context, out);
        let snapshot_names = names_of_snapshots(&scenarios, &flows, &file.variants, out);
        let snapshots = self.snapshots(&layout, kind, &snapshot_names, out);
        let is_whole = out.errors() == 0;
        if is_whole {
            // With a scenario that could not be read, its requirements would be said to be uncovered too.
            check_coverage(&catalogue, &scenarios, &flows, out);
            let shown = |path: &String| (Layout::schema_name(path).to_owned(), self.reader.shown(path));
            let schema_files: Vec<_> = layout.schemas.iter().map(shown).collect();
            let things = Things {
                scenarios: &scenarios,
                flows: &flows,
                sets: &file.sets,
                schemas: &schemas,
                schema_files: &schema_files,
                documented: &documented_schemas,
            };
            check_unused(&things, out);
        }
        self.stray(&layout, out);
        let bodies = bodies.into_inner();
        Suite {
            catalogue,
            defects,
            targets,
            scenarios,
            flows,
            snapshot_names,
            snapshots,
            schemas: Arc::new(schemas),
            documented,
            bodies,
            extra_names: options.extra_names.clone(),
            ..head(file, &name, origin, kind)
        }
    }

    /// The documents of a YAML file; what is wrong with it is reported.
    fn read(&mut self, path: &str, out: &mut Diagnostics) -> Option<Document> {
        let shown = self.reader.shown(path);
        let bytes = match self.reader.read(path, MOST_YAML_BYTES) {
            Ok(bytes) => bytes,
            Err(error) => {
                let message = format!("the file cannot be read: {error}");
                out.push(Diagnostic::error(Code::UnreadableFile, message).in_file(shown));
                return None;
            }
        };
        let text = match std::str::from_utf8(&bytes) {
            Ok(text) => text,
            Err(error) => {
                let line = bytes.iter().take(error.valid_up_to()).filter(|byte| **byte == b'\n').count() + 1;
                let message = format!("the file is not UTF-8: a byte in line {line} is none of a character");
                out.push(Diagnostic::error(Code::NotUtf8, message).in_file(shown));
                return None;
            }
        };
        let source = self.sources.add(shown, text);
        let before = out.errors();
        let nodes = yaml::read(source, text, &Limits::default(), out);
        if nodes.is_empty() && out.errors() == before {
            let problem = Diagnostic::error(Code::MissingKey, "the file is empty");
            out.push(problem.at(Span::point(source, 0), "nothing is here").help("write something, or remove the file"));
        }
        Some(Document { path: path.to_owned(), source, nodes })
    }

    /// The one file among `paths`, of one document.
    fn only(&mut self, paths: &[String], out: &mut Diagnostics) -> Option<Document> {
        if let [first, second, ..] = paths {
            let message = format!("there are both `{first}` and `{second}`");
            let shown = self.reader.shown(second);
            out.push(Diagnostic::error(Code::DuplicateId, message).in_file(shown).help("remove one of the two"));
        }
        let document = self.read(paths.first()?, out)?;
        if let [_, second, ..] = document.nodes.as_slice() {
            out.push(one_document(second.span, document.source));
        }
        Some(document)
    }

    fn documents(&mut self, paths: &[String], what: &str, out: &mut Diagnostics) -> Vec<Document> {
        let mut documents = Vec::new();
        for path in paths {
            let Some(document) = self.read(path, out) else { continue };
            for node in document.nodes.iter().filter(|node| node.as_map().is_none()) {
                let message = format!("expected {what}, found {}", node.kind_name());
                out.push(Diagnostic::error(Code::WrongType, message).at(node.span, "expected a map"));
            }
            let nodes = document.nodes.into_iter().filter(|node| node.as_map().is_some()).collect();
            documents.push(Document { nodes, ..document });
        }
        documents
    }

    /// The files of rows that scenarios name, by path.
    fn rows(&mut self, scenarios: &[Document], out: &mut Diagnostics) -> BTreeMap<String, Node> {
        let mut files: BTreeMap<String, Node> = BTreeMap::new();
        for named in scenarios.iter().flat_map(|file| &file.nodes).filter_map(|node| node.get("rows")) {
            let Some(path) = named.as_text().filter(|path| !files.contains_key(*path)) else { continue };
            // A slip in the path is told where the path stands.
            if let Err(error) = self.reader.read(path, MOST_YAML_BYTES) {
                let problem = Diagnostic::error(Code::UnreadableFile, format!("`{path}`: {error}"))
                    .at(named.span, "paths start from the suite's folder");
                let is_missing = matches!(error, ReadError::NotThere);
                let near = nearest(path, self.reader.paths()).filter(|_| is_missing);
                out.push(problem.help_nearest(near));
                continue;
            }
            let Some(document) = self.only(&[path.to_owned()], out) else { continue };
            let Some(node) = document.nodes.into_iter().next() else { continue };
            if node.as_map().is_none() {
                let message = format!("rows are a map from a name to its values, found {}", node.kind_name());
                out.push(Diagnostic::error(Code::WrongType, message).at(node.span, "expected a map"));
                continue;
            }
            files.insert(path.to_owned(), node);
        }
        files
    }

    fn targets(&mut self, layout: &Layout, file: &SuiteFile, out: &mut Diagnostics) -> Vec<Target> {
        let Some(document) = self.only(&layout.targets, out) else { return Vec::new() };
        let Some(node) = document.nodes.first() else { return Vec::new() };
        let shown = self.reader.shown(&document.path);
        conceal_secrets(&document.nodes, &mut self.sources);
        let targets = decode_targets(node, &shown, TargetSource::Suite, out);
        for entry in node.get("targets").and_then(Node::as_map).unwrap_or_default() {
            check_target(&entry.value, file, out);
        }
        targets
    }

    fn schemas(&mut self, layout: &Layout, out: &mut Diagnostics) -> Schemas {
        let mut texts = Vec::new();
        for path in &layout.schemas {
            let shown = self.reader.shown(path);
            let bytes = match self.reader.read(path, MOST_SCHEMA_BYTES) {
                Ok(bytes) => bytes,
                Err(error) => {
                    let message = format!("the file cannot be read: {error}");
                    out.push(Diagnostic::error(Code::UnreadableFile, message).in_file(shown));
                    continue;
                }
            };
            let Ok(text) = std::str::from_utf8(&bytes) else {
                out.push(Diagnostic::error(Code::NotUtf8, "the file is not UTF-8").in_file(shown));
                continue;
            };
            let source = self.sources.add(shown, text);
            texts.push((path, source));
        }
        let sources = &self.sources;
        let files = texts.iter().filter_map(|(path, source)| {
            let file = sources.get(*source)?;
            Some(SchemaFile { name: Layout::schema_name(path), text: file.text(), source: *source, path })
        });
        Schemas::load(files, out)
    }

    /// The accepted snapshots. Beside bare scenarios lie those of others too: only what they compare with is read.
    fn snapshots(
        &self,
        layout: &Layout,
        kind: SuiteKind,
        names: &BTreeSet<Name>,
        out: &mut Diagnostics,
    ) -> BTreeMap<Name, Accepted> {
        let mut snapshots = BTreeMap::new();
        for path in &layout.snapshots {
            let file = path.rsplit('/').next().unwrap_or(path);
            let is_ours = || Name::of_file(file).is_ok_and(|name| names.contains(&name));
            if kind == SuiteKind::Bare && !is_ours() {
                continue;
            }
            let read = self.reader.read(path, MOST_SNAPSHOT_BYTES).map_err(|error| error.to_string());
            let accepted = read.and_then(|bytes| match Accepted::read(path, &bytes) {
                Ok(accepted) => Ok((accepted, suspicious(&self.reader.shown(path), &String::from_utf8_lossy(&bytes)))),
                Err(error) => Err(error.to_string()),
            });
            match accepted {
                Ok((_, Some(problem))) => out.push(problem),
                Ok((accepted, None)) => {
                    // Where scenarios could not be read, what they compare with is not known.
                    if out.errors() == 0 && !names.contains(&accepted.name) {
                        let message = format!("no step refers to the snapshot `{}`", accepted.name);
                        let problem = Diagnostic::warning(Code::OrphanSnapshot, message);
                        let help = "`assize snapshots prune` removes it";
                        out.push(problem.in_file(self.reader.shown(path)).help(help));
                    }
                    snapshots.insert(accepted.name.clone(), accepted);
                }
                Err(error) => {
                    let message = format!("the snapshot cannot be read: {error}");
                    let problem = Diagnostic::error(Code::BadSnapshot, message).in_file(self.reader.shown(path));
                    out.push(problem.help("`assize snapshots review` writes it anew once the file is gone"));
                }
            }
        }
        snapshots
    }

    /// What the OpenAPI documents say, and the schemas of the suite that they refer to.
    fn documented(
        &mut self,
        file: &SuiteFile,
        schemas: &Schemas,
        out: &mut Diagnostics,
    ) -> (Documented, BTreeSet<String>) {
        let (files, documents) = read_documents(&file.openapi, &self.reader, &mut self.sources, out);
        let api = Api::load(&files, documents, schemas, &self.sources, out);
        let named = files.iter().flat_map(|it| files_named(&it.path, &it.node));
        let named = named.map(|path| Layout::schema_name(&path).to_owned()).collect();
        let paths = file.openapi.files.iter().map(|(path, _)| path.clone()).collect();
        (Documented { api: Arc::new(api), by: file.openapi.by, files: paths }, named)
    }

    /// A YAML file that lies where nothing is looked for would be left out in silence.
    fn stray(&self, layout: &Layout, out: &mut Diagnostics) {
        for (path, place) in &layout.stray {
            if self.reader.has_read(path) {
                continue;
            }
            let problem =
                Diagnostic::warning(Code::StrayFile, "nothing reads this file").in_file(self.reader.shown(path));
            out.push(match place {
                Place::Near(folder) => problem.help(format!("did you mean the folder `{folder}/`?")),
                Place::Elsewhere => problem.help("scenarios lie in `scenarios/`, flows in `flows/`"),
            });
        }
    }
}

/// What a suite's own target has must be what the suite knows.
fn check_target(node: &Node, file: &SuiteFile, out: &mut Diagnostics) {
    let variants = node.get("variants").and_then(Node::as_map).unwrap_or_default();
    for variant in variants {
        let name = &*variant.key.text;
        if file.variants.iter().all(|(known, _)| known != name) {
            out.push(
                Diagnostic::error(Code::UnknownVariant, format!("the suite has no variant `{name}`"))
                    .at(variant.key.span, "unknown variant")
                    .help_nearest(nearest(name, file.variants.iter().map(|(known, _)| known))),
            );
        }
    }
    let features = std::iter::once(node).chain(variants.iter().map(|entry| &entry.value)).filter_map(|surface| {
        let list = surface.get("features")?;
        Some(list.as_list().unwrap_or(std::slice::from_ref(list)))
    });
    for feature in features.flatten() {
        if feature.as_text().is_some_and(|name| !file.provides.features.contains_key(name)) {
            unknown(Code::UnknownFeature, feature, "feature", file.provides.features.keys(), out);
        }
    }
}

fn decode_scenarios(files: &[Document], context: &Context<'_>, out: &mut Diagnostics) -> Vec<Arc<Scenario>> {
    let mut scenarios: Vec<Arc<Scenario>> = Vec::new();
    let mut places: BTreeMap<String, Span> = BTreeMap::new();
    for file in files {
        let stem = Layout::scenario_id(&file.path);
        let many = file.nodes.len() > 1;
        for (index, node) in file.nodes.iter().enumerate() {
            let default_id = if many { format!("{stem}.{}", index + 1) } else { stem.clone() };
            let decoded = decode_scenario(node, &default_id, context, out);
            // The rows of a scenario are one scenario.
            let Some(first) = decoded.first() else { continue };
            let span = node.get("id").map_or(first.span, |id| id.span);
            if let Some(other) = places.get(&first.id) {
                let problem = twice(&format!("two scenarios are called `{}`", first.id), span, *other);
                out.push(match node.get("id") {
                    Some(_) => problem,
                    None => problem.help("a scenario without an `id` is called after its file"),
                });
            } else {
                places.insert(first.id.clone(), span);
            }
            scenarios.extend(decoded);
        }
    }
    scenarios
}

fn twice(message: &str, second: Span, first: Span) -> Diagnostic {
    Diagnostic::error(Code::DuplicateId, message).at(second, "the second").also(first, "the first")
}

/// What a suite without a `suite.yaml` is called: after its only file, or after its folder.
fn bare_name(origin: &str, files: &[String]) -> String {
    let stem = match files {
        [only] => only.rsplit_once('.').map_or(only.as_str(), |(stem, _)| stem),
        _ => origin.trim_end_matches('/'),
    };
    let name = stem.rsplit(['/', ':']).next().unwrap_or_default().to_lowercase().replace(['_', ' ', '.'], "-");
    if NameForm::Kebab.takes(&name) { name } else { "bare".to_owned() }
}

/// A suite of which only the head is known.
fn head(file: SuiteFile, bare_name: &str, origin: &str, kind: SuiteKind) -> Suite {
    Suite {
        name: if file.name.is_empty() { bare_name.to_owned() } else { file.name },
        version: file.version,
        title: file.title,
        origin: origin.to_owned(),
        kind,
        variants: file.variants,
        provides: file.provides,
        defaults: file.defaults,
        sets: file.sets,
        volatile: file.volatile,
        secret: file.secret,
        catalogue: Catalogue::default(),
        defects: Vec::new(),
        targets: Vec::new(),
        scenarios: Vec::new(),
        flows: Flows::new(),
        snapshot_names: BTreeSet::new(),
        snapshots: BTreeMap::new(),
        schemas: Arc::default(),
        documented: Documented::default(),
        bodies: BTreeMap::new(),
        extra_names: BTreeSet::new(),
        sources: Sources::default(),
        manifest: Vec::new(),
        sha256: String::new(),
    }
}
