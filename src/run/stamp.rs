use std::sync::Arc;
use std::time::Instant;

use crate::clock::Clock;
use crate::event::{Event, Stamped};

/// Numbers and dates the events of a run.
pub(super) struct Stamper<'c> {
    run: Arc<str>,
    clock: &'c dyn Clock,
    began: Instant,
    seq: u64,
}

impl<'c> Stamper<'c> {
    pub(super) fn new(run: Arc<str>, clock: &'c dyn Clock) -> Self {
        Self { run, clock, began: Instant::now(), seq: 0 }
    }

    pub(super) fn stamp(&mut self, body: Event) -> Stamped {
        let seq = self.seq;
        self.seq += 1;
        let elapsed_us = u64::try_from(self.began.elapsed().as_micros()).unwrap_or(u64::MAX);
        Stamped { seq, at: self.clock.now(), elapsed_us, run: Arc::clone(&self.run), body }
    }

    pub(super) fn elapsed(&self) -> std::time::Duration {
        self.began.elapsed()
    }
}
