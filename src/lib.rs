//! Assize.

pub mod clock;
pub mod diag;
pub mod suite;
pub mod value;
