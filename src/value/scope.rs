use std::collections::BTreeMap;
use std::fmt;

use super::{Json, NamePath};

/// The values that names have at some moment.
pub trait Scope {
    /// The value of a name, members and all.
    ///
    /// # Errors
    /// When it has none, and why.
    fn lookup(&self, path: &NamePath) -> Result<Json, Missing>;
}

/// A name that could not be put in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// The name.
    pub path: NamePath,
    /// Why.
    pub kind: MissingKind,
}

/// Why a name could not be put in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MissingKind {
    /// Nothing is called so here.
    Unknown,
    /// The name is there but was left without a value, or its value is `null` where a text is needed.
    NoValue,
    /// Its value has no such member.
    NoSuchMember,
    /// It is to be reckoned with and is no number.
    NotANumber,
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let why = match self.kind {
            MissingKind::Unknown => "is not known here",
            MissingKind::NoValue => "has no value",
            MissingKind::NoSuchMember => "is not a member of its value",
            MissingKind::NotANumber => "is not a number",
        };
        write!(f, "`$({})` {why}", self.path)
    }
}

impl std::error::Error for Missing {}

impl Scope for BTreeMap<String, Json> {
    fn lookup(&self, path: &NamePath) -> Result<Json, Missing> {
        let root = self.get(path.root.as_str()).ok_or_else(|| path.missing(MissingKind::Unknown))?;
        path.follow(root).cloned()
    }
}
