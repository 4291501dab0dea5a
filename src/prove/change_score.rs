use serde::Serialize;

use crate::event::{Level, RequirementId};

/// What became of grave changes to answers that are evidence for a requirement. It begins as what the matrix of defects says
/// of one, so that the heads of both reports can be read alike.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ChangeScore {
    /// Its id.
    pub id: RequirementId,
    /// How binding it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<Level>,
    /// How many changes there were.
    pub changes: u32,
    /// How many of them were noticed.
    pub noticed: u32,
    /// How many a check allows in so many words.
    pub allowed: u32,
    /// How many were not noticed, and need not be, as a waiver says.
    pub waived: u32,
    /// How many were not noticed.
    pub survived: u32,
}

impl ChangeScore {
    /// Nothing changed yet.
    #[must_use]
    pub fn new(id: RequirementId, level: Option<Level>) -> Self {
        Self { id, level, changes: 0, noticed: 0, allowed: 0, waived: 0, survived: 0 }
    }
}
