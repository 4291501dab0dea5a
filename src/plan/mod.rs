//! Suite × target × selection → plan: which cases run, in which order, with which names, and why others do not. Pure.
//!
//! A case is a scenario with one of its rows in one variant. Its id is made of these and of nothing else, so that it is
//! the same on every host and every day. Depends on `suite`, `judge`, `value`, `event` and `diag`.

mod build;
mod case;
mod exclusive;
mod fill;
mod glob;
mod hooks;
mod names;
mod portion;
mod preflight;
mod select;
mod selection;
mod surface;
mod tags;

pub use build::{Plan, PlanOptions, plan, suite_head};
pub use case::{Body, Case};
pub use exclusive::{Exclusivity, Sharing};
pub use fill::{NotYetMade, fill_names, plain_names};
pub(crate) use glob::matches as glob;
pub use hooks::{Around, Hooks};
pub use names::{Addresses, CaseNames};
pub use select::outline;
pub use selection::{Selection, Selector};
pub use surface::{EMBEDDED, Resolved};
pub use tags::{BadTags, TagExpr};
