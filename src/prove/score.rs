use serde::Serialize;

use crate::event::{Level, RequirementId};

/// What was tried to break a requirement, and what became of it: the head of either report of `prove`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RequirementScore {
    /// The requirement.
    pub requirement: RequirementId,
    /// How binding it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<Level>,
    /// How many breaks of it were tried.
    pub tried: u32,
    /// How many of them were noticed.
    pub noticed: u32,
    /// How many a check allows in so many words.
    pub allowed: u32,
    /// How many were not noticed, and need not be, as a waiver says.
    pub waived: u32,
    /// How many were not noticed.
    pub survived: u32,
}

impl RequirementScore {
    /// Nothing tried yet.
    #[must_use]
    pub fn new(requirement: RequirementId, level: Option<Level>) -> Self {
        Self { requirement, level, tried: 0, noticed: 0, allowed: 0, waived: 0, survived: 0 }
    }
}
