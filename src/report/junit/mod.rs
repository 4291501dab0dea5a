//! JUnit XML, through the crate `junit-report`, whose gaps are filled by one pass over its output ([`complete`]).
//!
//! One testcase per case, in the order of the plan: `name` is the case's id, `classname` the suite and the scenario, `file`
//! and `line` where the scenario stands; none depends on a URL, a host or a shard. failed → `failure`; inconclusive,
//! broken, blocked, unfinished → `error`; known, skipped → `skipped`; warned, flaky → passed, with the property `outcome`.
//! After the cases stands a failing testcase `waiver ID` for each waiver that does not hold, and one in error where something
//! was left on the target, the program has a defect, or the events end before the run.

mod complete;
mod others;
mod read_back;
mod reporter;
mod testsuite;
mod xml_text;

pub use reporter::Junit;
pub use xml_text::attribute;
