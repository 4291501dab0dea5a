//! The two-way door to endpoints.

mod coding;
mod connect;
mod connection;
mod failure;
mod framing;
mod lane;
mod limits;
mod message;
mod network;
mod options;
mod payload;
mod pool;
mod progress;
mod tap;
mod tls;
mod transport;
mod wire;

pub use lane::{Lane, LaneId, Lanes};
pub use limits::Limits;
pub use network::Network;
pub use options::{BadNetworkOptions, NetworkOptions, TlsOptions, Verification, Versions};
pub use transport::{Sending, Transport};
pub use wire::{WireAnswer, WireOutcome, WireRequest};

#[cfg(test)]
pub(crate) mod tests;
