use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::diag::SourceId;
use crate::judge::Schemas;
use crate::value::Node;

use super::files::{ReadError, Reader};
use super::flow_file::FlowSignature;
use super::names::Undeclared;
use super::{Catalogue, Defaults, Provides, Suite, SuiteKind};

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
    /// Its promises.
    pub(crate) catalogue: &'a Catalogue,
    /// What its flows take and give.
    pub(crate) flows: BTreeMap<String, FlowSignature>,
    /// Where the bytes of its bodies are.
    pub(crate) bodies: Bodies<'a>,
    /// Names of variables that whoever runs the suite gives besides those of the target.
    pub(crate) extra_names: BTreeSet<String>,
}

/// Where the bytes of files that are sent as bodies are.
#[derive(Clone, Copy)]
pub(crate) enum Bodies<'a> {
    /// In the files, while the suite is loaded.
    Files(&'a Reader<'a>),
    /// In the suite: all that it names were read when it was loaded.
    Held(&'a BTreeMap<String, Arc<[u8]>>),
}

impl<'a> Context<'a> {
    /// What the scenarios of a suite that was loaded are decoded against, once more, when the target is known.
    /// `extra_names` are those of variables that are given by hand.
    pub(crate) fn of(suite: &'a Suite, extra_names: BTreeSet<String>) -> Self {
        let signature = |flow: &super::Flow| FlowSignature { inputs: flow.inputs.clone(), outputs: flow.outputs.clone() };
        Self {
            kind: suite.kind,
            variants: &suite.variants,
            provides: &suite.provides,
            defaults: &suite.defaults,
            sets: &suite.sets,
            schemas: &suite.schemas,
            catalogue: &suite.catalogue,
            flows: suite.flows.iter().map(|(name, flow)| (name.clone(), signature(flow))).collect(),
            bodies: Bodies::Held(&suite.bodies),
            extra_names,
        }
    }

    /// Names that a target gives: variables and endpoints that the suite asks for, and those given by hand.
    pub(crate) fn target_names(&self) -> BTreeSet<String> {
        let asked = self.provides.variables.keys().chain(self.provides.endpoints.keys());
        asked.chain(&self.extra_names).cloned().collect()
    }

    /// Identities that the suite asks for.
    pub(crate) fn identity_names(&self) -> BTreeSet<String> {
        self.provides.identities.keys().cloned().collect()
    }

    /// The same; none where any name may be one, since nothing says which there are.
    pub(crate) fn known_identities(&self) -> Option<BTreeSet<String>> {
        match self.kind {
            SuiteKind::Folder => Some(self.identity_names()),
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

    /// What a flow takes and gives.
    pub(crate) fn flow_signature(&self, name: &str) -> Option<&FlowSignature> {
        self.flows.get(name)
    }

    /// The names of the flows.
    pub(crate) fn flow_names(&self) -> impl Iterator<Item = &str> {
        self.flows.keys().map(String::as_str)
    }

    /// The bytes of a file of the suite that is sent as a body, or as a part of one.
    pub(crate) fn body_file(&self, path: &str) -> Result<Arc<[u8]>, ReadError> {
        match self.bodies {
            Bodies::Files(reader) => reader.body(path),
            Bodies::Held(held) => held.get(path).cloned().ok_or(ReadError::NotThere),
        }
    }
}
