use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};

use crate::suite::parse_duration;

use super::Exit;
use super::examples;
use super::gate_args::GateArgs;
use super::schema::SchemaKind;
use super::terminal::{ColorChoice, Terminal};

/// Puts an HTTP API's promises on trial.
#[derive(Debug, Parser)]
#[command(name = "assize", version, about, max_term_width = 100, after_help = EXAMPLES)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub(super) command: Option<Command>,
    /// When output is coloured.
    #[arg(long, global = true, value_enum, default_value_t, env = "ASSIZE_COLOR")]
    pub(super) color: ColorChoice,
}

const EXAMPLES: &str = "\
Examples:
  assize run                                the CXone contract against the tenant that comes with it
  assize run --report junit=junit.xml       the same, for a CI job
  assize run hello.yaml --base-url https://api.example.com
  assize sandbox --dir tenant               a CXone tenant on this machine, for a client to talk to
  assize check                              what is wrong with a suite, without sending anything";

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Run a contract against a target.
    #[command(after_help = RUN_EXAMPLES)]
    Run(Box<RunArgs>),
    /// Load and lint suites; nothing is sent.
    #[command(after_help = examples::CHECK)]
    Check(CheckArgs),
    /// List the cases of a suite, or its requirements.
    #[command(after_help = examples::LIST)]
    List(Box<ListArgs>),
    /// Explain a requirement, scenario, check or code.
    #[command(after_help = examples::EXPLAIN)]
    Explain(ExplainArgs),
    /// Break promises on purpose, the tenant's or those of a recorded run, and show which checks notice it.
    #[command(after_help = PROVE_EXAMPLES)]
    Prove(Box<ProveArgs>),
    /// Judge a recorded run again, and render reports of it; put the shards of a run together.
    #[command(after_help = examples::REPLAY)]
    Replay(ReplayArgs),
    /// Compare two recorded runs: what fails now, what is fixed, flaky, slower, new or gone.
    #[command(after_help = examples::DIFF)]
    Diff(DiffArgs),
    /// Write a small suite for a URL, or a copy of one that comes along.
    #[command(after_help = examples::INIT)]
    Init(InitArgs),
    /// Look at answers that are not as they were accepted, and accept or reject them.
    #[command(after_help = SNAPSHOTS_EXAMPLES)]
    Snapshots(SnapshotsArgs),
    /// Serve a simulated CXone tenant for an integration under development.
    #[command(after_help = format!("{}\n\n{SANDBOX_CONTROL}", examples::SANDBOX))]
    Sandbox(SandboxArgs),
    /// Print the JSON Schema of a kind of file, for editors, or of what `--format json` prints.
    #[command(after_help = examples::SCHEMA)]
    Schema(SchemaArgs),
    /// Print a script that completes commands and options in a shell.
    #[command(after_help = examples::COMPLETIONS)]
    Completions(CompletionsArgs),
    /// Print the manual page, or write one for each command.
    #[command(after_help = examples::MAN)]
    Man(ManArgs),
}

const RUN_EXAMPLES: &str = "\
Examples:
  assize run                                      everything, against the default target
  assize run session.start-twice                  one scenario
  assize run 'session.*' --variant legacy         some scenarios, in one variant
  assize run specs/cxone/scenarios/sessions/join-distinct.yaml:7
  assize run --tag 'agent and not slow' --requirement 'CX-SES-*'
  assize run --target tenant --target-file assize.yaml --report junit=junit.xml --report log=run.ndjson
  assize run --dry-run                            what would be sent, and where
  assize run --frozen                             as in CI: no snapshot is written, one that is missing fails
  assize run --fail-on should --flaky fail --retries 2    the strictest gate: a SHOULD fails, and so does a flaky case
  assize run --last-failed                        only what did not pass the last time
  assize run 'session.*' --repeat 20              which cases do not come out the same each time
  assize run --shard 2/5 --report log=2.ndjson    one of five machines; `assize replay *.ndjson` gives the verdict

Exit codes: 0 passed (EMPTY: a shard without a case), 1 a promise was broken, a waiver does not hold, or what
`--fail-on` and `--flaky` say, 2 usage, 3 something could not be judged, 4 nothing ran, 5 not everything ran, 6 something may
have been left on the target, 70 a defect, 74 a report or a snapshot could not be written.";

