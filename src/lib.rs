//! Assize.

pub mod clock;
pub mod diag;
pub mod event;
pub mod judge;
pub mod value;
