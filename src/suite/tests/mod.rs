//! What is read, and what is told: whole suites as small trees, problems drawn as a person sees them.

mod arbitrary;
mod catalogue;
mod good;
mod openapi;
mod openapi_lint;
mod schemas;
mod suite_file;
mod targets;
mod tree;
mod whole;
