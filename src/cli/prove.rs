use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::Arc;

use crate::clock::SystemClock;
use crate::event::{CancelCause, Gate};
use crate::plan::Plan;
use crate::prove::{ProveError, ProveOptions, Reach, Subject, Workshop, prove_defects};
use crate::report::{Destination, Kind, WholeReport};
use crate::run::{CancelHandle, Order, Pauses, Retries, RunOptions, SecretReader, World, WorldError, WorldParts};
use crate::sandbox::Defect;

use super::args::{Format, ProveArgs};
use super::exit::Reports;
use super::failure::Failure;
use super::prove_progress::ProveProgress;
use super::reports::parsed;
use super::run::{GRACE, plan_of, suite_place, transport};
use super::runtime::runtime;
use super::terminal::Terminal;
use super::yard::{Asked, Breed, Yard};
use super::{Exit, defects, secrets, signals, survivors, waivers};

/// `assize prove`: gives the embedded tenant one defect after the other, and shows which checks notice it.
pub(super) fn execute(args: &ProveArgs, terminal: &mut Terminal) -> Result<Exit, Failure> {
    if let Some(log) = &args.record {
        return survivors::execute(args, log, terminal);
    }
    let (place, selectors) = suite_place(&args.plan)?;
    let plan = plan_of(&args.plan, &place, &selectors, terminal)?;
    if !plan.is_embedded() {
        return Err(Failure::usage(format!(
            "the target `{}` cannot be given defects: only the tenant that comes along can; \
             `assize prove --record LOG` mutates the answers of a recorded run of any target",
            plan.target.name
        )));
    }
    let subjects = subjects(&plan, &args.defects)?;
    let reports = reports(args)?;
    let waivers = waivers::find_survivors(&place, args.waivers.as_deref(), &plan.suite, terminal)?;
    let options = ProveOptions {
        side_by_side: args.jobs as usize,
        run: RunOptions {
            jobs: CASES_AT_ONCE,
            time_limit: None,
            grace: GRACE,
            longest_wait: args.plan.wait,
            max_fail: None,
            gate: Gate::default(),
            retries: Retries::AsWritten,
            order: Order::Plan,
            pauses: Pauses::Moved,
        },
        limit: args.time,
        reach: if args.every_case { Reach::Every } else { Reach::Touched },
        is_whole: args.defects.is_empty() && !plan.is_partial,
    };
    let secrets = secrets::read(&plan, args.plan.env_file.as_deref())?;
    transport(&plan.target)?;
    let plan = Arc::new(plan);
    let worlds = Worlds { secrets, asked: Asked::default(), plan: Arc::clone(&plan) };
    let mut progress = ProveProgress::of(subjects.len());
    let (handle, cancel) = CancelHandle::new();
    signals::insist(handle)?;
    let runtime = runtime()?;
    let proving =
        prove_defects(Arc::clone(&plan), subjects, options, cancel.clone(), worlds, move |row| progress.tell(row));
    let proven = runtime.block_on(runtime.spawn(proving)).map_err(Failure::internal)?;
    runtime.shutdown_background();
    ProveProgress::end();
    let cancelled = cancel.cause();
    let matrix = match proven {
        Ok(matrix) => matrix.accepting(&waivers),
        Err(ProveError::World(error)) => return Err(Failure::usage(error)),
        Err(error @ (ProveError::Stopped { .. } | ProveError::Endless { .. })) => {
            terminal.complain(&format!("error: {error}\n"));
            return Ok(match cancelled {
                Some(CancelCause::Signal(number)) => Exit::Signal(number),
                Some(CancelCause::TimeLimit | CancelCause::MaxFail | CancelCause::Internal) | None => Exit::Incomplete,
            });
        }
        Err(ProveError::Internal(error)) => return Err(Failure::internal(error)),
        Err(error @ ProveError::Unsound { .. }) => {
            terminal.complain(&unsound(&error));
            return Ok(Exit::Error);
        }
    };
    let reports = write_reports(reports, &matrix.junit(), terminal);
    let exit = match cancelled {
        Some(CancelCause::Signal(number)) if matrix.totals.untried > 0 => Exit::Signal(number),
        _ if reports == Reports::Broken => Exit::IoError,
        _ if matrix.totals.unnoticeable == matrix.defects.len() => Exit::Nothing,
        _ if !matrix.is_proven() => Exit::Fail,
        _ if matrix.totals.untried > 0 => Exit::Incomplete,
        _ => Exit::Pass,
    };
    match args.format {
        Format::Human => {
            let text = matrix.text(terminal.paint());
            terminal.say(&format!("{text}\n{} (exit {} {})\n", matrix.count_line(), exit.code(), exit.name()));
        }
        Format::Json => {
            let json = serde_json::to_string_pretty(&matrix).map_err(Failure::internal)?;
            terminal.say(&format!("{json}\n"));
        }
    }
    Ok(exit)
}

