use std::sync::Arc;

use crate::diag::{Diagnostics, Sources, nearest};
use crate::judge::Schemas;
use crate::value::{Node, Template};

use super::Operation;
use super::documents::Documents;
use super::read::ApiReader;

/// A file that documents are made of.
#[derive(Clone, Debug)]
pub struct ApiFile {
    /// Its path within the suite.
    pub path: String,
    /// What it holds.
    pub node: Node,
}

/// The operations of all documents of a suite.
#[derive(Debug, Default)]
pub struct Api {
    operations: Vec<Arc<Operation>>,
}

/// Why a text names no operation.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadOperation {
    /// The suite has no document.
    #[error("the suite names no OpenAPI document")]
    NoDocument,
    /// No operation is called so.
    #[error("no operation is called `{name}`")]
    Unknown {
        /// What was asked for.
        name: String,
        /// The nearest name that there is.
        nearest: Option<String>,
    },
}

impl Api {
    /// No operation at all.
    #[must_use]
    pub const fn none() -> Self {
        Self { operations: Vec::new() }
    }

    /// Reads, lints and compiles the first `documents` of `files`; the others are files that they refer to. What is wrong
    /// goes to `out`.
    #[must_use]
    pub fn load(
        files: &[ApiFile],
        documents: usize,
        schemas: &Schemas,
        sources: &Sources,
        out: &mut Diagnostics,
    ) -> Self {
        let mut reader = ApiReader::new(Documents { files }, schemas, sources, out);
        for file in 0..documents.min(files.len()) {
            reader.document(file);
        }
        Self { operations: reader.into_operations().into_iter().map(Arc::new).collect() }
    }

    /// All operations, in the order of the documents.
    #[must_use]
    pub fn operations(&self) -> &[Arc<Operation>] {
        &self.operations
    }

    /// The operation of this `operationId`, or of this `METHOD /path/{template}`.
    ///
    /// # Errors
    /// Where there is none, with the nearest name.
    pub fn named(&self, name: &str) -> Result<&Arc<Operation>, BadOperation> {
        if self.operations.is_empty() {
            return Err(BadOperation::NoDocument);
        }
        let is_it = |it: &&Arc<Operation>| it.id.as_deref() == Some(name) || it.request() == name;
        self.operations.iter().find(is_it).ok_or_else(|| {
            let requests = self.operations.iter().map(|it| it.request());
            let names: Vec<String> = self.operations.iter().filter_map(|it| it.id.clone()).chain(requests).collect();
            BadOperation::Unknown { name: name.to_owned(), nearest: nearest(name, &names).map(str::to_owned) }
        })
    }

    /// The operation that a request is for, by its method and its path as it is written; of several the one that says
    /// most closely what the path is.
    #[must_use]
    pub fn written(&self, method: &str, path: &Template) -> Option<&Arc<Operation>> {
        let fitting = self.operations.iter().filter(|it| it.method == method && it.path.fits(path));
        fitting.max_by_key(|it| it.path.closeness())
    }

    /// The operation that was asked for by this method at this path of a URL. A documented server comes first, then what
    /// says most closely what the path is.
    #[must_use]
    pub fn sent(&self, method: &str, path: &str) -> Option<&Arc<Operation>> {
        let fitting = self.operations.iter().filter(|it| it.method == method);
        let fitting = fitting.filter_map(|it| Some((it.path.prefix_in(path)?, it)));
        let by_closeness = |(prefix, it): &(&str, &Arc<Operation>)| {
            (it.servers.iter().any(|server| server == prefix), it.path.closeness())
        };
        fitting.max_by_key(by_closeness).map(|(_, it)| it)
    }
}
