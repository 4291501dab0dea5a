use std::collections::BTreeSet;

use crate::judge::Fixed;
use crate::snapshot::{BadName, Name};
use crate::value::{Json, JsonPath, Missing, Scope, Template};

/// What a `snapshot` asks for: how the text is called, and what of the answer is in it.
#[derive(Clone, Debug)]
pub struct SnapshotAsked {
    /// How it is called.
    pub name: SnapshotName,
    /// The part of the body; the whole where nothing is said.
    pub(super) only: Option<Fixed<JsonPath>>,
    /// Paths of values that are not compared, besides those of the suite.
    pub(super) ignore: Vec<Fixed<JsonPath>>,
    /// The header fields, in lower case, sorted.
    pub(super) headers: BTreeSet<String>,
    /// How values are shown.
    pub(super) detail: Detail,
}

/// How values are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Detail {
    /// As they are.
    Values,
    /// Their types.
    Shape,
}

/// The name of a snapshot; only the variant may be put into it.
#[derive(Clone, Debug)]
pub struct SnapshotName(Template);

impl SnapshotName {
    pub(super) fn new(template: Template) -> Self {
        Self(template)
    }

    /// The name, the variant of `scope` put in.
    ///
    /// # Errors
    /// When there is no variant, or a file could not be called so.
    pub(super) fn of(&self, scope: &dyn Scope) -> Result<Name, NoName> {
        Ok(Name::parse(&self.0.render(scope)?)?)
    }

    /// The names that it has in these variants: one, unless the variant is put in.
    ///
    /// # Errors
    /// When a file could not be called so.
    pub fn all(&self, variants: &[&str]) -> Result<BTreeSet<Name>, NoName> {
        if self.0.is_fixed() {
            return Ok([Name::parse(&self.0.render(&std::collections::BTreeMap::new())?)?].into());
        }
        let of = |variant: &&str| {
            let scope = std::collections::BTreeMap::from([("variant".to_owned(), Json::from(*variant))]);
            self.of(&scope)
        };
        variants.iter().map(of).collect()
    }
}

/// Why a snapshot has no name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NoName {
    /// The suite has no variants.
    #[error("{0}")]
    NoVariant(#[from] Missing),
    /// A file could not be called so.
    #[error("{0}")]
    Bad(#[from] BadName),
}
