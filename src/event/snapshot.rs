use serde::{Deserialize, Serialize};

/// What becomes of snapshots in a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SnapshotMode {
    /// They are compared, and nothing is ever written: one that differs or is missing fails.
    #[default]
    Verify,
    /// They are compared; what differs or is missing fails, and is kept for a review.
    New,
    /// What differs or is missing is taken for the accepted text from now on, and is a note.
    Accept,
}

impl SnapshotMode {
    /// The word of the command line.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Verify => "verify",
            Self::New => "new",
            Self::Accept => "accept",
        }
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde asks for")]
    pub(super) fn is_verify(&self) -> bool {
        *self == Self::Verify
    }
}

/// An answer that is not as it was accepted, or that nobody has accepted yet. Texts hold handles in the place of secrets
/// and names in the place of values that differ from run to run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotDifference {
    /// The name of the snapshot.
    pub name: String,
    /// The accepted text; none where there is no snapshot of this name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted: Option<String>,
    /// The text that was made of this answer.
    pub seen: String,
    /// What is kept beside the text.
    pub metadata: SnapshotMetadata,
}

/// What is kept beside the text of a snapshot, for whoever reviews it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotMetadata {
    /// The file of the suite that the check stands in, as a path within the suite.
    pub source: String,
    /// The line there, from 1.
    pub line: u32,
    /// What the scenario or the flow is about.
    pub description: String,
    /// What was asked: method and path as they stand in the suite, names not put in.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub request: String,
}
