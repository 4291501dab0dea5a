use std::sync::Arc;
use std::time::{Duration, Instant};

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

    pub(super) fn stamp(&mut self, mut body: Event) -> Stamped {
        // As exact as the log is, so that whatever is made of it later is the same to the byte.
        if let Event::CaseFinished { took: span, .. } | Event::Waited { span, .. } = &mut body {
            *span = whole_micros(*span);
        }
        let seq = self.seq;
        self.seq += 1;
        let elapsed_us = u64::try_from(self.began.elapsed().as_micros()).unwrap_or(u64::MAX);
        Stamped { seq, at: self.clock.now(), elapsed_us, run: Arc::clone(&self.run), body }
    }

    pub(super) fn elapsed(&self) -> Duration {
        whole_micros(self.began.elapsed())
    }
}

fn whole_micros(span: Duration) -> Duration {
    Duration::from_micros(u64::try_from(span.as_micros()).unwrap_or(u64::MAX))
}
