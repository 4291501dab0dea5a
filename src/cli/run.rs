use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::clock::{Rng, SystemClock};
use crate::event::{RunEnd, SnapshotMode, Stamped, Standing};
use crate::http::{NetworkOptions, TlsOptions, Transport, Verification, Versions, connect};
use crate::plan::{Plan, PlanOptions, Selection, Selector, TagExpr, plan};
use crate::report::{Console, EventStream, Exchanges, Fanout, Notes, Progress, ReportName, verdict_line};
use crate::run::{CancelHandle, Order, Pauses, RunOptions, World, WorldParts, run};
use crate::sandbox::{Entropy, Host, HostOptions};
use crate::suite::{HttpVersions, LoadOptions, Suite, Target};

use super::args::{Format, PlanArgs, RunArgs};
use super::exit::Reports;
use super::failure::Failure;
use super::last_run::{LastRun, LastRunKeeper};
use super::reports::open_reports;
use super::runtime::runtime;
use super::snapshots::{self, Keeper, Kept};
use super::suites::SuitePlace;
use super::tenants::SandboxTenants;
use super::terminal::Terminal;
use super::watch::Touched;
use super::{Exit, dry_run, secrets, signals, targets, waivers, watch};

/// How long what was made may be removed once the run is being stopped.
pub(super) const GRACE: Duration = Duration::from_secs(10);

/// `assize run`.
pub(super) fn execute(args: &RunArgs, terminal: &mut Terminal) -> Result<Exit, Failure> {
    if args.watch { watch::execute(args, terminal) } else { once(args, &Touched::All, terminal) }
}

/// Runs, of what is selected, what is touched.
pub(super) fn once(args: &RunArgs, touched: &Touched, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let (place, selectors) = suite_place(&args.plan)?;
    let plan = plan_of(&args.plan, &place, &selectors, terminal)?;
    let plan = if *touched == Touched::All { plan } else { plan.of_cases(|case| touched.holds(&case.scenario)) };
    let waivers = waivers::find(&place, args.waivers.as_deref(), &plan.suite, terminal)?;
    let mode = snapshots::mode(args)?;
    let plan = plan.waived_by(waivers).with_snapshots(mode);
    let plan = match portion(args, plan, terminal)? {
        Ok(plan) => plan,
        Err(exit) => return Ok(exit),
    };
    if args.dry_run {
        return dry_run::show(&plan, args.format, terminal);
    }
    let secrets = secrets::read(&plan, args.plan.env_file.as_deref())?;
    let mut fanout = open_reports(&args.reports, args.format, terminal)?;
    match args.format {
        Format::Human => {
            let progress = if Terminal::is_watched() { Progress::Live } else { Progress::Off };
            let console = Console::new(terminal.results(), terminal.paint(), progress)
                .with_notes(notes(args.verbose))
                .with_exchanges(exchanges(args.verbose));
            fanout.add(ReportName::Console, Box::new(console));
        }
        Format::Json => fanout.add(ReportName::Stdout, Box::new(EventStream::new(std::io::stdout()))),
    }
    let store = snapshots::store_of(&place)?;
    if store.is_none() && mode == SnapshotMode::Accept {
        return Err(Failure::usage(format!(
            "`{}` is part of the program, and has no folder in which a snapshot could be accepted: run a copy of it",
            plan.suite.origin
        )));
    }
    let (keeper, kept) = Keeper::new(mode, store);
    fanout.add(ReportName::Snapshots, Box::new(keeper));
    let transport = transport(&plan.target)?;
    let options = RunOptions {
        jobs: args.jobs as usize,
        time_limit: args.time,
        grace: GRACE,
        longest_wait: args.plan.wait,
        max_fail: args.gate.max_fail,
        gate: args.gate.gate(),
        retries: args.gate.retries(),
        order: if args.shuffle { Order::Shuffled } else { Order::Plan },
        pauses: Pauses::Waited,
    };
    let mut last_run = snapshots::frozen(args).is_none().then(|| LastRunKeeper::new(&plan));
    let runtime = runtime()?;
    let end: Result<RunEnd, Failure> = runtime.block_on(async {
        let (handle, cancel) = CancelHandle::new();
        let watch = tokio::spawn(signals::watch(handle.clone()));
        let tenants = if plan.is_embedded() {
            let entropy = Entropy::from_seed(plan.seed);
            let host = Host::start(HostOptions::plain(entropy))
                .await
                .map_err(|error| Failure::internal(format!("the tenant cannot be served: {error}")))?;
            Some(Arc::new(SandboxTenants::new(host)) as Arc<dyn crate::run::Tenants>)
        } else {
            None
        };
        let parts = WorldParts { transport, secrets, tenants, clock: Arc::new(SystemClock) };
        let world = World::new(&plan, parts).map_err(Failure::usage)?;
        let plan = Arc::new(plan);
        let on_event = |event: Stamped| {
            if let Some(keeper) = &mut last_run {
                keeper.on_event(&event);
            }
            fanout.on_event(&event);
        };
        let end = run(plan, Arc::new(world), options, handle, cancel, on_event).await;
        watch.abort();
        Ok(end)
    });
    // Long polls of a tenant that nobody asks any more are not waited for.
    runtime.shutdown_background();
    let end = end?;
    if let Some(keeper) = last_run {
        keeper.finish();
    }
    Ok(finish(&end, end.standing(), fanout, args.format, Some(&kept), terminal))
}

