use serde::{Deserialize, Serialize};

/// Which text of a [`Sources`](super::Sources) is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SourceId(pub(super) u32);

/// A stretch of a source, in bytes from the beginning of its text; `end` is exclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span {
    /// The text it lies in.
    pub source: SourceId,
    /// Byte offset of its first character.
    pub start: u32,
    /// Byte offset after its last character; equal to `start` where it marks a point.
    pub end: u32,
}

impl Span {
    /// The bytes `start..end` of `source`. An `end` before `start` gives a point.
    #[must_use]
    pub const fn new(source: SourceId, start: u32, end: u32) -> Self {
        Self { source, start, end: if end < start { start } else { end } }
    }

    /// The point before byte `at`.
    #[must_use]
    pub const fn point(source: SourceId, at: u32) -> Self {
        Self::new(source, at, at)
    }

    /// The same, from offsets in a text in memory; offsets beyond 4 GiB are cut off there.
    #[must_use]
    pub fn of(source: SourceId, start: usize, end: usize) -> Self {
        let clamp = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        Self::new(source, clamp(start), clamp(end))
    }

    /// The stretch from the beginning of this one to the end of `other`, which lies in the same source.
    #[must_use]
    pub const fn to(self, other: Self) -> Self {
        Self::new(self.source, self.start, other.end)
    }

    /// Its length in bytes.
    #[must_use]
    pub const fn len(self) -> u32 {
        self.end - self.start
    }

    /// Whether it marks a point.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.start == self.end
    }
}