const SNAPSHOTS_EXAMPLES: &str = "\
Examples:
  assize run                                      an answer that differs fails, and what was seen waits as NAME.snap.new
  assize snapshots review                         look at each difference: a accepts, r rejects, s skips
  assize snapshots list                           what waits, and what no step refers to any more
  assize snapshots accept session.start.again     the same without a terminal; `--all` for all that wait
  assize snapshots reject --all
  assize snapshots prune --dry-run                which snapshots no step refers to; without `--dry-run` they go
  assize run --snapshots accept                   accept whatever is seen; look at it in the version control then

In CI (`CI` is set, or `--frozen`) nothing is ever written. The files are those of the crate insta, so that
`cargo insta review` reviews them too. See docs/snapshots.md.";

const PROVE_EXAMPLES: &str = "\
Examples:
  assize prove                                    every defect of the tenant that comes along; takes some minutes
  assize prove --defect event-lost --defect event-doubled
  assize prove 'session.*' --defect join-repeats-id --format json
  assize run --report log=run.ndjson              or, for any suite and target: record a run that passes, and
  assize prove --record run.ndjson                break its answers; nothing is sent
  assize prove --record run.ndjson --all          slight changes, and answers that only a SHOULD depends on, too

Exit codes: 0 everything was noticed, 1 something was not, 2 usage, 4 nothing was judged, 5 stopped.";

