//! The proof that a contract can fail: what is broken on purpose must be noticed, and by nothing but what it breaks.
//!
//! Two ways. [`prove_defects`] runs the cases of a plan against tenants that have one defect each, and judges every run
//! against what the suite says of that defect: a [`Matrix`] of which check noticed what. Who serves the tenants is not known
//! here: whoever calls brings a [`Workshop`], which makes a world for each defect.
//!
//! [`survey`] takes a recorded run of any suite and target and judges it again with one answer changed: another status, a
//! member dropped, a list emptied, an id that was given before. A change that no check notices is a *survivor*: an endpoint
//! could break in just that way, and the suite would stay green. Nothing is sent.

mod accept;
mod attempt;
mod change_score;
mod defects;
mod junit;
mod matrix;
mod matrix_junit;
mod matrix_text;
mod members;
mod mutant;
mod mutate;
mod mutation;
mod observed;
mod survey;
mod survey_json;
mod survey_junit;
mod survey_text;
mod waiver_problem;
mod workshop;

pub use change_score::ChangeScore;
pub use defects::{ProveError, ProveOptions, Reach, Subject, prove_defects};
pub use matrix::{Astray, Matrix, MatrixTotals, Notice, RequirementScore, Row, Stand, Unbroken};
pub use mutant::Mutant;
pub use mutate::mutants;
pub use mutation::{Gravity, Mutation, Place};
pub use survey::{StepScore, Survey, Survivor, survey};
pub use survey_text::Shown;
pub use waiver_problem::SurvivorProblem;
pub use workshop::Workshop;
