//! Assize.

pub mod clock;
pub mod sandbox;
