//! What people write: suites, requirements, targets, scenarios and flows, from YAML to typed values.
//!
//! Loading reads every file, reports **all** problems of all files at once, each with a caret, and compiles everything
//! that can be compiled: names, paths, matchers, schemas. What comes out is sound, and nothing is compiled later
//! except what holds a name that only the target knows. Depends on `judge`, `value` and `diag`, on `event`
//! for ids and waivers, and on `clock` for days.

mod again;
mod catalogue_file;
mod clock_part;
mod connection_part;
mod context;
mod coverage;
mod credential;
mod defect_file;
mod fields;
mod files;
mod flow_file;
mod hook_part;
mod identity;
mod identity_part;
mod layout;
mod load;
mod names;
mod oauth2_part;
mod openapi_files;
mod openapi_part;
mod origin;
mod provides;
mod provides_part;
mod request_line;
mod requirement;
mod rows;
mod scalar;
mod scenario;
mod scenario_file;
mod schema;
mod snapshot_names;
mod step;
mod step_part;
#[expect(clippy::module_inception, reason = "a suite is what this room is about, and its own concept in it")]
mod suite;
mod suite_file;
mod surface_part;
mod survivor_waiver;
mod target;
mod target_file;
#[cfg(test)]
mod tests;
mod unused;
mod waiver_file;
mod waiver_subject;
pub mod yaml;

pub(crate) use context::Context;
pub(crate) use flow_file::{decode_flow, signature};
pub(crate) use hook_part::{check_hooks, with_used};
pub(crate) use scenario_file::redecode;

pub use crate::value::parse_duration;
pub use credential::TargetSource;
pub use defect_file::DefectEntry;
pub use files::{Embedded, Files, Folder, ListError, ReadError};
pub use flow_file::FlowSignature;
pub use identity::{
    ClientVia, Credential, Grant, Identity, OAuth2, Scheme, SecretRef, SecretSource, SignInPages, TokenBody, User,
};
pub use load::{LoadError, LoadOptions, Loaded, load};
pub use openapi_part::{Documented, JudgedBy};
pub use provides::{Provided, Provides};
pub use requirement::{Actor, Basis, Catalogue, Clause, Question, Requirement};
pub use scenario::{Device, Flow, Flows, Scenario};
pub use schema::{Kind, json_schema};
pub use step::{
    Acting, Aim, BodySpec, Capture, CaptureFrom, Elapse, Member, PartSpec, Poll, Present, RequestSpec, StatusSpan,
    Step, StepKind, Undo, UndoEntry, UrlSpec,
};
pub use suite::{Defaults, Suite, SuiteKind};
pub use survivor_waiver::{SurvivorWaiver, Unnoticed};
pub use target::{ClockControl, Connection, Hook, HttpVersions, Pace, Surface, Target};
pub use target_file::load_targets;
pub use waiver_file::{WaiverError, WaiverFile, load_survivor_waivers, load_waivers};
