//! Assize puts an HTTP API's promises on trial.
//!
//! A *contract* is a folder of YAML files: requirements, and scenarios that are evidence for them. It is put to an
//! endpoint, every answer is weighed against checks and JSON Schemas, and the verdict is a record that a gate can rely
//! on. Nothing here knows a product, with two exceptions: the suites under `specs/`, and [`sandbox`], the simulated
//! tenant that the flagship suite is run against.
//!
//! This page is the map of the house. Read it, then the `//!` page of the room that you are about to change.
//!
//! # One way
//!
//! ```text
//! files ──load──▶ Suite ──plan──▶ Plan ──run──▶ Exchange ──judge──▶ Finding ──▶ Event ──report──▶ bytes, exit code
//!       suite/           plan/          run/ + http/      judge/             event/    report/         cli/
//!                                          ╰─── trial/: what comes next, asked by run and by replay alike ───╯
//! ```
//!
//! * [`suite::load`] reads all files and tells **all** problems at once, each with a caret. Names, paths, matchers and
//!   schemas are compiled here, once. A problem is the author's: exit 2.
//! * [`plan::plan`] puts suite, target and selection together: cases in order, and every skip with its reason.
//! * [`run::run`] does what each case's [`trial::Trial`] asks for over [`http`] and tells of it in [`event`]s. Whatever
//!   an endpoint does is data; it is never an error of the run.
//! * [`judge::judge`] is pure and total: a check that cannot be decided says so, and never passes.
//! * [`report`] renders events and nothing else, so that [`trial::retry`] can judge a recorded run again, and every
//!   report of it can be made again, without a network.
//!
//! Two things hold everywhere. **Secrets stay at the door**: [`http`] puts handles in their place before anything else
//! sees an answer, and puts them back only towards the origins that they belong to. **Time and chance are parameters**:
//! they come from [`clock`], and what is random follows from the run's seed and a name.
//!
//! # Rooms
//!
//! A room may use only the rooms of its line. A test reads this table and the imports of every file, and compares them.
//!
//! | room | what it holds | may use |
//! |---|---|---|
//! | [`clock`] | time, deadlines, chance: the only sources of them | |
//! | [`diag`] | problems with places, codes, and the one renderer with carets | |
//! | [`value`] | the exact JSON tree, names and templates, JSONPath, handles of secrets; pure | diag |
//! | [`snapshot`] | accepted answers as files in insta's format: names, texts, reading, printing, what differs, the folder | value diag |
//! | [`event`] | the vocabulary of a run: exchange, finding, outcome, event, record; plain data | value diag clock |
//! | [`judge`] | a file for each check and each family of matchers; pure | snapshot value event diag |
//! | [`suite`] | what people write, from YAML to typed values | judge snapshot value event diag clock |
//! | [`plan`] | suite × target × selection → cases; pure | suite judge snapshot value event diag clock |
//! | [`trial`] | a case as a machine without I/O: what is sent next, what an answer means, how the case ends; pure | plan suite judge snapshot value event diag clock |
//! | [`http`] | the transport and the two-way door for secrets | value event clock |
//! | [`auth`] | identities → tokens | http suite value event diag clock |
//! | [`run`] | cases side by side over the network: turns, leases, deadlines, undo, cancelling | trial plan suite http auth judge snapshot value event diag clock |
//! | [`prove`] | the proof that what is broken on purpose is noticed, at the tenant or in a recorded run | run report trial plan suite judge snapshot value event |
//! | [`report`] | console, JUnit, HTML, GitHub, Markdown, TAP, CTRF, HAR, JSON, event log: a file or folder each | snapshot event value diag clock |
//! | [`sandbox`] | the simulated CXone tenant | clock |
//! | [`cli`] | arguments, environment and terminal → typed options → exit code | auth clock diag event http judge plan prove report run sandbox snapshot suite trial value |
//!
//! Three lines matter most. `run` never uses `report`: it tells events to whoever listens. `sandbox` shares no code with
//! the judge, or it would share its mistakes. Only `cli` knows how to start the sandbox, so that the engine cannot lean
//! on it.
//!
//! # Where a thing goes
//!
//! | to add | write | and list it in |
//! |---|---|---|
//! | a check | a file under `src/judge/check/` | `CHECKS` in `registry.rs` beside it |
//! | a matcher | a file under `src/judge/matcher/`, or a word in the family it belongs to | `MATCHERS` in `registry.rs` beside it |
//! | a rule of OpenAPI documents | the file under `src/judge/openapi/` that reads, or judges by, the part that it is about | |
//! | a code that a judgement can name | a line in `src/judge/breach.rs` | |
//! | a problem of an author | a line in `src/diag/code.rs`, with its explanation | |
//! | a key of a YAML file | the table of fields of its decoder in `src/suite/`; the editor's schema is made from it | `docs/schema/`, by `assize schema` |
//! | a defect of the tenant | a line in `src/sandbox/defects/defect.rs`, and the question at the rule that it breaks | `defects.yaml` of the suite |
//! | a report | a file or folder under `src/report/` that is a [`report::Reporter`] | `Kind` in `src/report/kind.rs` |
//! | a command | a file under `src/cli/` | `Command` in `src/cli/args.rs` |
//! | a file of a suite, or one of its snapshots | the file under `specs/` or `snapshots/` | `src/cli/embedded.rs`, which a test compares with the folders |
//! | an exit code | never a new meaning for an old one | `src/cli/exit.rs` |
//!
//! # As a library
//!
//! The crate is a library so that its rooms can be tested and documented; the program is its only user, and names may
//! change with any version. What scripts may rely on is the command line, the exit codes, the files of a suite, and the
//! event log.
//!
//! ```
//! use assize::suite::{Embedded, LoadOptions, load};
//!
//! static HELLO: Embedded = Embedded {
//!     origin: "hello",
//!     files: &[("hello.yaml", b"scenario: The service answers\nsteps:\n  - request: GET /\n    expect: 200\n")],
//! };
//!
//! let loaded = load(&HELLO, &LoadOptions::default()).expect("a suite of one scenario");
//! assert_eq!(loaded.suite.scenarios[0].title, "The service answers");
//! ```

pub mod auth;
pub mod cli;
pub mod clock;
pub mod diag;
pub mod event;
pub mod http;
pub mod judge;
pub mod plan;
pub mod prove;
pub mod report;
pub mod run;
pub mod sandbox;
pub mod snapshot;
pub mod suite;
pub mod trial;
pub mod value;
