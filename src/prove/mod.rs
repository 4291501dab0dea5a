//! The proof that a contract can fail: what is broken on purpose must be noticed, and by nothing but what it breaks.
//!
//! [`prove_defects`] runs the cases of a plan against tenants that have one defect each, and judges every run against
//! what the suite says of that defect: a [`Matrix`] of which check noticed what. Who serves the tenants is not known
//! here: whoever calls brings a [`World`](crate::run::World) for each defect.

mod defects;
mod matrix;
mod matrix_junit;
mod matrix_text;
mod observed;

pub use defects::{ProveOptions, Subject, prove_defects};
pub use matrix::{Astray, Matrix, MatrixTotals, Notice, Row, Stand};
