//! What people write: suites, requirements, targets, scenarios and flows, from YAML to typed values.
//!
//! Loading reads every file, reports **all** problems of all files at once, each with a caret, and compiles everything
//! that can be compiled: names, JSONPaths, matchers, schemas. What comes out is sound, and nothing is compiled later
//! except what holds a name that only the target knows. Depends on `judge`, `value` and `diag`, and on `event` for ids.

mod catalogue_file;
mod duration;
mod fields;
mod files;
mod flow_file;
mod identity;
mod load;
mod names;
mod provides;
mod request_line;
mod requirement;
mod rows;
mod scenario;
mod scenario_file;
mod schema;
mod step;
mod step_file;
mod suite;
mod suite_file;
mod target;
mod target_file;
mod yaml;
