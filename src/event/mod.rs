//! The vocabulary of a run: what was sent, what came back, what was found, how each case ended.
//!
//! Plain data, written by `run`, read by every report, and kept as the event log (one JSON object a line), which is the
//! canonical artefact: whatever a report shows can be made again from it. Nothing here knows how a thing is shown, and
//! nothing here holds a secret: values that must not be seen are handles (see [`crate::value`]).
//! Depends on `value`, `diag` and `clock`.

mod doubt;
mod exchange;
mod finding;
mod gate;
mod ids;
mod log;
mod outcome;
mod record;
mod shard;
mod snapshot;
mod standing;
mod stream;
mod waiver;
mod waiver_ledger;
mod whole;

pub use doubt::contradictions;
pub use exchange::{
    Answer, Body, Content, Exchange, Fault, FaultKind, Header, Irregularity, Phase, Purpose, Request, Timing,
};
pub use finding::{Block, Finding, Level, Verdict};
pub use gate::{FailOn, FlakyRule, Gate};
pub use ids::{CaseId, ExchangeId, RequirementId, StepPath, WaiverId};
pub use log::{LogError, LogReader, LogWriter};
pub use outcome::{Outcome, OutcomeClass, Totals};
pub use record::{CaseRecord, LevelCounts, RequirementState, RunRecord, StepRecord, TryRecord};
pub use shard::{BadShard, Shard, ShardHead};
pub use snapshot::{SnapshotDifference, SnapshotMetadata, SnapshotMode};
pub use standing::Standing;
pub use stream::{
    CancelCause, CaseHead, Event, FileDigest, Left, RequirementHead, RunEnd, SkippedCase, Stamped, SuiteHead,
    TargetHead, Tool, UndoEnd,
};
pub use waiver::{FoundAt, Waived, Waiver};
pub use waiver_ledger::{WaiverFault, WaiverLedger, WaiverProblem};
pub use whole::{Whole, WholeError, is_shard, whole};
