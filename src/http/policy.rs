use std::collections::BTreeSet;

use crate::value::{JsonPath, Origin};

/// What a door lets through, of a target and its suite.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    allowed: BTreeSet<Origin>,
    secret_paths: Vec<JsonPath>,
}

impl Policy {
    /// Requests may go to `allowed` only, and what `secret_paths` select in an answer is secret.
    #[must_use]
    pub fn new(allowed: impl IntoIterator<Item = Origin>, secret_paths: Vec<JsonPath>) -> Self {
        Self { allowed: allowed.into_iter().collect(), secret_paths }
    }

    /// Whether requests may go there.
    #[must_use]
    pub fn allows(&self, origin: &Origin) -> bool {
        self.allowed.contains(origin)
    }

    /// Where requests may go.
    pub fn allowed(&self) -> impl Iterator<Item = &Origin> {
        self.allowed.iter()
    }

    /// Where answers hold secrets.
    #[must_use]
    pub fn secret_paths(&self) -> &[JsonPath] {
        &self.secret_paths
    }
}
