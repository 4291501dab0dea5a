//! Tokens: who gets one, how long it lives, what it is good for.
//!
//! Two generations of sign-in give tokens that the same calls accept: the current one ([`openid`], FAQ Q6 to Q8) and the
//! first ([`legacy`], FAQ Q9 to Q11). Both mint through [`Tokens`].

mod caller;
pub(crate) mod discovery;
pub(crate) mod legacy;
pub(crate) mod openid;
mod policy;
mod scope;
mod store;

pub(crate) use caller::{Application, Caller, User};
pub(crate) use policy::{Denial, admit_patron, admit_user, identify};
pub(crate) use scope::{Scope, Scopes};
pub(crate) use store::{Generation, IssuedToken, RefreshRefusal, Tokens};
