//! Assize.

pub mod clock;
pub mod diag;
pub mod value;
