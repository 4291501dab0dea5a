//! Assize.

pub mod clock;
pub mod diag;
pub mod event;
pub mod report;
pub mod suite;
pub mod value;
