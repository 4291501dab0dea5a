use crate::event::Exchange;

use super::Mutation;

/// An exchange as it would have been had the endpoint broken in one way.
#[derive(Clone, Debug, PartialEq)]
pub struct Mutant {
    /// The way.
    pub mutation: Mutation,
    /// The exchange.
    pub exchange: Exchange,
}
