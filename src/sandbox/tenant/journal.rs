use std::collections::VecDeque;

use http::Method;
use serde_json::{Value, json};

use crate::clock::Timestamp;
use crate::sandbox::tokens::Caller;

/// How many calls a journal remembers.
const CAPACITY: usize = 2000;

/// One call that the tenant answered. It holds no parameter, no header and no body, so no secret.
#[derive(Clone, Debug)]
pub(crate) struct JournalEntry {
    /// When the answer was ready.
    pub(crate) at: Timestamp,
    pub(crate) method: Method,
    /// Without the query.
    pub(crate) path: String,
    /// The status of the answer.
    pub(crate) status: u16,
    /// Who called, as far as a good token says.
    pub(crate) caller: Option<Caller>,
}

impl JournalEntry {
    fn to_json(&self, number: u64) -> Value {
        json!({
            "number": number,
            "at": self.at.iso(),
            "method": self.method.as_str(),
            "path": self.path,
            "status": self.status,
            "caller": self.caller.as_ref().map(ToString::to_string),
        })
    }
}

/// What a tenant was asked lately.
#[derive(Debug, Default)]
pub(crate) struct Journal {
    entries: VecDeque<JournalEntry>,
    forgotten: u64,
}

impl Journal {
    /// Notes a call, and forgets the oldest one when there are too many.
    pub(crate) fn note(&mut self, entry: JournalEntry) {
        if self.entries.len() == CAPACITY {
            self.entries.pop_front();
            self.forgotten += 1;
        }
        self.entries.push_back(entry);
    }

    /// The remembered calls after number `after`, oldest first. The first call of a tenant has number 1.
    pub(crate) fn after(&self, after: u64) -> Vec<Value> {
        let numbered = (self.forgotten + 1..).zip(&self.entries);
        numbered.filter(|(number, _)| *number > after).map(|(number, entry)| entry.to_json(number)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_journal_forgets_the_oldest() {
        let mut journal = Journal::default();
        let at = Timestamp::from_millis(0);
        for _ in 0..=CAPACITY {
            journal.note(JournalEntry { at, method: Method::GET, path: "/x".into(), status: 200, caller: None });
        }
        let kept = journal.after(0);
        assert_eq!((kept.len(), &kept[0]["number"]), (CAPACITY, &2.into()));
    }
}
