//! The two-way door: sends requests with secrets in them, and gives back exchanges without.
//!
//! Whoever sends writes an [`Outgoing`] in which handles stand for secrets. The [`Door`] of the case looks whether the
//! request may go where it is meant to, puts the values in, hands it to a [`Transport`], learns what the answer issued, and
//! puts handles in the place of every secret before anybody sees the exchange. Faults are data: sending has no error.
//!
//! [`connect`] gives the transport of a target. It has two parts, each with one job:
//!
//! - [`Network`] speaks HTTP/1.1 straight to the origin, over connections that this room holds itself: requests without
//!   TLS, and those with TLS where only HTTP/1.1 is asked for. Every byte is accounted for: what came before a fault, what
//!   stands behind the end of an answer, how many interim answers there were. Whoever tries the framing of an API asks for
//!   HTTP/1.1.
//! - [`Client`] is reqwest: everything that may become HTTP/2, and everything through a proxy. Framing, multiplexing and
//!   tunnels are its business, and it keeps some of what it sees to itself.
//!
//! What [`Client`] cannot see, and [`Network`] does (the names are those of the fault cases that this room is tried by):
//!
//! - FC-B10, FC-B15: bytes behind the end of an answer in HTTP/1.1, and a body where none belongs. The connection is not
//!   used again, but the answer passes as if they were not there. HTTP/2 knows no such bytes.
//! - FC-B17, FC-B18: whether any byte came before a connection ended, and the first line of what is no HTTP.
//! - FC-B19, FC-B20: how many interim answers there were; an endless row of them ends by the deadline.
//! - FC-B22, FC-B23: nothing in HTTP/1.1, where the limits are the same. In HTTP/2, a head over the limit is a breach of
//!   the protocol, without a word about its size.
//!
//! Both follow no redirect, read no environment and send nothing twice, but for what a server leaves unanswered by closing a
//! connection that it kept: [`Network`] tells when. Both give the same words to the same fault. A [`Lane`] is the connections
//! of one device, and no connection belongs to two.
//!
//! May depend on `value`, `event` and `clock`.
//!
//! ```no_run
//! use std::{sync::Arc, time::Duration};
//! use assize::clock::{Clock, Deadline, SystemClock};
//! use assize::event::ExchangeId;
//! use assize::http::{Ask, Door, Jar, Lanes, Limits, NetworkOptions, Outgoing, Policy, connect};
//! use assize::value::{Masker, Origin, Vault};
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let url = "https://api.example.com/version";
//! let policy = Policy::new(Origin::parse(url), Vec::new());
//! let transport = connect(&NetworkOptions::default())?;
//! let vault = Vault::new(Masker::empty().into());
//! let door = Door::new(transport, vault.into(), policy.into());
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

mod breakdown;
mod client;
mod coding;
mod connect;
mod connection;
mod dial;
mod door;
mod dots;
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
mod names;
mod network;
mod options;
mod outgoing;
mod payload;
mod places;
mod policy;
mod pool;
mod progress;
mod stage;
mod tap;
mod tls;
mod transport;
mod wire;

pub use client::Client;
pub use connect::connect;
pub use door::{Ask, Door, Unsealed};
pub use issue::{Issue, IssuePlace};
pub use jar::Jar;
pub use lane::{Lane, LaneId, Lanes};
pub use limits::Limits;
pub use network::Network;
pub use options::{BadNetworkOptions, NetworkOptions, TlsOptions, Verification, Versions};
pub use outgoing::{Authorization, Outgoing, OutgoingBody, OutgoingPart, PartContent};
pub use policy::Policy;
pub use transport::{Sending, Transport, Warming};
pub use wire::{WireAnswer, WireOutcome, WireRequest};

#[cfg(test)]
pub(crate) mod tests;
