//! Identities to credentials: tokens, and whatever else says who sends a request.
//!
//! The [`Keyring`] holds the operator's secrets, each with the only origins it may go to. [`Tokens`] signs devices in, once
//! for each however many cases want it at the same time, and renews their tokens by the clock of the target. What a server
//! wants otherwise than the standard is declared by the target and done by [`token_request`] and [`read_token_answer`],
//! which are pure.
//!
//! Signing in goes through the [`Door`](crate::http::Door) of the case that needs it, like any request: a secret reaches the
//! configured endpoints or nobody. A token request follows no redirect. Where a person would sit at a browser, [`walk`] does:
//! it follows redirects and fills in the forms of pages, but runs no script. May depend on `http`, `suite`, `value`, `event` and
//! `clock`.
//!
//! ```
//! use assize::auth::{BoundSecret, Keyring};
//! use assize::diag::{Sources, Span};
//! use assize::suite::{Credential, SecretRef, SecretSource};
//! use assize::value::{Origin, Vault};
//!
//! let secret = SecretRef {
//!     name: "agent.password".to_owned(),
//!     source: SecretSource::Env("AGENT_PASSWORD".to_owned()),
//!     span: Span::new(Sources::default().add("assize.yaml", ""), 0, 0),
//! };
//! let origins = Origin::parse("https://auth.example.com/token").into_iter().collect();
//! let bound = BoundSecret { secret: secret.clone(), origins };
//! let keyring = Keyring::build([bound], |_| Ok::<_, std::io::Error>("not-a-secret-agent-1".to_owned()))?;
//!
//! let vault = Vault::new(keyring.masker().clone());
//! assert_eq!(keyring.text(&Credential::Secret(secret), &vault)?, "‹agent.password#1›");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod authorize_request;
mod binding;
mod browser;
mod discovery;
mod grants;
mod kept;
mod keyring;
mod landing;
mod parameters;
mod pkce;
mod present;
mod sign_in;
mod signer;
mod token_answer;
mod token_request;
mod tokens;

pub use authorize_request::{AuthorizeRequest, authorize_request};
pub use binding::{NoOrigin, allowed_origins, bound_secrets, secrets_of, sign_in_origins, target_origins};
pub use browser::{End, MAX_HOPS, Sight, Stop, Walked, walk};
pub use keyring::{BoundSecret, Keyring, KeyringError, UnknownSecret};
pub use present::Credentials;
pub use sign_in::{Means, SignInFailed, SignInReason, Subject};
pub use signer::signer;
pub use token_answer::{BadTokenAnswer, TokenAnswer, read_token_answer, redirect_issues, token_issues};
pub use token_request::{Signer, TokenRequest, token_request};
pub use tokens::{Token, Tokens};

#[cfg(test)]
mod tests;
