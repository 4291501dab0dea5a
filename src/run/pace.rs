use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::suite::Pace;

/// Keeps a target from being asked more often, or by more requests at a time, than its owner allows.
#[derive(Debug)]
pub struct Pacer {
    slots: Option<Arc<Semaphore>>,
    gap: Option<Duration>,
    next: Mutex<Option<Instant>>,
}

/// Leave to send one request; given back when dropped.
#[derive(Debug)]
pub struct Leave {
    /// How long it had to be waited for.
    pub waited: Duration,
    _slot: Option<OwnedSemaphorePermit>,
}

impl Pacer {
    /// The pace that a target's owner allows.
    #[must_use]
    pub fn new(pace: Pace) -> Self {
        let slots = pace.concurrency.map(|slots| Arc::new(Semaphore::new(slots.max(1) as usize)));
        let gap = pace
            .requests_per_second
            .filter(|rate| rate.is_finite() && *rate > 0.0)
            .map(|rate| Duration::from_secs_f64((1.0 / rate).min(3600.0)));
        Self { slots, gap, next: Mutex::new(None) }
    }

    /// Waits until one more request may be sent.
    pub async fn leave(&self) -> Leave {
        if self.slots.is_none() && self.gap.is_none() {
            return Leave { waited: Duration::ZERO, _slot: None };
        }
        let asked = Instant::now();
        let slot = match &self.slots {
            Some(slots) => Arc::clone(slots).acquire_owned().await.ok(),
            None => None,
        };
        if let Some(turn) = self.turn() {
            tokio::time::sleep_until(turn.into()).await;
        }
        Leave { waited: asked.elapsed(), _slot: slot }
    }

    /// The moment of the next request; those asked for later come after it.
    fn turn(&self) -> Option<Instant> {
        let gap = self.gap?;
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        let turn = next.map_or_else(Instant::now, |next| next.max(Instant::now()));
        *next = Some(turn + gap);
        Some(turn)
    }
}
