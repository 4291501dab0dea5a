//! The checks: a file for each, and the registry that lists them.

mod any_of;
mod content_type;
mod headers;
mod json;
mod jwt;
mod location;
mod meets;
mod operation;
mod reason;
mod registry;
mod schema;
mod size;
mod status;
mod statuses;
#[cfg(test)]
mod table;
mod text;
#[cfg(test)]
mod token_table;
mod values;
mod within;

pub(super) use json::duplicate_key;
pub(super) use operation::checks as checks_of_operation;
pub(super) use registry::named;
pub use registry::{CHECKS, CheckKind};
pub(super) use status::Status;
