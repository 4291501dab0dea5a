//! The steps of scenarios and flows: a file for each thing that a step may do or say.
//!
//! [`StepDecoder`] goes through a list of steps; its methods stand in the files named for what they read. The keys are
//! those of [`STEP_FIELDS`], from which the editor's schema is made too.

mod actors;
mod capture;
mod compiled;
mod decoder;
mod documented;
mod elapse;
mod flow_use;
mod implied;
mod keys;
mod lint;
mod poll;
mod request;
mod together;
mod token;
mod undo;
mod verified;

pub(in crate::suite) use actors::Actors;
pub(in crate::suite) use decoder::StepDecoder;
pub(in crate::suite) use keys::{ACTING, STEP_FIELDS};
pub(in crate::suite) use verified::requirements;
