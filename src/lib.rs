//! Assize.

pub mod auth;
pub mod clock;
pub mod diag;
pub mod event;
pub mod http;
pub mod suite;
pub mod value;
