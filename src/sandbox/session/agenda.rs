use std::collections::BTreeMap;
use std::sync::Arc;

use tokio::sync::Notify;

use super::SessionNumber;
use crate::clock::Timestamp;
use crate::sandbox::interaction::{ContactId, NewContact};

/// What happens by the clock alone.
#[derive(Debug)]
pub(crate) enum Timed {
    /// The next thing that a contact does by itself.
    Contact(ContactId),
    /// An agent's telephone answers, or cannot be reached.
    Leg(SessionNumber),
    /// A session may have been left alone for too long.
    Inactivity(SessionNumber),
    /// The queue of a session that ended is given up.
    Forget(SessionNumber),
    /// A contact that was asked for comes in.
    Arrival(Box<NewContact>),
}

/// What is to happen, by time. An entry that turns out to be early or void does no harm: whoever takes it looks again.
#[derive(Debug, Default)]
pub(crate) struct Agenda {
    entries: BTreeMap<(Timestamp, u64), Timed>,
    count: u64,
    sooner: Arc<Notify>,
}

impl Agenda {
    /// Puts down that `what` happens `when`.
    pub(crate) fn put(&mut self, when: Timestamp, what: Timed) {
        let is_sooner = self.next().is_none_or(|next| when < next);
        self.count += 1;
        self.entries.insert((when, self.count), what);
        if is_sooner {
            self.sooner.notify_one();
        }
    }

    /// Takes the first entry whose time has come, and when that was.
    pub(crate) fn take(&mut self, now: Timestamp) -> Option<(Timestamp, Timed)> {
        let first = self.entries.first_entry()?;
        let (when, _) = *first.key();
        (when <= now).then(|| (when, first.remove()))
    }

    /// When the first entry is due.
    pub(crate) fn next(&self) -> Option<Timestamp> {
        self.entries.first_key_value().map(|((when, _), _)| *when)
    }

    /// Is notified when an entry becomes the first one.
    pub(crate) fn sooner(&self) -> Arc<Notify> {
        Arc::clone(&self.sooner)
    }

    /// How many contacts are still to come in.
    pub(crate) fn arrivals(&self) -> usize {
        self.entries.values().filter(|what| matches!(what, Timed::Arrival(_))).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_due_is_taken_in_its_order() {
        let mut agenda = Agenda::default();
        let at = Timestamp::from_millis;
        agenda.put(at(20), Timed::Leg(SessionNumber(2)));
        agenda.put(at(10), Timed::Leg(SessionNumber(1)));
        assert_eq!(agenda.next(), Some(at(10)));
        assert!(agenda.take(at(9)).is_none());
        assert!(matches!(agenda.take(at(30)), Some((when, Timed::Leg(SessionNumber(1)))) if when == at(10)));
        assert!(matches!(agenda.take(at(30)), Some((when, Timed::Leg(SessionNumber(2)))) if when == at(20)));
        assert!(agenda.take(at(30)).is_none());
    }
}
