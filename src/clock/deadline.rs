use std::time::{Duration, Instant};

/// A point on the monotonic clock by which something must have ended.
///
/// Every time limit of the harness is one of these, so that one place decides what a paused process means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Deadline(Instant);

impl Deadline {
    /// The deadline `span` from now.
    #[must_use]
    pub fn after(span: Duration) -> Self {
        let now = Instant::now();
        // A span too long to be added is as good as a century.
        Self(now.checked_add(span).unwrap_or(now + Duration::from_hours(876_000)))
    }

    /// The earlier of two.
    #[must_use]
    pub fn sooner(self, other: Self) -> Self {
        self.min(other)
    }

    /// How long is left; zero when it has passed.
    #[must_use]
    pub fn remaining(self) -> Duration {
        self.0.saturating_duration_since(Instant::now())
    }

    /// Whether it has passed.
    #[must_use]
    pub fn has_passed(self) -> bool {
        self.remaining().is_zero()
    }

    /// The instant, for a timer.
    #[must_use]
    pub fn instant(self) -> Instant {
        self.0
    }
}
