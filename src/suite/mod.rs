//! What people write: YAML files as typed values with places.

pub mod yaml;
