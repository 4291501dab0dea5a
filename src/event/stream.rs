use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::diag::Place;
use crate::value::{Fact, Json};

use super::{
    CaseId, Exchange, Finding, Gate, Level, Outcome, Purpose, RequirementId, ShardHead, SnapshotMode, StepPath, Totals,
    Waiver, WaiverProblem,
};

/// An event with its place in the run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stamped {
    /// Its number in the run, from 0, without gaps.
    pub seq: u64,
    /// When, by this machine's clock.
    pub at: Timestamp,
    /// Microseconds since the run began, by the monotonic clock.
    pub elapsed_us: u64,
    /// The run.
    pub run: Arc<str>,
    /// What happened.
    pub body: Event,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(clippy::large_enum_variant, reason = "the large one is there once a run, and no list of events is kept")]
pub enum Event {
    /// The run begins. First, and once.
    RunStarted {
        /// The version of this log's format.
        format: u32,
        /// What everything random is derived from.
        seed: u64,
        /// The program.
        tool: Tool,
        /// The suite.
        suite: SuiteHead,
        /// The target.
        target: TargetHead,
        /// Whether cases are started in an order drawn from the seed instead of that of the plan.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        shuffled: bool,
        /// Whether a selector, a tag or the like left cases of the suite out.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        partial: bool,
        /// What fails it besides a broken MUST.
        #[serde(default, skip_serializing_if = "Gate::is_usual")]
        gate: Gate,
        /// Which part of the plan it runs, where the plan was split.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        shard: Option<Box<ShardHead>>,
        /// The cases that will run, in the order of the plan.
        cases: Vec<CaseHead>,
        /// The cases that will not, each with its reason.
        skipped: Vec<SkippedCase>,
        /// What becomes of snapshots.
        #[serde(default, skip_serializing_if = "SnapshotMode::is_verify")]
        snapshots: SnapshotMode,
        /// The waivers that it was given, the narrowest first.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        waivers: Vec<Waiver>,
    },
    /// A case begins, for the first time or anew.
    CaseStarted {
        /// The case.
        case: CaseId,
        /// Which try, from 1.
        tried: u32,
        /// The users that were leased: device name → number in the identity's list, from 1.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        users: BTreeMap<String, u32>,
        /// The tenant that was opened for it: what `embedded:` and `control:` stood for.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        tenant: BTreeMap<String, String>,
        /// The time by the target's clock.
        now: Timestamp,
    },
    /// What the target runs before each case was done.
    SetupFinished {
        /// The case.
        case: CaseId,
        /// The names that it gave, for the target's URLs and variables.
        names: BTreeMap<String, Json>,
        /// The time by the target's clock.
        now: Timestamp,
    },
    /// A step begins.
    StepStarted {
        /// The case.
        case: CaseId,
        /// The step.
        step: StepPath,
    },
    /// A request was sent, or could not be.
    ExchangeDone {
        /// The case.
        case: CaseId,
        /// The step on whose behalf.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        step: Option<StepPath>,
        /// Which attempt of a poll, from 1.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        attempt: Option<u32>,
        /// Why it was made.
        purpose: Purpose,
        /// What was sent and what came of it.
        exchange: Box<Exchange>,
    },
    /// A step ended and was judged.
    StepFinished {
        /// The case.
        case: CaseId,
        /// The step.
        step: StepPath,
        /// The requirements that it is evidence for.
        #[serde(default, skip_serializing_if = "no_requirements")]
        verifies: Arc<[RequirementId]>,
        /// Why it was left out, where it was.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        left_out: Option<String>,
        /// The names that it set.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        bindings: BTreeMap<String, Json>,
        /// What every check came to.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        findings: Vec<Finding>,
        /// What the judge asked about values that only the door can see.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        facts: Vec<Fact>,
    },
    /// A case ended.
    CaseFinished {
        /// The case.
        case: CaseId,
        /// Which try, from 1; 0 of a case that was never started.
        tried: u32,
        /// How; of a try that is followed by another, how that try ended.
        outcome: Outcome,
        /// Whether another try follows.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        again: bool,
        /// How long the try took, without undo.
        #[serde(with = "micros")]
        took: Duration,
        /// Steps that were not run.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        not_run: Vec<StepPath>,
    },
    /// Something had to be waited for: a rate limit, a user, a clock.
    Waited {
        /// The case.
        case: CaseId,
        /// What for.
        why: String,
        /// How long.
        #[serde(with = "micros")]
        span: Duration,
    },
    /// What a step had created was removed, or could not be.
    UndoFinished {
        /// The case.
        case: CaseId,
        /// The step that had created it.
        step: StepPath,
        /// What came of it.
        end: UndoEnd,
    },
    /// The run is being stopped.
    CancelBegun {
        /// Why.
        cause: CancelCause,
    },
    /// The run ended. Last, and once.
    RunFinished(RunEnd),
}

