use serde::Serialize;

use crate::event::SnapshotDifference;

use super::diff::DiffView;
use super::shown::Shown;

/// How many lines of a snapshot that nobody has accepted yet are shown, and the longest of them, in bytes.
const MOST_LINES: usize = 400;
const MOST_LINE: usize = 2 * 1024;

/// An answer that is not as it was accepted.
#[derive(Debug, Serialize)]
pub(super) struct SnapshotView {
    /// The name of the snapshot.
    name: Shown,
    /// What the scenario is about.
    about: Shown,
    /// What was asked.
    request: Shown,
    /// What was accepted and what was seen; none where nothing was accepted before.
    diff: Option<DiffView>,
    /// All that was seen, where nothing was accepted before.
    lines: Vec<Shown>,
    /// How many lines were left out.
    more: usize,
}

impl SnapshotView {
    /// The difference, or all of what is new.
    pub(super) fn new(found: &SnapshotDifference) -> Self {
        let diff = found.accepted.as_ref().map(|accepted| DiffView::new(["accepted", "seen"], accepted, &found.seen));
        let lines = if diff.is_some() { "" } else { found.seen.as_str() };
        Self {
            name: Shown::name(&found.name),
            about: Shown::sentence(&found.metadata.description),
            request: Shown::sentence(&found.metadata.request),
            diff,
            lines: lines.lines().take(MOST_LINES).map(|line| Shown::short(line, MOST_LINE)).collect(),
            more: lines.lines().count().saturating_sub(MOST_LINES),
        }
    }
}
