//! What people write: YAML files as typed values with places.

mod identity;
mod target;

pub use identity::{
    ClientVia, Credential, Grant, Identity, OAuth2, Scheme, SecretRef, SecretSource, TokenBody, User,
};
pub use target::{ClockControl, Connection, HttpVersions, Pace, Surface, Target};
