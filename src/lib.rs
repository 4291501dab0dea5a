//! Assize.

pub mod clock;
pub mod value;
