use std::sync::Arc;

use super::Event;

/// Counts the clients of a session: 0 started it, the others joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct ClientNumber(pub(crate) u32);

/// A program that started or joined a session, and how far it has read.
#[derive(Debug)]
pub(crate) struct Client {
    /// The serial number of its newest id.
    pub(crate) newest: u32,
    /// What it is told before the events from its first id on: a joiner's refresh collection as of joining.
    pub(crate) greeting: Vec<Arc<Event>>,
    /// Whether it has been told that the session is over.
    pub(crate) told_of_end: bool,
}

impl Client {
    /// One that is to be told `greeting` first.
    pub(crate) fn new(greeting: Vec<Arc<Event>>) -> Self {
        Self { newest: 0, greeting, told_of_end: false }
    }
}
