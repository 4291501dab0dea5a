//! Assize.

pub mod auth;
pub mod cli;
pub mod clock;
pub mod diag;
pub mod event;
pub mod http;
pub mod judge;
pub mod plan;
pub mod report;
pub mod run;
pub mod sandbox;
pub mod suite;
pub mod trial;
pub mod value;
