use std::collections::VecDeque;
use std::sync::Arc;

use super::Event;

/// How many events a session remembers. A client that is further behind is out of sync.
const CAPACITY: usize = 1000;

/// What happened in a session, in order. A position counts the events before it.
#[derive(Debug, Default)]
pub(crate) struct EventLog {
    events: VecDeque<Arc<Event>>,
    forgotten: u32,
}

impl EventLog {
    /// Adds what has just happened.
    pub(crate) fn push(&mut self, event: Arc<Event>) {
        if self.events.len() == CAPACITY {
            self.events.pop_front();
            self.forgotten += 1;
        }
        self.events.push_back(event);
    }

    /// The position after the last event.
    pub(crate) fn end(&self) -> u32 {
        self.forgotten + u32::try_from(self.events.len()).unwrap_or(u32::MAX - self.forgotten)
    }

    /// The events from `position` on; `None` when some of them are forgotten.
    pub(crate) fn since(&self, position: u32) -> Option<impl Iterator<Item = &Arc<Event>>> {
        let skipped = usize::try_from(position.checked_sub(self.forgotten)?).ok()?;
        Some(self.events.iter().skip(skipped))
    }

    /// The last event.
    pub(crate) fn last(&self) -> Option<&Arc<Event>> {
        self.events.back()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_that_is_too_far_behind_is_told_so() {
        let mut log = EventLog::default();
        for _ in 0..=CAPACITY {
            log.push(Arc::new(Event::RemoteEnd));
        }
        assert!(log.since(0).is_none());
        assert_eq!(log.since(1).map(Iterator::count), Some(CAPACITY));
        assert_eq!(log.since(log.end()).map(Iterator::count), Some(0));
    }
}
