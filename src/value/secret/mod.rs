//! Secrets, and the handles that stand for them everywhere but on the wire.
//!
//! A [`Masker`] holds what the operator's secrets look like in every encoding, once for the run. Each case has a [`Vault`]
//! on top of it, which learns what endpoints issue, hands out handles, and puts values back for the origins they are bound
//! to. A check that must look inside asks for a [`Fact`].
//!
//! ```
//! use assize::value::{Masker, Origin, SecretName, Vault};
//!
//! let api = Origin::parse("https://api.example.com").expect("an origin");
//! let vault = Vault::new(Masker::empty().into());
//! let name = SecretName::parse("agent.access_token").expect("a name");
//! let handle = vault.learn(&name, "not-a-secret-token-1", &[api.clone()])?;
//! assert_eq!(handle.to_string(), "‹agent.access_token#1›");
//! assert_eq!(vault.mask_text("Bearer not-a-secret-token-1"), "Bearer ‹agent.access_token#1›");
//! assert_eq!(vault.reveal("Bearer ‹agent.access_token#1›", &api)?, "Bearer not-a-secret-token-1");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod destination;
mod fact;
mod form;
mod handle;
mod index;
mod json_text;
mod masker;
mod origin;
mod plain;
mod state;
mod vault;

pub use destination::Destination;
pub use fact::{Answer, Fact, Facts, NoFacts, Question, RecordedFacts, Witness};
pub use form::Form;
pub use handle::{Handle, SecretName, has_handle};
pub use masker::{Masker, OperatorSecret};
pub use origin::Origin;
pub use plain::{MIN_SECRET_LEN, Secret, SecretRefused};
pub use vault::{Unbound, Vault};
