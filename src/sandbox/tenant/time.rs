use std::time::Duration;

use tokio::sync::watch;

use crate::clock::{Clock, MovableClock, Timestamp};

/// How far a clock may be moved ahead in all: a hundred years.
const FURTHEST: Duration = Duration::from_hours(100 * 365 * 24);

/// A tenant's clock. Whoever waits on it is told when it is moved.
pub(crate) struct TenantTime {
    clock: MovableClock,
    moved: watch::Sender<()>,
}

/// The clock cannot be moved that far.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a tenant's clock can be moved ahead by a hundred years in all, not more")]
pub(crate) struct TooFar;

impl TenantTime {
    /// The machine's time, not moved yet.
    pub(crate) fn real() -> Self {
        Self { clock: MovableClock::real(), moved: watch::Sender::new(()) }
    }

    /// The tenant's time now.
    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// How far it has been moved, in milliseconds.
    pub(crate) fn ahead_millis(&self) -> i64 {
        self.clock.ahead_millis()
    }

    /// Moves the clock ahead and wakes those who wait on it.
    pub(crate) fn advance(&self, span: Duration) -> Result<(), TooFar> {
        let ahead = Duration::from_millis(u64::try_from(self.ahead_millis()).unwrap_or(0));
        if ahead.saturating_add(span) > FURTHEST {
            return Err(TooFar);
        }
        self.clock.advance(span);
        self.moved.send_replace(());
        Ok(())
    }

    /// Waits until the tenant's time is `deadline`, by passing or by being moved.
    pub(crate) async fn until(&self, deadline: Timestamp) {
        let mut moved = self.moved.subscribe();
        loop {
            let left = deadline.since(self.now());
            if left.is_zero() {
                return;
            }
            // A timer may end a little early by the tenant's clock; then the loop goes round once more.
            tokio::select! {
                () = tokio::time::sleep(left) => {}
                _ = moved.changed() => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn moving_the_clock_ends_a_wait() {
        let time = TenantTime::real();
        let deadline = time.now().plus(Duration::from_hours(1));
        let mover = async {
            tokio::task::yield_now().await;
            time.advance(Duration::from_hours(1))
        };
        let ((), advanced) = tokio::join!(time.until(deadline), mover);
        assert_eq!(advanced, Ok(()));
    }

    #[test]
    fn a_clock_cannot_be_moved_out_of_the_calendar() {
        let time = TenantTime::real();
        assert_eq!(time.advance(Duration::MAX), Err(TooFar));
        assert_eq!(time.advance(FURTHEST), Ok(()));
        assert_eq!(time.advance(Duration::from_millis(1)), Err(TooFar));
    }
}
