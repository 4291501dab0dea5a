//! YAML files as trees of [`Node`](crate::value::Node)s with places.
//!
//! YAML 1.2, strictly: plain `true`, `false`, `null`, `~` and nothing are what they look like, numbers are those of JSON,
//! everything else plain (`no`, `012`, `0x1f`, `+15550100`, `1_000`, `.nan`) is a text, as is all that is quoted. Tags and
//! merge keys (`<<`) are refused; an alias stands for its whole value. A document that is broken is left out, and those
//! after it are read, so that all problems are told at once. What can be read is bounded by [`Limits`].

mod build;
mod limits;
mod read;
mod scalar;
mod slips;
#[cfg(test)]
mod tests;

pub use limits::Limits;
pub use read::read;
