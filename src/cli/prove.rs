use std::io::Write as _;
use std::sync::Arc;

use crate::clock::SystemClock;
use crate::plan::Plan;
use crate::prove::{Matrix, ProveOptions, Row, Stand, Subject, prove_defects};
use crate::report::{Kind, ReportSpec};
use crate::run::{CancelHandle, Order, RunOptions, World, WorldParts};
use crate::sandbox::{Defect, Entropy, Host, HostOptions};

use super::args::{Format, ProveArgs};
use super::failure::Failure;
use super::run::{GRACE, plan_of, suite_place, transport};
use super::runtime::runtime;
use super::tenants::SandboxTenants;
use super::terminal::Terminal;
use super::{Exit, defects, secrets, signals, survivors};

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
    let options = ProveOptions {
        side_by_side: args.jobs as usize,
        run: RunOptions {
            jobs: CASES_AT_ONCE,
            time_limit: None,
            grace: GRACE,
            longest_wait: args.plan.wait,
            max_fail: None,
            order: Order::Plan,
        },
        is_whole: args.defects.is_empty() && args.plan.selectors.is_empty(),
    };
    let secrets = secrets::read(&plan, args.plan.env_file.as_deref())?;
    let transport = transport(&plan.target)?;
    let plan = Arc::new(plan);
    let runtime = runtime()?;
    let made: Result<(Matrix, Option<_>), Failure> = runtime.block_on(async {
        let (handle, cancel) = CancelHandle::new();
        let watch = tokio::spawn(signals::watch(handle.clone()));
        let host = Host::start(HostOptions::plain(Entropy::from_seed(plan.seed)))
            .await
            .map_err(|error| Failure::internal(format!("the tenant cannot be served: {error}")))?;
        let host = Arc::new(host);
        let world = |name: &str| {
            let tenants = SandboxTenants::with(Arc::clone(&host), Defect::named(name).into_iter().collect());
            let parts = WorldParts {
                transport: Arc::clone(&transport),
                secrets: secrets.clone(),
                tenants: Some(Arc::new(tenants)),
                clock: Arc::new(SystemClock),
            };
            World::new(&plan, parts)
        };
        let (all, mut done) = (subjects.len(), 0);
        let progress = |row: &Row| {
            done += 1;
            tell_progress(row, done, all);
        };
        let stopped = cancel.clone();
        let matrix = prove_defects(&plan, subjects, options, (handle, cancel), world, progress).await;
        watch.abort();
        Ok((matrix.map_err(Failure::usage)?, stopped.cause()))
    });
    // Long polls of a tenant that nobody asks any more are not waited for.
    runtime.shutdown_background();
    let (matrix, cancelled) = made?;
    if cancelled.is_some() {
        terminal.complain("error: stopped before every defect was tried\n");
        return Ok(Exit::Incomplete);
    }
    for report in &reports {
        std::fs::write(&report.path, matrix.junit())
            .map_err(|error| Failure::io(format!("`{}` cannot be written: {error}", report.path.display())))?;
    }
    let exit = if matrix.is_proven() { Exit::Pass } else { Exit::Fail };
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

/// How many cases of a defect run side by side: most of them wait most of the time.
const CASES_AT_ONCE: usize = 64;

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

pub(super) fn reports(args: &ProveArgs) -> Result<Vec<ReportSpec>, Failure> {
    let parsed = args.reports.iter().map(|text| ReportSpec::parse(text));
    let reports = parsed.collect::<Result<Vec<_>, _>>().map_err(Failure::usage)?;
    if let Some(other) = reports.iter().find(|report| report.kind != Kind::Junit) {
        return Err(Failure::usage(format!("`prove` writes `junit=FILE` only, not `{}`", other.kind)));
    }
    Ok(reports)
}

/// Tells somebody who watches how far it is. Nobody can be told where that does not work.
fn tell_progress(row: &Row, done: usize, all: usize) {
    if !Terminal::is_watched() {
        return;
    }
    let word = if row.stand == Stand::NotNoticed { "NOT NOTICED" } else { "" };
    let mut err = std::io::stderr().lock();
    let _ = write!(err, "\r\x1b[2K{done}/{all} {} {word}", row.defect);
    let _ = if done == all { write!(err, "\r\x1b[2K") } else { Ok(()) };
    let _ = err.flush();
}
