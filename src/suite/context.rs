use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::diag::{Code, Diagnostic, Diagnostics, SourceId, Span, nearest};
use crate::judge::Schemas;
use crate::value::Node;

use super::files::{ReadError, Reader};
use super::names::Undeclared;
use super::{Catalogue, Defaults, Documented, FlowSignature, Provides, SuiteKind};

/// The most bytes of a file that is sent as a body.
const MOST_BODY_BYTES: u64 = 10 * 1024 * 1024;

/// A YAML file that was read: its documents, empty and broken ones left out.
#[derive(Debug)]
pub(crate) struct Document {
    /// Path within the suite, with `/`.
    pub(crate) path: String,
    /// Its text.
    pub(crate) source: SourceId,
    /// Its documents, in order.
    pub(crate) nodes: Vec<Node>,
}

/// What scenarios and flows are decoded against: everything of the suite that is known before them.
pub(crate) struct Context<'a> {
    /// Whether the suite says what a target must offer.
    pub(crate) kind: SuiteKind,
    /// Variants with what each means, in order.
    pub(crate) variants: &'a [(String, String)],
    /// What the suite asks of a target.
    pub(crate) provides: &'a Provides,
    /// What holds for every step.
    pub(crate) defaults: &'a Defaults,
    /// Sets of checks with a name.
    pub(crate) sets: &'a BTreeMap<String, Node>,
    /// Its schemas.
    pub(crate) schemas: &'a Schemas,
    /// What its OpenAPI documents say.
    pub(crate) documented: &'a Documented,
    /// Its promises.
    pub(crate) catalogue: &'a Catalogue,
    /// What whoever uses a flow must know of it, by the flow's name.
    pub(crate) signatures: &'a BTreeMap<String, FlowSignature>,
    /// Its files; none once it has been loaded.
    pub(crate) reader: Option<&'a Reader<'a>>,
    /// Files of rows, by path; none once it has been loaded, for rows are put in by then.
    pub(crate) rows: &'a BTreeMap<String, Node>,
    /// Files that were read as bodies, kept for when a scenario is decoded again.
    pub(crate) bodies: &'a RefCell<BTreeMap<String, Arc<[u8]>>>,
    /// Names of variables that whoever runs the suite gives besides those of the target.
    pub(crate) extra_names: &'a BTreeSet<String>,
}

impl Context<'_> {
    /// Names that a target gives: variables and endpoints that the suite asks for, and those given by hand.
    pub(crate) fn target_names(&self) -> BTreeSet<String> {
        let asked = self.provides.variables.keys().chain(self.provides.endpoints.keys());
        asked.chain(self.extra_names).cloned().collect()
    }

    /// Identities that the suite asks for.
    pub(crate) fn identities(&self) -> BTreeSet<String> {
        self.provides.identities.keys().cloned().collect()
    }

    /// The identities that there can be; none where any name may be one of the target's.
    pub(crate) fn known_identities(&self) -> Option<BTreeSet<String>> {
        match self.kind {
            SuiteKind::Folder => Some(self.identities()),
            SuiteKind::Bare => None,
        }
    }

    /// Whether names that nobody declares may come from the target.
    pub(crate) fn undeclared(&self) -> Undeclared {
        match self.kind {
            SuiteKind::Folder => Undeclared::Refused,
            SuiteKind::Bare => Undeclared::FromTarget,
        }
    }

    /// The bytes of a file of the suite that is sent as a body, or as a part of one. What is wrong with it goes to
    /// `out`, at the place that names it.
    pub(crate) fn body(&self, path: &str, span: Span, out: &mut Diagnostics) -> Option<Arc<[u8]>> {
        if let Some(kept) = self.bodies.borrow().get(path) {
            return Some(Arc::clone(kept));
        }
        let read = self.reader.map_or(Err(ReadError::NotThere), |reader| reader.read(path, MOST_BODY_BYTES));
        match read {
            Ok(bytes) => {
                self.bodies.borrow_mut().insert(path.to_owned(), Arc::clone(&bytes));
                Some(bytes)
            }
            Err(error) => {
                let mut problem = Diagnostic::error(Code::UnreadableFile, format!("`{path}`: {error}"))
                    .at(span, "paths start from the suite's folder");
                if matches!(error, ReadError::NotThere)
                    && let Some(reader) = self.reader
                {
                    problem = problem.help_nearest(nearest(path, reader.paths()));
                }
                out.push(problem);
                None
            }
        }
    }
}
