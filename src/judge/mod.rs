//! Weighs an answer against what was promised: pure, total, no I/O.
//!
//! [`Checks`] is one block of a step, read by a [`Compiler`] that tells every problem with its place. [`judge`] puts it to
//! a [`Subject`] and gives findings; [`holds`] decides the conditions of a poll. A file for each kind of check stands under
//! `check/`, one for each family of matchers under `matcher/`; a line in their registries is all that a new one needs
//! besides. Whatever an endpoint sends, there is a reading: a check that cannot be decided says so and never passes.
//! Depends on `value`, `event`, `snapshot` and `diag`.

#[cfg(test)]
mod bench;
mod block;
mod breach;
mod breach_example;
mod check;
mod compile;
mod judgement;
mod matcher;
mod opaque;
mod openapi;
mod reading;
mod redirect;
mod rule;
mod schema;
mod show;
mod snapshot;
mod source;
mod statuses;
mod subject;
mod way;

pub use block::Checks;
pub use breach::BreachCode;
pub use breach_example::Weight;
pub use check::{CHECKS, CheckKind};
pub use compile::{Aim, Compiler, Fixed, Known, Moment, NameBook};
pub use judgement::{Standing, holds, judge, missed, protocol};
pub use matcher::{Context, Doubt, Fit, Found, MATCHERS, Matcher, MatcherKind, Miss, Texts};
pub use openapi::{
    Api, ApiFile, BadOperation, In, Operation, Parameter, PathTemplate, StatusKey, Stranger, Touched, files_named,
    touched,
};
pub use reading::{Breach, Reading};
pub use rule::{Check, Rule};
pub use schema::{Schema, SchemaFile, Schemas};
pub use snapshot::{SnapshotAsked, SnapshotName, Snapshots, StandIns};
pub use source::{Captured, Source};
pub use statuses::StatusSet;
pub use subject::{AnswerBody, NoDocument, Subject};
