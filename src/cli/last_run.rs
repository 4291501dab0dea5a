use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::event::{Event, Gate, OutcomeClass, Stamped};
use crate::plan::Plan;

/// What the last runs of a suite against a target have left open: kept for this user on this machine, under
/// `$XDG_STATE_HOME/assize/last-run`, else `~/.local/state/assize/last-run`, and never in the folder of the suite. It
/// holds ids of cases and nothing that an endpoint has said.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct LastRun {
    /// Where the suite is.
    suite: String,
    /// The target's name.
    target: String,
    /// The cases that did not pass, with the class of their outcome.
    open: BTreeMap<String, OutcomeClass>,
}

impl LastRun {
    /// What is known of this plan's suite and target, if anything is.
    pub(super) fn read(plan: &Plan) -> Option<Self> {
        let (suite, target) = names(plan);
        let text = fs::read(path(&suite, &target)?).ok()?;
        let known: Self = serde_json::from_slice(&text).ok()?;
        // Another suite under the same digest is no suite that anybody has made; a file that was put there may be.
        (known.suite == suite && known.target == target).then_some(known)
    }

    /// The cases that did not pass, by their ids without the number of a repetition.
    pub(super) fn open(&self) -> BTreeSet<String> {
        self.open.keys().cloned().collect()
    }

    /// Keeps it.
    fn write(&self) -> io::Result<()> {
        let Some(path) = path(&self.suite, &self.target) else { return Ok(()) };
        let Some(folder) = path.parent() else { return Ok(()) };
        fs::create_dir_all(folder)?;
        let fresh = path.with_extension(format!("{}.partial", std::process::id()));
        let mut options = fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&fresh)?;
        file.write_all(&serde_json::to_vec_pretty(self)?)?;
        fs::rename(&fresh, &path).inspect_err(|_| drop(fs::remove_file(&fresh)))
    }
}

/// Follows a run, and keeps what it leaves open.
#[derive(Debug)]
pub(super) struct LastRunKeeper {
    known: LastRun,
    gate: Gate,
    /// The cases that were to run, or were skipped.
    planned: BTreeSet<String>,
    /// Those among them that have not ended yet.
    pending: BTreeSet<String>,
    is_partial: bool,
    /// How each case ended, the worst of its repetitions.
    ended: BTreeMap<String, OutcomeClass>,
}

impl LastRunKeeper {
    pub(super) fn new(plan: &Plan) -> Self {
        let (suite, target) = names(plan);
        let known = LastRun::read(plan).unwrap_or_default();
        Self {
            known: LastRun { suite, target, ..known },
            gate: Gate::default(),
            planned: BTreeSet::new(),
            pending: BTreeSet::new(),
            is_partial: plan.is_partial || plan.shard.is_some(),
            ended: BTreeMap::new(),
        }
    }

    pub(super) fn on_event(&mut self, event: &Stamped) {
        match &event.body {
            Event::RunStarted { gate, cases, skipped, .. } => {
                self.gate = *gate;
                self.pending = cases.iter().map(|head| head.id.to_string()).collect();
                let skipped = skipped.iter().map(|skipped| skipped.case.id.base().to_owned());
                self.planned = cases.iter().map(|head| head.id.base().to_owned()).chain(skipped).collect();
            }
            Event::CaseFinished { case, outcome, again: false, .. } => {
                self.pending.remove(case.as_str());
                let class = outcome.class();
                let worst = self.ended.entry(case.base().to_owned()).or_insert(class);
                *worst = std::cmp::max_by_key(*worst, class, |class| (self.gate.fails(*class), rank(*class)));
            }
            Event::CaseFinished { .. }
            | Event::CaseStarted { .. }
            | Event::SetupFinished { .. }
            | Event::StepStarted { .. }
            | Event::ExchangeDone { .. }
            | Event::StepFinished { .. }
            | Event::Waited { .. }
            | Event::UndoFinished { .. }
            | Event::CancelBegun { .. }
            | Event::RunFinished(_) => {}
        }
    }

    /// Keeps it. A machine that keeps nothing runs all the same: `--last-failed` says that there is no record then.
    pub(super) fn finish(self) {
        let _ = self.merged().write();
    }

    fn merged(self) -> LastRun {
        let mut known = self.known;
        if !self.is_partial {
            known.open.retain(|id, _| self.planned.contains(id));
        }
        for (id, class) in self.ended {
            match (self.gate.fails(class), rank(class)) {
                (true, _) | (_, Rank::Open) => known.open.insert(id, class),
                (false, Rank::Settled) => known.open.remove(&id),
                // Of what did not run nobody knows more than before.
                (false, Rank::NotRun) => None,
            };
        }
        for id in self.pending {
            let base = crate::event::CaseId::new(&id).base().to_owned();
            known.open.entry(base).or_insert(OutcomeClass::Unfinished);
        }
        known
    }
}

/// What an outcome leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    NotRun,
    Settled,
    Open,
}

fn rank(class: OutcomeClass) -> Rank {
    match class {
        OutcomeClass::Passed | OutcomeClass::Warned | OutcomeClass::Flaky | OutcomeClass::Known => Rank::Settled,
        OutcomeClass::Failed
        | OutcomeClass::Inconclusive
        | OutcomeClass::Broken
        | OutcomeClass::Blocked
        | OutcomeClass::Unfinished => Rank::Open,
        OutcomeClass::Skipped => Rank::NotRun,
    }
}

/// Where the suite is, whatever the folder in which the program was started, and the target's name.
fn names(plan: &Plan) -> (String, String) {
    let origin = &plan.suite.origin;
    let whole = fs::canonicalize(origin).map_or_else(|_| origin.clone(), |path| path.display().to_string());
    (whole, plan.target.name.clone())
}

fn path(suite: &str, target: &str) -> Option<PathBuf> {
    let of = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let state = of("XDG_STATE_HOME").or_else(|| of("HOME").map(|home| home.join(".local/state")))?;
    let name = format!("{:x}", Sha256::digest(format!("{suite}\n{target}")));
    Some(Path::new(&state).join("assize/last-run").join(format!("{name}.json")))
}
