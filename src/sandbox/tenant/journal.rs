use std::collections::VecDeque;

use serde::Serialize;

use crate::clock::Timestamp;

/// How many calls a journal remembers.
const CAPACITY: usize = 2000;

/// One call that the tenant answered. It holds no parameter, no header and no body, so no secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct JournalEntry {
    /// Counts all calls, from 1.
    pub(crate) number: u64,
    /// When the answer was ready.
    pub(crate) at: String,
    /// The verb.
    pub(crate) method: String,
    /// The path, without the query.
    pub(crate) path: String,
    /// The status of the answer.
    pub(crate) status: u16,
    /// Who called: `nobody`, `agent N` or `application NAME`.
    pub(crate) caller: String,
}

/// What a tenant was asked lately.
#[derive(Debug, Default)]
pub(crate) struct Journal {
    entries: VecDeque<JournalEntry>,
    total: u64,
}

impl Journal {
    /// Notes a call, and forgets the oldest one when there are too many.
    pub(crate) fn note(&mut self, at: Timestamp, method: &str, path: &str, status: u16, caller: String) {
        self.total += 1;
        if self.entries.len() == CAPACITY {
            self.entries.pop_front();
        }
        let path = path.chars().take(500).collect();
        let entry = JournalEntry { number: self.total, at: at.iso(), method: method.to_owned(), path, status, caller };
        self.entries.push_back(entry);
    }

    /// The remembered calls after number `after`, oldest first.
    pub(crate) fn after(&self, after: u64) -> Vec<JournalEntry> {
        self.entries.iter().filter(|entry| entry.number > after).cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_journal_forgets_the_oldest() {
        let mut journal = Journal::default();
        for _ in 0..=CAPACITY {
            journal.note(Timestamp::from_millis(0), "GET", "/x", 200, String::new());
        }
        let kept = journal.after(0);
        assert_eq!((kept.len(), kept[0].number), (CAPACITY, 2));
    }
}