/// The part of the plan that is asked for, and how often. Where the last run left nothing open, how the program ends.
fn portion(args: &RunArgs, plan: Plan, terminal: &mut Terminal) -> Result<Result<Plan, Exit>, Failure> {
    let plan = if args.gate.last_failed {
        let (suite, target) = (plan.suite.origin.clone(), plan.target.name.clone());
        let Some(last) = LastRun::read(&plan) else {
            return Err(Failure::usage(format!(
                "there is no record of a last run of `{suite}` against `{target}`: \
                 a run without `--last-failed` leaves one, except in CI"
            )));
        };
        if last.open().is_empty() {
            terminal.complain(&format!("the last run of `{suite}` against `{target}` left nothing open\n"));
            if args.format == Format::Human {
                let line = verdict_line(&RunEnd::default().totals(), Exit::Nothing.code(), Exit::Nothing.name());
                terminal.say(&format!("{line}\n"));
            }
            return Ok(Err(Exit::Nothing));
        }
        let (plan, gone) = plan.only(&last.open());
        for id in gone {
            terminal.complain(&format!("warning: `{id}` did not pass the last time, and is not selected now\n"));
        }
        plan
    } else {
        plan
    };
    let plan = plan.repeated(args.gate.repeat.unwrap_or(1));
    Ok(Ok(match args.gate.shard {
        Some(shard) => plan.sharded(shard),
        None => plan,
    }))
}

/// What is told of notes.
pub(super) fn notes(verbose: u8) -> Notes {
    if verbose > 0 { Notes::Each } else { Notes::Counted }
}

/// What is told of what was sent and received.
pub(super) fn exchanges(verbose: u8) -> Exchanges {
    match verbose {
        0 => Exchanges::Untold,
        1 => Exchanges::Lines,
        2.. => Exchanges::Whole,
    }
}

/// Ends the reports, tells of those that could not be written, and says the verdict.
pub(super) fn finish(
    end: &RunEnd,
    standing: Standing,
    fanout: Fanout,
    format: Format,
    kept: Option<&Mutex<Kept>>,
    terminal: &mut Terminal,
) -> Exit {
    let failures = fanout.finish();
    if let Some(kept) = kept {
        terminal.complain(&kept.lock().unwrap_or_else(PoisonError::into_inner).told());
    }
    for failure in &failures {
        terminal.complain(&format!("error: {failure}\n"));
    }
    for defect in &end.internal {
        terminal.complain(&format!("error: {defect}\n"));
    }
    let reports = if failures.is_empty() && !terminal.is_broken() { Reports::Whole } else { Reports::Broken };
    let exit = Exit::of(standing, reports);
    if format == Format::Human {
        terminal.say(&format!("{}\n", verdict_line(&end.totals(), exit.code(), exit.name()).trim_end()));
    }
    exit
}

