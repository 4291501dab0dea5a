use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use crate::diag::Sources;
use crate::event::FileDigest;
use crate::judge::Schemas;
use crate::snapshot::{Accepted, Name};
use crate::value::{JsonPath, Node, Template};

use super::{Catalogue, DefectEntry, Documented, Flows, Provides, Scenario, Target};

/// A suite, read whole: every file of it is sound.
#[derive(Debug)]
pub struct Suite {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// What it is about.
    pub title: String,
    /// Where it was read from: a path, or `embedded:NAME`.
    pub origin: String,
    /// Whether it has a `suite.yaml`; a bare file of scenarios takes any name that the target has.
    pub kind: SuiteKind,
    /// Variants with what each means, in order.
    pub variants: Vec<(String, String)>,
    /// What it asks of a target.
    pub provides: Provides,
    /// What holds for every step.
    pub defaults: Defaults,
    /// Sets of checks with a name, as they stand in the file; compiled wherever they are used.
    pub sets: BTreeMap<String, Node>,
    /// Paths of JSON bodies that differ from run to run.
    pub volatile: Vec<JsonPath>,
    /// Paths of JSON bodies that hold secrets.
    pub secret: Vec<JsonPath>,
    /// Its promises.
    pub catalogue: Catalogue,
    /// What must notice each defect of the tenant.
    pub defects: Vec<DefectEntry>,
    /// The targets that come with it.
    pub targets: Vec<Target>,
    /// Its scenarios, rows put in, in the order of their files.
    pub scenarios: Vec<Arc<Scenario>>,
    /// Its flows.
    pub flows: Flows,
    /// The names of the snapshots that its steps compare with, in all variants.
    pub snapshot_names: BTreeSet<Name>,
    /// Its accepted snapshots.
    pub snapshots: BTreeMap<Name, Accepted>,
    /// Its schemas.
    pub schemas: Arc<Schemas>,
    /// What its OpenAPI documents say, and of which steps.
    pub documented: Documented,
    /// Names that were given by hand when it was loaded.
    pub extra_names: BTreeSet<String>,
    /// The files that are sent as bodies, by path.
    pub bodies: BTreeMap<String, Arc<[u8]>>,
    /// Everything that was read, for places and carets.
    pub sources: Sources,
    /// Every file that was read, with its digest.
    pub manifest: Vec<FileDigest>,
    /// Digest over the manifest.
    pub sha256: String,
}

/// How a suite is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SuiteKind {
    /// A folder with a `suite.yaml`.
    Folder,
    /// Files of scenarios and nothing else.
    Bare,
}

/// What holds for every step that says nothing else.
#[derive(Clone, Debug)]
pub struct Defaults {
    /// Header fields.
    pub headers: BTreeMap<String, Template>,
    /// How long one attempt may take.
    pub deadline: Duration,
}

impl Default for Defaults {
    fn default() -> Self {
        Self { headers: BTreeMap::new(), deadline: Duration::from_secs(30) }
    }
}
