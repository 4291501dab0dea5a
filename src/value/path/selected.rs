use super::super::Json;
use super::Location;

/// What a path found.
#[derive(Clone, Debug, PartialEq)]
pub enum Selected<'a> {
    /// Of a path that can name one node only: that node, or nothing.
    One(Option<Located<'a>>),
    /// Of any other path: all nodes, in the order of the document.
    Many(Vec<Located<'a>>),
}

/// A node and its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Located<'a> {
    /// Where it stands.
    pub location: Location<'a>,
    /// The exact value.
    pub value: &'a Json,
}

/// A path visits more than [`MAX_NODES`](super::MAX_NODES) nodes of this document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the path visits more than {} nodes", super::MAX_NODES)]
pub struct TooMany;

impl<'a> Selected<'a> {
    /// The nodes, whichever kind of path found them.
    #[must_use]
    pub fn nodes(&self) -> &[Located<'a>] {
        match self {
            Self::One(node) => node.as_slice(),
            Self::Many(nodes) => nodes,
        }
    }

    /// What the scenario language takes this for: the value, or the list of values; `None` where one node is missing.
    #[must_use]
    pub fn to_json(&self) -> Option<Json> {
        match self {
            Self::One(node) => node.as_ref().map(|node| node.value.clone()),
            Self::Many(nodes) => Some(Json::Array(nodes.iter().map(|node| node.value.clone()).collect())),
        }
    }
}
