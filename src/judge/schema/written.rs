use std::collections::BTreeMap;
use std::sync::Arc;

use crate::diag::{SourceId, Sources, Span};
use crate::judge::show::Step;
use crate::value::Node;

use super::origin::Origin;
use super::{SchemaFile, locate};

/// A file of schemas as it is written, so that a finding names the line of the rule that is broken.
#[derive(Clone, Debug)]
pub(super) struct Written {
    path: Arc<str>,
    text: Arc<str>,
}

impl Written {
    pub(super) fn new(file: &SchemaFile<'_>) -> Self {
        Self { path: file.path.into(), text: file.text.into() }
    }

    /// `file:line:column` of the key at the end of these steps, or of the value where it has none.
    pub(super) fn place(&self, steps: &[Step]) -> Option<String> {
        let (key, value) = locate::find(&self.text, steps)?;
        let range = key.unwrap_or(value);
        let mut sources = Sources::default();
        let source = sources.add(Arc::clone(&self.path), Arc::clone(&self.text));
        Some(sources.place(Span::of(source, range.start, range.end)).to_string())
    }
}

/// Texts that schemas are parts of, by the paths that are told of them.
#[derive(Debug)]
pub(in crate::judge) struct Places {
    sources: Sources,
    paths: BTreeMap<SourceId, String>,
}

impl Places {
    /// The texts, and what those are called that are not called by their own path.
    pub(in crate::judge) fn new(sources: Sources, paths: BTreeMap<SourceId, String>) -> Self {
        Self { sources, paths }
    }

    /// `file:line:column`.
    fn told(&self, span: Span) -> String {
        let place = self.sources.place(span);
        match self.paths.get(&span.source) {
            Some(path) => format!("{path}:{}:{}", place.line, place.column),
            None => place.to_string(),
        }
    }
}

/// A schema that is a part of a file of another kind, as it is written.
#[derive(Clone, Debug)]
pub(super) struct Within {
    node: Arc<Node>,
    places: Arc<Places>,
}

impl Within {
    pub(super) fn new(node: Node, places: Arc<Places>) -> Self {
        Self { node: Arc::new(node), places }
    }

    /// `file:line:column` of the key at the end of these steps, or of the value where it has none.
    pub(super) fn place(&self, steps: &[Step]) -> String {
        self.places.told(Origin::Inline(&self.node).key(steps))
    }
}
