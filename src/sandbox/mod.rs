//! The sandbox: simulated NICE CXone tenants, served by this process.
//!
//! A [`Host`] owns any number of tenants and one control API. Each tenant listens on a port of its own and shares
//! nothing with another one: its people, tokens, sessions and clock are its own. It is cheap enough that every judged case
//! gets a fresh one.
//!
//! What a tenant does is written from NICE's published reference, its developer FAQ (whose questions are numbered in
//! their order, so that Q13 is the one about 409) and what its official SDK sends; it imports nothing of this crate but
//! the clock, so that it cannot agree with the judge's mistakes. It is for tests: it says of itself that it is not NICE's
//! service, and its secrets are fixed and fake unless others can reach it.
//!
//! ```
//! use assize::sandbox::{Entropy, Host, HostOptions, TenantOptions};
//!
//! # let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
//! # runtime.block_on(async {
//! let host = Host::start(HostOptions::plain(Entropy::from_seed(7))).await?;
//! let tenant = host.open(TenantOptions::embedded(1)).await?;
//! assert!(tenant.address.starts_with("http://127.0.0.1:"));
//! host.close(tenant.id).await;
//! host.shutdown().await;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # }).unwrap();
//! ```

mod api;
mod authority;
mod control;
mod credentials;
mod defects;
mod extraction;
mod front;
mod host;
mod interaction;
mod operator_file;
mod options;
mod patron;
mod reports;
mod session;
mod tenant;
mod tokens;
mod wire;

pub use authority::TlsError;
pub use credentials::{Account, CredentialSource, Credentials};
pub use defects::{Defect, Seat};
pub use host::{Host, HostError, OpenError, OpenTenant, TenantId};
pub use operator_file::{OperatorFile, SideFile, operator_file};
pub use options::{Encryption, HostOptions, TenantOptions};
pub use tenant::Entropy;
