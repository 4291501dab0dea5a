use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::{
    CaseHead, CaseId, Event, Outcome, OutcomeClass, RunEnd, RunRecord, Shard, ShardHead, Stamped, TargetHead, Waiver,
    WaiverLedger,
};

/// The shards of a run, put together.
#[derive(Debug)]
pub struct Whole {
    /// The events of one run, without shards: those of the first shard, then of the second, …
    pub events: Vec<Stamped>,
    /// The shards whose logs are not there; their cases are unfinished.
    pub missing: Vec<Shard>,
    /// What everything random was derived from, where that is the same in all shards.
    pub seed: Option<u64>,
}

/// Why logs are not those of the shards of one run. A log is named by its number, from 0.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WholeError {
    /// It is the record of a whole run.
    #[error("it is no shard of a run: several logs are put together only where each is one, by `--shard`")]
    NotAShard(usize),
    /// The plan was split otherwise.
    #[error("it is shard {found}, where the others are of {expected}")]
    OtherSplit {
        /// The log.
        log: usize,
        /// What it is.
        found: Shard,
        /// Of how many the first log is.
        expected: u32,
    },
    /// The shard is there already.
    #[error("shard {shard} is there twice")]
    Doubled {
        /// The log.
        log: usize,
        /// The shard.
        shard: Shard,
    },
    /// It is of another run.
    #[error("its {what} is not that of the other shards")]
    Other {
        /// The log.
        log: usize,
        /// What differs.
        what: &'static str,
    },
    /// It speaks of cases that are not of its shard, or not of all that are.
    #[error("it does not hold the cases of shard {shard}: {case}")]
    OtherCases {
        /// The log.
        log: usize,
        /// The shard.
        shard: Shard,
        /// The first case that is too much, or missing.
        case: CaseId,
    },
}

impl WholeError {
    /// The log that it speaks of.
    #[must_use]
    pub fn log(&self) -> usize {
        match self {
            Self::NotAShard(log)
            | Self::OtherSplit { log, .. }
            | Self::Doubled { log, .. }
            | Self::Other { log, .. }
            | Self::OtherCases { log, .. } => *log,
        }
    }
}

/// Whether this is the log of a shard.
#[must_use]
pub fn is_shard(log: &[Stamped]) -> bool {
    matches!(log.first().map(|event| &event.body), Some(Event::RunStarted { shard: Some(_), .. }))
}

/// Puts the logs of the shards of a run together. Each shard may be there once; what of one that is not there was to run
/// is unfinished. Seeds may differ, for a case is in the same shard with any; suite, target, plan, waivers and gate may
/// not.
///
/// # Errors
/// When the logs are not those of the shards of one run.
pub fn whole(logs: Vec<Vec<Stamped>>) -> Result<Whole, WholeError> {
    let mut parts: Vec<Part> = Vec::new();
    for (log, events) in logs.into_iter().enumerate() {
        let part = Part::new(log, events)?;
        if let Some(first) = parts.first() {
            part.is_of_the_run_of(first, log)?;
        }
        if parts.iter().any(|known| known.head.shard == part.head.shard) {
            return Err(WholeError::Doubled { log, shard: part.head.shard });
        }
        parts.push(part);
    }
    parts.sort_by_key(|part| part.head.shard);
    let Some(first) = parts.first() else { return Err(WholeError::NotAShard(0)) };
    let of = first.head.shard.of;
    let present: BTreeSet<u32> = parts.iter().map(|part| part.head.shard.index).collect();
    let missing: Vec<Shard> =
        (1..=of).filter(|index| !present.contains(index)).map(|index| Shard { index, of }).collect();
    let seed = Some(first.seed).filter(|seed| parts.iter().all(|part| part.seed == *seed));
    let absent: Vec<(CaseId, Shard)> = first
        .head
        .cases
        .iter()
        .map(|head| (head.id.clone(), Shard::of_case(&head.id, of)))
        .filter(|(_, shard)| missing.contains(shard))
        .collect();
    let mut joined = Joined::default();
    joined.push(first.start());
    let mut ends = Some(Vec::new());
    for part in parts {
        let end = joined.take_in(part);
        ends = ends.and_then(|mut ends| {
            ends.push(end?);
            Some(ends)
        });
    }
    for (case, shard) in absent {
        let outcome = Outcome::Unfinished { why: format!("shard {shard} is not among the logs") };
        joined.push_body(Event::CaseFinished {
            case,
            tried: 0,
            outcome,
            again: false,
            took: Duration::ZERO,
            not_run: Vec::new(),
        });
    }
    // A shard whose log stops before its end leaves the whole without one.
    if let Some(ends) = ends {
        joined.end(ends);
    }
    Ok(Whole { events: joined.events, missing, seed })
}

/// The log of a shard.
struct Part {
    head: ShardHead,
    seed: u64,
    events: Vec<Stamped>,
}

impl Part {
    fn new(log: usize, events: Vec<Stamped>) -> Result<Self, WholeError> {
        let Some(Event::RunStarted { shard: Some(head), seed, cases, .. }) = events.first().map(|event| &event.body)
        else {
            return Err(WholeError::NotAShard(log));
        };
        let shard = head.shard;
        let ids = |heads: &[CaseHead]| heads.iter().map(|head| head.id.clone()).collect::<BTreeSet<_>>();
        let (own, all) = (ids(cases), ids(&head.cases));
        let due: BTreeSet<CaseId> = all.into_iter().filter(|id| shard.holds(id)).collect();
        if let Some(case) = own.symmetric_difference(&due).next() {
            return Err(WholeError::OtherCases { log, shard, case: case.clone() });
        }
        let mut spoken_of = events.iter().filter_map(|event| event.body.case());
        if let Some(case) = spoken_of.find(|case| !due.contains(case)) {
            return Err(WholeError::OtherCases { log, shard, case: case.clone() });
        }
        Ok(Self { head: (**head).clone(), seed: *seed, events })
    }

