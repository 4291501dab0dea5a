//! What a job of GitHub Actions prints: a folded group for each case that did not pass, and annotations that GitHub shows at
//! the line of the scenario in a pull request.
//!
//! failed, inconclusive, broken, blocked, unfinished → `error`, and so is whatever the run is not green for beyond its cases;
//! warned, flaky → `warning`; known → `notice`. GitHub shows ten annotations of each level for a step and drops the rest, so
//! the last of ten says how many more there are. Passed and skipped cases have none; a notice at the end has the totals.

mod command;
mod reporter;

pub use reporter::Github;