impl Event {
    /// The case that it speaks of.
    #[must_use]
    pub fn case(&self) -> Option<&CaseId> {
        match self {
            Self::CaseStarted { case, .. }
            | Self::SetupFinished { case, .. }
            | Self::StepStarted { case, .. }
            | Self::ExchangeDone { case, .. }
            | Self::StepFinished { case, .. }
            | Self::CaseFinished { case, .. }
            | Self::Waited { case, .. }
            | Self::UndoFinished { case, .. } => Some(case),
            Self::RunStarted { .. } | Self::CancelBegun { .. } | Self::RunFinished(_) => None,
        }
    }
}

fn no_requirements(list: &Arc<[RequirementId]>) -> bool {
    list.is_empty()
}

/// The program that ran.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tool {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// The suite that was run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SuiteHead {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// What it is about.
    pub title: String,
    /// Where it was read from: a path, or `embedded:NAME` for one that is part of the program.
    pub origin: String,
    /// Digest over the manifest.
    pub sha256: String,
    /// Every file that was read.
    pub manifest: Vec<FileDigest>,
    /// Its requirements.
    pub requirements: Vec<RequirementHead>,
}

/// A file that was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileDigest {
    /// Path within the suite, with `/`.
    pub path: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
}

/// A requirement as far as reports need it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequirementHead {
    /// Its id.
    pub id: RequirementId,
    /// How binding it is.
    pub level: Level,
    /// What it says.
    pub text: String,
    /// Whom it binds: `server`, `client` or `both`.
    pub actor: String,
    /// Why nothing can test it, where that is so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub untestable: Option<String>,
}

/// The target that was judged.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TargetHead {
    /// Its name.
    pub name: String,
    /// Where its paths go.
    pub base_url: String,
    /// Whether it is the tenant that this program brings along.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub embedded: bool,
    /// Whether certificates were not verified.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub insecure: bool,
    /// The flow that is run before each case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub setup: Option<String>,
    /// What the target's names stood for, by variant (`""` where a suite has none); never a secret.
    pub names: BTreeMap<String, BTreeMap<String, Json>>,
    /// Its features.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub features: Vec<String>,
}

/// A case of the plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseHead {
    /// Its id.
    pub id: CaseId,
    /// The scenario's id.
    pub scenario: String,
    /// What it says, rows put in.
    pub title: String,
    /// The row.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<String>,
    /// The variant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variant: Option<String>,
    /// The requirements that its steps are evidence for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub verifies: Vec<RequirementId>,
    /// Its tags.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Where the scenario stands.
    pub at: Place,
}

/// A case that does not run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SkippedCase {
    /// The case.
    pub case: CaseHead,
    /// Why.
    pub why: String,
}

/// What came of an undo.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UndoEnd {
    /// It is gone: this status said so.
    Gone {
        /// The status.
        status: u16,
    },
    /// It may still be there.
    Left(Left),
}

/// Something that was created and may still be there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Left {
    /// The request that would remove it.
    pub request: String,
    /// Why it could not be removed.
    pub why: String,
}

/// Why a run is being stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CancelCause {
    /// A signal, by its number.
    Signal(i32),
    /// The run's time limit.
    TimeLimit,
    /// Enough cases have failed.
    MaxFail,
    /// A defect of this program.
    Internal,
}

/// How a run ended.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunEnd {
    /// How many cases ended in which class, by the class's word; none is left out.
    pub totals: BTreeMap<String, u32>,
    /// Why it was stopped, where it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancelled: Option<CancelCause>,
    /// What may have been left on the target.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left: Vec<Left>,
    /// Defects of this program that were noticed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub internal: Vec<String>,
    /// Waivers that do not hold.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub waivers: Vec<WaiverProblem>,
    /// What fails it besides a broken MUST; the log says so at the run's start.
    #[serde(skip)]
    pub gate: Gate,
    /// How many cases of the plan run in other shards; the log says so at the run's start.
    #[serde(skip)]
    pub elsewhere: u32,
    /// How long it took.
    #[serde(with = "micros")]
    pub took: Duration,
}

impl RunEnd {
    /// The totals as numbers.
    #[must_use]
    pub fn totals(&self) -> Totals {
        let mut totals = Totals::default();
        for class in super::OutcomeClass::ALL {
            for _ in 0..self.totals.get(class.as_str()).copied().unwrap_or(0) {
                totals.add(class);
            }
        }
        totals
    }
}

mod micros {
    use std::time::Duration;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(super) fn serialize<S: Serializer>(span: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
        u64::try_from(span.as_micros()).unwrap_or(u64::MAX).serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
        u64::deserialize(deserializer).map(Duration::from_micros)
    }
}
