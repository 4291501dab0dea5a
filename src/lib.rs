//! Assize.

pub mod clock;
