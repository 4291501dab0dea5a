//! Tokens: who gets one, how long it lives, what it is good for.
//!
//! Three generations of sign-in give tokens that the same calls accept: the current one ([`openid`], FAQ Q6 to Q8), the
//! first ([`legacy`], FAQ Q9 to Q11), and between them that of the access keys ([`access_key`]). All issue through
//! [`Tokens`]. In a browser, people sign in on a page: [`authorize`] gives the client a code, [`implicit`] the token itself.
//!
//! Tokens of the first generation are opaque. The others are JSON web tokens, signed by a [`SigningKey`] that the process
//! makes when it needs one. Even so a token is good because it is remembered, not because its signature is: one that was
//! made elsewhere is worth nothing.

pub(crate) mod access_key;
pub(crate) mod authorize;
mod browsers;
mod caller;
mod codes;
pub(crate) mod discovery;
pub(crate) mod implicit;
pub(crate) mod legacy;
pub(crate) mod openid;
mod pkce;
mod policy;
mod redirect;
mod scope;
mod sign_in_page;
mod signed;
mod signing_key;
mod store;
pub(crate) mod whoami;

pub(crate) use browsers::{Browsers, Present};
pub(crate) use caller::{Application, Caller, User};
pub(crate) use codes::{CodeRefusal, Codes, Proof, SignedIn};
pub(crate) use pkce::Challenge;
pub(crate) use policy::{Denial, admit_patron, admit_user, identify};
pub(crate) use redirect::Redirect;
pub(crate) use scope::{Scope, Scopes};
pub(crate) use sign_in_page::{FirstLook, SignInPage};
pub(crate) use signed::SignedTokens;
pub(crate) use signing_key::{NoSigningKey, SigningKey};
pub(crate) use store::{Generation, Grant, GrantNumber, IssuedToken, RefreshRefusal, Tokens};
