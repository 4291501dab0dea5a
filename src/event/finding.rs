use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::diag::Place;

use super::{ExchangeId, SnapshotDifference, WaiverId};

/// The block of a step that a check stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Block {
    /// A precondition or a control: a failure blocks the case, and no requirement is judged by it.
    Given,
    /// The promise.
    Expect,
    /// Advice.
    Should,
}

impl Block {
    /// The key in a scenario.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Given => "given",
            Self::Expect => "expect",
            Self::Should => "should",
        }
    }
}

impl fmt::Display for Block {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// How binding a requirement is (RFC 2119 words; `INFO` binds nobody).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Level {
    /// Recorded only.
    Info,
    /// Permitted.
    May,
    /// Advised.
    Should,
    /// Binding.
    Must,
}

impl Level {
    /// The word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Info => "INFO",
            Self::May => "MAY",
            Self::Should => "SHOULD",
            Self::Must => "MUST",
        }
    }

    /// All levels, the most binding first.
    pub const ALL: [Self; 4] = [Self::Must, Self::Should, Self::May, Self::Info];
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// What came of one check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// It holds.
    Pass,
    /// It does not, and that is worth knowing.
    Note,
    /// It does not, and that should not be.
    Warn,
    /// It could not be decided.
    Broken,
    /// It does not hold: a promise is broken, or a precondition did not hold.
    Fail,
}

impl Verdict {
    /// The word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Note => "note",
            Self::Warn => "warn",
            Self::Broken => "broken",
            Self::Fail => "fail",
        }
    }

    /// What a check that does not hold comes to, by its block and the strictest requirement of its step.
    ///
    /// # Source
    /// The table in the language's section *Checks*: without a requirement a step binds like a MUST.
    #[must_use]
    pub fn of_failure(block: Block, level: Option<Level>) -> Self {
        match (block, level.unwrap_or(Level::Must)) {
            (Block::Given, _) | (Block::Expect, Level::Must) => Self::Fail,
            (Block::Expect, Level::Should) | (Block::Should, Level::Must) => Self::Warn,
            (Block::Expect, Level::May | Level::Info) | (Block::Should, Level::Should | Level::May | Level::Info) => {
                Self::Note
            }
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// What one check of one step came to.
///
/// A check that passes carries its id and nothing else; everything a person needs stands in one that does not.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// The check within its step: `block.check[path]`, such as `expect.json[$.sessionId]`.
    pub check: Arc<str>,
    /// The block it stands in.
    pub block: Block,
    /// What came of it.
    pub verdict: Verdict,
    /// The kind of failure in kebab-case, such as `status-mismatch`; empty for a pass.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub code: String,
    /// One sentence: what was promised and what was there instead.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub message: String,
    /// What was expected, as short text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<String>,
    /// What was there, as short text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actual: Option<String>,
    /// Where in the answer: `status`, `header retry-after`, `$.events[2].Type`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer_at: Option<String>,
    /// More lines, such as the single errors of a schema.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub details: Vec<String>,
    /// The exchange that it speaks of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exchange: Option<ExchangeId>,
    /// Which attempt of a poll, from 1, where it speaks of one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attempt: Option<u32>,
    /// Where in the suite the check stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suite_at: Option<Place>,
    /// Where the flows were used that it stands in, the outermost first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub used_at: Vec<Place>,
    /// The name of the snapshot that it compared the answer with, whatever came of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compared: Option<Arc<str>>,
    /// How the answer differs from that snapshot, where it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub snapshot: Option<Box<SnapshotDifference>>,
    /// The live waiver that forgives it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waived: Option<WaiverId>,
}

impl Finding {
    /// A check that holds.
    #[must_use]
    pub fn pass(check: Arc<str>, block: Block) -> Self {
        Self {
            check,
            block,
            verdict: Verdict::Pass,
            code: String::new(),
            message: String::new(),
            expected: None,
            actual: None,
            answer_at: None,
            details: Vec::new(),
            exchange: None,
            attempt: None,
            suite_at: None,
            used_at: Vec::new(),
            compared: None,
            snapshot: None,
            waived: None,
        }
    }

    /// Whether the check did not hold, or could not be decided.
    #[must_use]
    pub fn is_adverse(&self) -> bool {
        self.verdict != Verdict::Pass
    }
}