/// What is told where the cases do not pass without a defect.
fn unsound(error: &ProveError) -> String {
    let mut text = format!("error: {error}: their failing shows nothing\n");
    if let ProveError::Unsound { cases } = error {
        for astray in cases {
            // Writing to a String cannot fail.
            let _ = writeln!(text, "  {} {} ({})", astray.case, astray.outcome, astray.why);
        }
    }
    text
}

/// Makes the worlds of a proof.
struct Worlds {
    secrets: SecretReader,
    asked: Asked,
    plan: Arc<Plan>,
}

impl Worlds {
    fn world(&self, breed: Breed) -> Result<World, WorldError> {
        let yard = Yard::new(self.plan.seed, breed).map_err(|_| WorldError::NoTenants)?;
        let parts = WorldParts {
            // Its connections go with it: there are so many tenants that nobody could keep one to each.
            transport: transport(&self.plan.target).map_err(|_| WorldError::NoTenants)?,
            secrets: self.secrets.clone(),
            tenants: Some(Arc::new(yard)),
            clock: Arc::new(SystemClock),
        };
        World::new(&self.plan, parts)
    }
}

impl Workshop for Worlds {
    fn broken(&self, defect: &str) -> Result<World, WorldError> {
        self.world(Breed::Broken(Defect::named(defect)))
    }

    fn sound(&self) -> Result<World, WorldError> {
        self.world(Breed::Sound(self.asked.clone()))
    }

    fn asked(&self, control: &str) -> Option<BTreeSet<String>> {
        self.asked.at(control)
    }
}

/// How many cases of a defect run side by side: most of them wait most of the time.
const CASES_AT_ONCE: usize = 48;

/// The defects that are asked for, or all, with what the suite says of each.
fn subjects(plan: &Plan, wanted: &[String]) -> Result<Vec<Subject>, Failure> {
    let wanted = defects::named(wanted)?;
    let suite = &plan.suite;
    if suite.defects.is_empty() {
        return Err(Failure::usage(format!("the suite `{}` has no `defects.yaml`", suite.name)));
    }
    if let Some(unsaid) = wanted.iter().find(|one| suite.defects.iter().all(|entry| entry.name != one.name())) {
        return Err(Failure::usage(format!("`defects.yaml` of the suite `{}` does not name `{unsaid}`", suite.name)));
    }
    let mut subjects = Vec::new();
    for entry in &suite.defects {
        let Some(defect) = Defect::named(&entry.name) else {
            return Err(Failure::usage(format!(
                "`defects.yaml` names `{}`, which the tenant does not have",
                entry.name
            )));
        };
        if wanted.is_empty() || wanted.contains(&defect) {
            subjects.push(Subject { entry: entry.clone(), text: defect.text().to_owned() });
        }
    }
    Ok(subjects)
}

/// The reports that are asked for, their files begun before the first request.
pub(super) fn reports(args: &ProveArgs) -> Result<Vec<WholeReport>, Failure> {
    let specs = parsed(&args.reports)?;
    if let Some(other) = specs.iter().find(|report| report.kind != Kind::Junit || report.to == Destination::Stdout) {
        return Err(Failure::usage(format!("`prove` writes `junit=FILE` only, not `{}`", other.text())));
    }
    specs.iter().map(|spec| spec.open_whole().map_err(Failure::io)).collect()
}

/// Writes this as each of them; one that fails keeps no other from being written. Whether all could be.
pub(super) fn write_reports(reports: Vec<WholeReport>, text: &str, terminal: &mut Terminal) -> Reports {
    let failures = reports.into_iter().filter_map(|report| report.write(text).err()).collect::<Vec<_>>();
    for failure in &failures {
        terminal.complain(&format!("error: {failure}\n"));
    }
    if failures.is_empty() { Reports::Whole } else { Reports::Broken }
}