const SANDBOX_CONTROL: &str = "\
The control API makes things happen in the tenant. Below the `control` URL that is printed, with the
`authorization` header that `--dir` writes to `secrets/control`:
  POST   /clock                   {\"advance_ms\": 60000}         move the tenant's clock ahead
  POST   /contacts                {\"media\": \"call\"}             a patron calls, or begins a chat
  GET    /contacts                                              every contact, and who has it
  POST   /contacts/NUMBER/texts   {\"text\": \"Hello\"}             the patron of a chat writes
  DELETE /contacts/NUMBER                                       the patron hangs up
  DELETE /agents/NUMBER/session                                 log an agent out
  POST   /agents/NUMBER/failures  {\"result_code\": \"Busy\"}       fail the agent's next command
  PUT    /limits                  {\"calls\": 5, \"per_ms\": 1000}  answer more calls by 429
  DELETE /limits                                                limit nothing, as at first
  POST   /defects                 {\"on\": [\"event-lost\"]}       break exactly these promises
  GET    /defects                                               what can be broken
  GET    /sessions                                              what is going on, and held polls
  GET    /journal                                               what the tenant was asked";

/// Which suite and target, and what of it.
#[derive(Debug, Clone, Args)]
pub(super) struct PlanArgs {
    /// Scenarios: an id (`*` is wild), a path, or `path:line`.
    #[arg(value_name = "SELECTOR")]
    pub(super) selectors: Vec<String>,
    /// The suite: a folder, a file of scenarios, or the name of one that comes along.
    #[arg(long, value_name = "PATH|NAME", env = "ASSIZE_SUITE")]
    pub(super) suite: Option<String>,
    /// The target, by its name.
    #[arg(long, value_name = "NAME", env = "ASSIZE_TARGET")]
    pub(super) target: Option<String>,
    /// The file with your targets; otherwise `assize.yaml`, here or above.
    #[arg(long, value_name = "FILE", env = "ASSIZE_TARGET_FILE")]
    pub(super) target_file: Option<PathBuf>,
    /// Where paths go, over what the target says.
    #[arg(long, value_name = "URL", env = "ASSIZE_BASE_URL")]
    pub(super) base_url: Option<String>,
    /// A variable, over what the target says.
    #[arg(long = "var", value_name = "NAME=VALUE")]
    pub(super) vars: Vec<String>,
    /// A file of `NAME=VALUE` lines: secrets that the target takes from the environment.
    #[arg(long, value_name = "FILE", env = "ASSIZE_ENV_FILE")]
    pub(super) env_file: Option<PathBuf>,
    /// Only cases of this variant.
    #[arg(long = "variant", value_name = "NAME")]
    pub(super) variants: Vec<String>,
    /// Only scenarios with these tags, such as 'agent and not slow'.
    #[arg(long = "tag", value_name = "TAGS")]
    pub(super) tags: Vec<String>,
    /// Only scenarios that are evidence for this requirement (`*` is wild).
    #[arg(long = "requirement", value_name = "ID")]
    pub(super) requirements: Vec<String>,
    /// What everything random is derived from; random where it is left out.
    #[arg(long, value_name = "NUMBER", env = "ASSIZE_SEED")]
    pub(super) seed: Option<u64>,
    /// How long is waited where a scenario lets time pass and the target's clock cannot be moved.
    #[arg(long, value_name = "DURATION", default_value = "10s", value_parser = duration)]
    pub(super) wait: Duration,
}

#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
pub(super) struct RunArgs {
    #[command(flatten)]
    pub(super) plan: PlanArgs,
    /// How many cases run side by side.
    #[arg(long, short, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u32).range(1..=1024), env = "ASSIZE_JOBS")]
    pub(super) jobs: u32,
    /// How long the run may take.
    #[arg(long, value_name = "DURATION", value_parser = duration, env = "ASSIZE_TIME")]
    pub(super) time: Option<Duration>,
    /// Write a report to a file, or with `-` to stdout: `junit`, `html`, `github`, `markdown`, `tap`, `ctrf`, `har`, `json` or
    /// `log`; several at once.
    #[arg(long = "report", value_name = "KIND=PATH")]
    pub(super) reports: Vec<OsString>,
    /// A file of known failures, besides that of the suite; otherwise `waivers.yaml`, here or above.
    #[arg(long, value_name = "FILE", env = "ASSIZE_WAIVERS")]
    pub(super) waivers: Option<PathBuf>,
    #[command(flatten)]
    pub(super) gate: GateArgs,
    /// Start cases in an order drawn from the seed; ids and reports stay as they are.
    #[arg(long, env = "ASSIZE_SHUFFLE", value_parser = clap::builder::FalseyValueParser::new())]
    pub(super) shuffle: bool,
    /// What becomes of snapshots: `new` where nothing is said, `verify` in CI.
    #[arg(long, value_enum, value_name = "MODE", env = "ASSIZE_SNAPSHOTS")]
    pub(super) snapshots: Option<SnapshotChoice>,
    /// Behave as in CI, where `CI` is set: no snapshot is ever written, and one that is missing fails.
    #[arg(long, env = "ASSIZE_FROZEN", value_parser = clap::builder::FalseyValueParser::new())]
    pub(super) frozen: bool,
    /// Show what would run, what it would send and where, and send nothing.
    #[arg(long)]
    pub(super) dry_run: bool,
    /// Run again, whenever a file changes, what that file touches.
    #[arg(long, conflicts_with_all = ["dry_run", "reports"])]
    pub(super) watch: bool,
    /// Show of each case what was sent and its notes; twice, header fields and bodies too. Secrets stay handles.
    #[arg(long, short, action = ArgAction::Count)]
    pub(super) verbose: u8,
    /// What stdout holds.
    #[arg(long, value_enum, default_value_t, env = "ASSIZE_FORMAT")]
    pub(super) format: Format,
}

/// What becomes of snapshots.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum SnapshotChoice {
    /// Compare, and write nothing.
    Verify,
    /// Compare; what differs or is new fails, and waits for a review.
    New,
    /// Accept whatever is seen.
    Accept,
}

/// What stdout holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// Text for people.
    #[default]
    Human,
    /// JSON for programs.
    Json,
}

#[derive(Debug, Args)]
pub(super) struct ProveArgs {
    #[command(flatten)]
    pub(super) plan: PlanArgs,
    /// Break the answers of this event log of a run that passed, as `--report log=FILE` writes it; nothing is sent.
    #[arg(long, value_name = "LOG", conflicts_with_all = ["defects", "jobs"])]
    pub(super) record: Option<PathBuf>,
    /// Show every change that nobody noticed, not only the grave ones of a MUST.
    #[arg(long, requires = "record")]
    pub(super) all: bool,
    /// A file of survivors that are accepted, besides that of the suite; otherwise `waivers.yaml`, here or above.
    #[arg(long, value_name = "FILE", requires = "record")]
    pub(super) waivers: Option<PathBuf>,
    /// Only this defect of the tenant; several at once. `assize sandbox --defect list` shows all.
    #[arg(long = "defect", value_name = "NAME")]
    pub(super) defects: Vec<String>,
    /// Run every case against every defect, also those that never come near it.
    #[arg(long, conflicts_with = "record")]
    pub(super) every_case: bool,
    /// How long the cases of one defect may take.
    #[arg(long, value_name = "DURATION", default_value = "2m", value_parser = duration)]
    pub(super) time: Duration,
    /// How many defects are tried side by side.
    #[arg(long, short, value_name = "N", default_value_t = 6, value_parser = clap::value_parser!(u32).range(1..=64), env = "ASSIZE_JOBS")]
    pub(super) jobs: u32,
    /// Write a report: `junit=FILE`.
    #[arg(long = "report", value_name = "KIND=PATH")]
    pub(super) reports: Vec<OsString>,
    /// What stdout holds.
    #[arg(long, value_enum, default_value_t, env = "ASSIZE_FORMAT")]
    pub(super) format: Format,
}

#[derive(Debug, Args)]
pub(super) struct SnapshotsArgs {
    #[command(subcommand)]
    pub(super) command: SnapshotsCommand,
    /// The suite: a folder, a file of scenarios, or a name under `specs`; otherwise all of them.
    #[arg(long, value_name = "PATH|NAME", global = true, env = "ASSIZE_SUITE")]
    pub(super) suite: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(super) enum SnapshotsCommand {
    /// List what waits for a review, and what no step refers to.
    List {
        /// What stdout holds.
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
    /// Walk through what waits, on a terminal: a accepts, r rejects, s skips, A accepts the rest, q stops.
    Review,
    /// Accept what waits under these names.
    Accept(NamesArgs),
    /// Forget what waits under these names.
    Reject(NamesArgs),
    /// Remove snapshots that no step refers to.
    Prune {
        /// Only tell which.
        #[arg(long)]
        dry_run: bool,
    },
}

#[derive(Debug, Args)]
pub(super) struct NamesArgs {
    /// Names of snapshots, as `assize snapshots list` shows them (`*` is wild).
    #[arg(value_name = "NAME", required_unless_present = "all", conflicts_with = "all")]
    pub(super) names: Vec<String>,
    /// All that wait.
    #[arg(long)]
    pub(super) all: bool,
}

#[derive(Debug, Args)]
pub(super) struct CheckArgs {
    /// Suites: folders, files of scenarios, or names of suites that come along; all under `specs` otherwise.
    #[arg(value_name = "PATH")]
    pub(super) paths: Vec<String>,
    /// What stdout holds.
    #[arg(long, value_enum, default_value_t)]
    pub(super) format: Format,
}

#[derive(Debug, Args)]
pub(super) struct ListArgs {
    #[command(flatten)]
    pub(super) plan: PlanArgs,
    /// The requirements, with the scenarios that are evidence for each.
    #[arg(long = "requirements")]
    pub(super) requirements_only: bool,
    /// What of the operations of the suite's OpenAPI documents is touched by what is written, and what is not.
    #[arg(long, conflicts_with = "requirements_only")]
    pub(super) coverage: bool,
    /// With `--coverage`: what was really touched in the run of this log, and what came that no document has.
    #[arg(long, value_name = "LOG", requires = "coverage")]
    pub(super) record: Option<PathBuf>,
    /// What stdout holds.
    #[arg(long, value_enum, default_value_t)]
    pub(super) format: Format,
}

#[derive(Debug, Args)]
pub(super) struct ExplainArgs {
    /// A requirement, a scenario, a check, a matcher or a code, such as `status-mismatch`; without one, all checks and matchers.
    #[arg(value_name = "ID")]
    pub(super) id: Option<String>,
    /// The suite: a folder, a file of scenarios, or the name of one that comes along.
    #[arg(long, value_name = "PATH|NAME", env = "ASSIZE_SUITE")]
    pub(super) suite: Option<String>,
    /// What stdout holds.
    #[arg(long, value_enum, default_value_t)]
    pub(super) format: Format,
}

#[derive(Debug, Args)]
pub(super) struct ReplayArgs {
    /// An event log, as `--report log=FILE` writes it; of a run that was split, those of all its shards.
    #[arg(value_name = "LOG", required = true)]
    pub(super) logs: Vec<PathBuf>,
    /// The suite, where it is not at its recorded place.
    #[arg(long, value_name = "PATH|NAME", env = "ASSIZE_SUITE")]
    pub(super) suite: Option<String>,
    /// Write a report to a file, or with `-` to stdout: `junit`, `html`, `github`, `markdown`, `tap`, `ctrf`, `har`, `json` or
    /// `log`; several at once.
    #[arg(long = "report", value_name = "KIND=PATH")]
    pub(super) reports: Vec<OsString>,
    /// Only render; judge nothing again.
    #[arg(long)]
    pub(super) render_only: bool,
    /// Show of each case what was sent and its notes; twice, header fields and bodies too. Secrets stay handles.
    #[arg(long, short, action = ArgAction::Count)]
    pub(super) verbose: u8,
    /// What stdout holds; as JSON, the events.
    #[arg(long, value_enum, default_value_t)]
    pub(super) format: Format,
}

#[derive(Debug, Args)]
pub(super) struct DiffArgs {
    /// The event log of the earlier run, as `--report log=FILE` writes it.
    #[arg(value_name = "RUN_A")]
    pub(super) before: PathBuf,
    /// That of the later one.
    #[arg(value_name = "RUN_B")]
    pub(super) after: PathBuf,
    /// A step is slower when it takes so many times as long, what slowed all steps down left out.
    #[arg(long, value_name = "FACTOR", default_value_t = 2.0)]
    pub(super) slower: f64,
    /// And so much longer.
    #[arg(long, value_name = "DURATION", default_value = "100ms", value_parser = duration)]
    pub(super) slower_by: Duration,
    /// What stdout holds.
    #[arg(long, value_enum, default_value_t)]
    pub(super) format: Format,
}

#[derive(Debug, Args)]
pub(super) struct InitArgs {
    /// What the first scenario gets; with `--suite`, the folder instead.
    #[arg(value_name = "URL")]
    pub(super) url: Option<String>,
    /// The folder to write to; otherwise this one.
    #[arg(value_name = "DIR")]
    pub(super) dir: Option<PathBuf>,
    /// Send one GET to the URL, and write what came as checks.
    #[arg(long, conflicts_with = "suite")]
    pub(super) probe: bool,
    /// Copy this suite, which comes along, with its snapshots.
    #[arg(long, value_name = "NAME")]
    pub(super) suite: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct CompletionsArgs {
    /// The shell.
    #[arg(value_name = "SHELL", value_enum)]
    pub(super) shell: clap_complete::Shell,
}

#[derive(Debug, Args)]
pub(super) struct ManArgs {
    /// Write `assize.1` and a page for each command to this folder; otherwise `assize.1` goes to stdout.
    #[arg(value_name = "DIR")]
    pub(super) dir: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct SandboxArgs {
    /// Where the tenant listens.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:0")]
    pub(super) listen: std::net::SocketAddr,
    /// Serve over TLS, with an authority made for the purpose.
    #[arg(long)]
    pub(super) tls: bool,
    /// Write a ready `assize.yaml` and its secret files to this folder.
    #[arg(long, value_name = "DIR")]
    pub(super) dir: Option<PathBuf>,
    /// Break a promise on purpose; several at once. `list` shows what can be broken.
    #[arg(long = "defect", value_name = "NAME")]
    pub(super) defects: Vec<String>,
    /// What stdout holds; as JSON, one line with the addresses.
    #[arg(long, value_enum, default_value_t)]
    pub(super) format: Format,
}

#[derive(Debug, Args)]
pub(super) struct SchemaArgs {
    /// The kind of file, or what is printed.
    #[arg(value_name = "KIND", value_parser = kinds())]
    pub(super) kind: SchemaKind,
    /// A schema is JSON in either case.
    #[arg(long, value_enum, default_value_t)]
    pub(super) format: Format,
}

fn duration(text: &str) -> Result<Duration, String> {
    parse_duration(text).ok_or_else(|| "a duration is a number and a unit, such as 500ms, 20s, 5m or 2h".to_owned())
}

/// Reads what has a schema, and lets the help list all of it.
fn kinds() -> impl TypedValueParser<Value = SchemaKind> {
    PossibleValuesParser::new(SchemaKind::names())
        .try_map(|text| SchemaKind::named(&text).ok_or("nothing with a schema"))
}

/// Shows help, the version, or what is wrong with the arguments.
pub(super) fn refused(error: &clap::Error) -> ExitCode {
    let is_asked_for = !error.use_stderr();
    if error.print().is_err_and(|error| error.kind() != std::io::ErrorKind::BrokenPipe) {
        return ExitCode::from(Exit::IoError.code());
    }
    ExitCode::from(if is_asked_for { Exit::Pass.code() } else { Exit::Usage.code() })
}

/// What to type first.
pub(super) fn welcome(terminal: &mut Terminal) -> Exit {
    terminal.say(
        "Assize puts an HTTP API's promises on trial.\n\n\
         Look at it:\n\
         \x20 assize run                           the CXone contract against the tenant that comes with it\n\
         \x20 assize list                          what is in it\n\n\
         Try your own API:\n\
         \x20 assize init https://api.example.com  a small suite for it, in this folder\n\
         \x20 assize run --watch                   put it to the API, again whenever a file changes\n\n\
         `assize help` has all commands, `assize COMMAND --help` examples of each, docs/first-run.md the first hour.\n",
    );
    Exit::Pass
}