    fn is_of_the_run_of(&self, first: &Self, log: usize) -> Result<(), WholeError> {
        if self.head.shard.of != first.head.shard.of {
            let (found, expected) = (self.head.shard, first.head.shard.of);
            return Err(WholeError::OtherSplit { log, found, expected });
        }
        let (
            Some(Event::RunStarted { suite, target, gate, snapshots, waivers, .. }),
            Some(Event::RunStarted {
                suite: suite_of_first,
                target: target_of_first,
                gate: gate_of_first,
                snapshots: snapshots_of_first,
                waivers: waivers_of_first,
                ..
            }),
        ) = (self.events.first().map(|event| &event.body), first.events.first().map(|event| &event.body))
        else {
            return Err(WholeError::NotAShard(log));
        };
        let ids = |part: &Self| -> Vec<CaseId> {
            let skipped = part.head.skipped.iter().map(|skipped| &skipped.case);
            part.head.cases.iter().chain(skipped).map(|head| head.id.clone()).collect()
        };
        for (is_same, what) in [
            (suite.sha256 == suite_of_first.sha256, "suite"),
            (same_target(target, target_of_first), "target"),
            (ids(self) == ids(first) && self.head.cases.len() == first.head.cases.len(), "plan"),
            (gate == gate_of_first, "gate (`--fail-on`, `--flaky`)"),
            (snapshots == snapshots_of_first, "way with snapshots"),
            (same_waivers(waivers, waivers_of_first), "list of waivers"),
        ] {
            if !is_same {
                return Err(WholeError::Other { log, what });
            }
        }
        Ok(())
    }

    /// The start of the whole run.
    fn start(&self) -> Stamped {
        let mut start = self.events[0].clone();
        if let Event::RunStarted { shard, cases, skipped, .. } = &mut start.body {
            *shard = None;
            cases.clone_from(&self.head.cases);
            skipped.clone_from(&self.head.skipped);
        }
        start
    }
}

/// Whether two shards had the same target: by all that does not follow from the seed.
fn same_target(one: &TargetHead, other: &TargetHead) -> bool {
    let plain = |target: &TargetHead| {
        // A shard that runs nothing in a variant has no names of it.
        let names: BTreeMap<_, BTreeMap<_, _>> = target
            .names
            .iter()
            .map(|(variant, names)| {
                let own = names.iter().filter(|(name, _)| name.as_str() != "run");
                (variant.clone(), own.map(|(name, value)| (name.clone(), value.clone())).collect())
            })
            .collect();
        names
    };
    let (names, others) = (plain(one), plain(other));
    let is_same = names.iter().all(|(variant, names)| others.get(variant).is_none_or(|others| others == names));
    let heads = |target: &TargetHead| (target.name.clone(), target.embedded, target.insecure, target.setup.clone());
    is_same && heads(one) == heads(other)
}

/// Whether two shards were given the same waivers; the day on which they ran may differ.
fn same_waivers(one: &[Waiver], other: &[Waiver]) -> bool {
    let plain = |waivers: &[Waiver]| -> Vec<Waiver> {
        waivers.iter().map(|waiver| Waiver { days_left: 0, ..waiver.clone() }).collect()
    };
    plain(one) == plain(other)
}

/// The events of the whole, as they come together.
#[derive(Default)]
struct Joined {
    events: Vec<Stamped>,
    ledger: WaiverLedger,
    record: RunRecord,
}

impl Joined {
    fn push(&mut self, mut event: Stamped) {
        event.seq = self.events.len() as u64;
        if let Some(first) = self.events.first() {
            event.run = first.run.clone();
        }
        self.ledger.observe(&event.body);
        self.record.fold(&event);
        if let Some(case) = event.body.case() {
            self.record.forget_exchanges(case);
        }
        self.events.push(event);
    }

    fn push_body(&mut self, body: Event) {
        if let Some(last) = self.events.last() {
            self.push(Stamped { body, ..last.clone() });
        }
    }

    /// Takes in what a shard did; how it ended, where it did.
    fn take_in(&mut self, part: Part) -> Option<RunEnd> {
        let mut ended = None;
        for event in part.events {
            match event.body {
                Event::RunStarted { .. } | Event::CancelBegun { .. } => {}
                Event::RunFinished(end) => ended = Some(end),
                Event::CaseStarted { .. }
                | Event::SetupFinished { .. }
                | Event::StepStarted { .. }
                | Event::ExchangeDone { .. }
                | Event::StepFinished { .. }
                | Event::CaseFinished { .. }
                | Event::Waited { .. }
                | Event::UndoFinished { .. } => self.push(event),
            }
        }
        ended
    }

    fn end(&mut self, ends: Vec<RunEnd>) {
        let totals = self.record.totals();
        let present = OutcomeClass::ALL.into_iter().filter(|class| totals.of(*class) > 0);
        let mut whole = RunEnd {
            totals: present.map(|class| (class.as_str().to_owned(), totals.of(class))).collect(),
            waivers: self.ledger.problems(),
            ..RunEnd::default()
        };
        for end in ends {
            whole.cancelled = whole.cancelled.or(end.cancelled);
            whole.left.extend(end.left);
            whole.internal.extend(end.internal);
            whole.took = whole.took.max(end.took);
        }
        self.push_body(Event::RunFinished(whole));
    }
}