/// Where the suite is, and the selectors that do not say so.
pub(super) fn suite_place(args: &PlanArgs) -> Result<(SuitePlace, Vec<String>), Failure> {
    match &args.suite {
        Some(named) => Ok((SuitePlace::named(named)?, args.selectors.clone())),
        None => SuitePlace::of_selectors(&args.selectors),
    }
}

/// Loads that suite, chooses the target and makes the plan.
pub(super) fn plan_of(
    args: &PlanArgs,
    place: &SuitePlace,
    selectors: &[String],
    terminal: &mut Terminal,
) -> Result<Plan, Failure> {
    let variables = targets::variables(args)?;
    let options = LoadOptions { extra_names: variables.keys().cloned().collect() };
    let mut suite = place.load(&options, terminal)?.suite;
    let target = targets::choose(args, &mut suite, terminal)?.or_refuse()?;
    plan_with(args, &Arc::new(suite), target, selectors, terminal)
}

/// Makes the plan of a suite that is loaded, for this target.
pub(super) fn plan_with(
    args: &PlanArgs,
    suite: &Arc<Suite>,
    target: Target,
    selectors: &[String],
    terminal: &Terminal,
) -> Result<Plan, Failure> {
    let variables = targets::variables(args)?;
    if target.embedded && args.base_url.is_some() {
        return Err(Failure::usage(format!(
            "`--base-url` cannot stand beside the target `{}`, which this process serves; \
             name another by `--target`, or describe yours in `assize.yaml`",
            target.name
        )));
    }
    let options = PlanOptions {
        selection: selection(args, selectors)?,
        seed: args.seed.unwrap_or_else(random_seed),
        variables,
        base_url: args.base_url.as_ref().map(|url| url.trim_end_matches('/').to_owned()),
        longest_wait: args.wait,
    };
    plan(suite, &Arc::new(target), &options)
        .map_err(|problems| Failure::problems(&problems.into_sorted(), &suite.sources, terminal.colour()))
}

/// Which cases are wanted.
pub(super) fn selection(args: &PlanArgs, selectors: &[String]) -> Result<Selection, Failure> {
    let tags = args.tags.iter().map(|text| TagExpr::parse(text)).collect::<Result<_, _>>().map_err(Failure::usage)?;
    Ok(Selection {
        selectors: selectors.iter().map(|text| Selector::parse(text)).collect(),
        tags,
        requirements: args.requirements.clone(),
        variants: args.variants.clone(),
    })
}

fn random_seed() -> u64 {
    // Small enough to be typed again; what it is made of does not matter.
    let now = crate::clock::Clock::now(&SystemClock).millis();
    Rng::derive(now.unsigned_abs(), &["seed", &std::process::id().to_string()]).below(1_000_000_000)
}

/// What sends requests to this target.
pub(super) fn transport(target: &Target) -> Result<Arc<dyn Transport>, Failure> {
    connect(&network_options(target)?).map_err(|error| Failure::usage(format!("the target `{}`: {error}", target.name)))
}

fn network_options(target: &Target) -> Result<NetworkOptions, Failure> {
    let connection = &target.connection;
    let folder = Path::new(&target.file).parent().unwrap_or(Path::new(""));
    let pem = |path: &Option<String>| -> Result<Option<Vec<u8>>, Failure> {
        let Some(path) = path else { return Ok(None) };
        let whole = folder.join(path);
        std::fs::read(&whole)
            .map(Some)
            .map_err(|error| Failure::usage(format!("`{}` cannot be read: {error}", whole.display())))
    };
    Ok(NetworkOptions {
        tls: TlsOptions {
            ca: pem(&connection.ca)?,
            client_cert: pem(&connection.client_cert)?,
            client_key: pem(&connection.client_key)?,
            server_name: connection.server_name.clone(),
            verification: if connection.insecure { Verification::Off } else { Verification::Full },
        },
        proxy: connection
            .proxy
            .as_deref()
            .map(url::Url::parse)
            .transpose()
            .map_err(|error| Failure::usage(format!("`proxy` of the target: {error}")))?,
        versions: match connection.http {
            HttpVersions::One => Versions::One,
            HttpVersions::Two => Versions::Two,
            HttpVersions::Any => Versions::Any,
        },
        resolve: connection.resolve.clone(),
    })
}
