//! The two-way door: sends requests with secrets in them, and gives back exchanges without.
//!
//! Whoever sends writes an [`Outgoing`] in which handles stand for secrets. The [`Door`] of the case looks whether the
//! request may go where it is meant to, puts the values in, hands it to a [`Transport`], learns what the answer issued, and
//! puts handles in the place of every secret before anybody sees the exchange. Faults are data: sending has no error.
//!
//! [`Network`] is the transport: HTTP/1.1 and 2 over connections that this room holds itself, so that every byte is
//! accounted for: what came before a fault, what stands behind the end of an answer, how many interim answers there were.
//! It follows no redirect, reads no environment and sends nothing twice. A [`Lane`] is the connections of one device.
//!
//! May depend on `value`, `event` and `clock`.
//!
//! ```no_run
//! use std::{sync::Arc, time::Duration};
//! use assize::clock::{Clock, Deadline, SystemClock};
//! use assize::event::ExchangeId;
//! use assize::http::{Ask, Door, Jar, Lanes, Limits, Network, NetworkOptions, Outgoing, Policy};
//! use assize::value::{Masker, Origin, Vault};
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let url = "https://api.example.com/version";
//! let policy = Policy::new(Origin::parse(url), Vec::new());
//! let network = Network::new(&NetworkOptions::default())?;
//! let vault = Vault::new(Masker::empty().into());
//! let door = Door::new(Arc::new(network), vault.into(), policy.into());
//!
//! let (lanes, jar) = (Lanes::new(), Jar::new());
//! let lane = lanes.lease();
//! let outgoing = Outgoing::new("GET", url, Limits::until(Deadline::after(Duration::from_secs(15))));
//! let exchange = door
//!     .send(Ask {
//!         id: ExchangeId(1),
//!         device: None,
//!         lane: lane.id(),
//!         jar: Some(&jar),
//!         outgoing: &outgoing,
//!         sent: SystemClock.now(),
//!         issues: &[],
//!     })
//!     .await;
//! assert_eq!(exchange.complete().map(|answer| answer.status), Some(200));
//! # Ok(())
//! # }
//! ```

mod coding;
mod connect;
mod connection;
mod door;
mod encode;
mod failure;
mod framing;
mod issue;
mod jar;
mod lane;
mod learn;
mod limits;
mod mask;
mod message;
mod network;
mod options;
mod outgoing;
mod payload;
mod policy;
mod pool;
mod progress;
mod tap;
mod tls;
mod transport;
mod wire;

pub use door::{Ask, Door, Unsealed};
pub use issue::Issue;
pub use jar::Jar;
pub use lane::{Lane, LaneId, Lanes};
pub use limits::Limits;
pub use network::Network;
pub use options::{BadNetworkOptions, NetworkOptions, TlsOptions, Verification, Versions};
pub use outgoing::{Authorization, Outgoing, OutgoingBody, OutgoingPart, PartContent};
pub use policy::Policy;
pub use transport::{Sending, Transport};
pub use wire::{WireAnswer, WireOutcome, WireRequest};

#[cfg(test)]
pub(crate) mod tests;
