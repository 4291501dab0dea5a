use std::collections::VecDeque;

use tokio::sync::watch;

use crate::clock::Timestamp;

/// How many messages of a chat are remembered.
const MOST_MESSAGES: usize = 200;

/// Who wrote a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Party {
    Agent,
    Patron,
}

impl Party {
    /// The number of it. [INF]
    pub(crate) fn id(self) -> u8 {
        match self {
            Self::Agent => 1,
            Self::Patron => 2,
        }
    }

    /// The word for it. [INF]
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Agent => "Agent",
            Self::Patron => "Client",
        }
    }
}

/// Something that was written in a chat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Message {
    pub(crate) party: Party,
    /// The name that the other side sees.
    pub(crate) label: String,
    pub(crate) text: String,
    pub(crate) at: Timestamp,
}

/// What was written in a chat. A position counts the messages before it.
#[derive(Debug)]
pub(crate) struct Conversation {
    messages: VecDeque<Message>,
    forgotten: u32,
    /// Counts the ids that were given to the patron, so that no two are the same.
    serial: u32,
    is_open: bool,
    /// Wakes the patron, who may be waiting for a message.
    news: watch::Sender<()>,
}

impl Default for Conversation {
    fn default() -> Self {
        Self { messages: VecDeque::new(), forgotten: 0, serial: 0, is_open: true, news: watch::Sender::new(()) }
    }
}

impl Conversation {
    /// Adds a message, and forgets the oldest one when there are too many.
    pub(crate) fn write(&mut self, message: Message) {
        if self.messages.len() == MOST_MESSAGES {
            self.messages.pop_front();
            self.forgotten += 1;
        }
        self.messages.push_back(message);
        self.news.send_replace(());
    }

    /// Nothing more will be written.
    pub(crate) fn close(&mut self) {
        self.is_open = false;
        self.news.send_replace(());
    }

    /// Whether more may be written.
    pub(crate) fn is_open(&self) -> bool {
        self.is_open
    }

    /// The remembered messages from `position` on.
    pub(crate) fn since(&self, position: u32) -> impl Iterator<Item = &Message> {
        let skipped = position.saturating_sub(self.forgotten);
        self.messages.iter().skip(usize::try_from(skipped).unwrap_or(usize::MAX))
    }

    /// The position after the last message.
    pub(crate) fn end(&self) -> u32 {
        self.forgotten + u32::try_from(self.messages.len()).unwrap_or(u32::MAX - self.forgotten)
    }

    /// The serial number of the next id.
    pub(crate) fn next_serial(&mut self) -> u32 {
        self.serial += 1;
        self.serial
    }

    /// Changes when there is something new.
    pub(crate) fn news(&self) -> watch::Receiver<()> {
        self.news.subscribe()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_conversation_forgets_its_beginning() {
        let mut conversation = Conversation::default();
        let at = Timestamp::from_millis(0);
        for n in 0..=MOST_MESSAGES {
            conversation.write(Message { party: Party::Agent, label: String::new(), text: n.to_string(), at });
        }
        assert_eq!(conversation.since(0).next().map(|message| &*message.text), Some("1"));
        assert_eq!(conversation.since(conversation.end() - 1).count(), 1);
        assert_eq!(conversation.since(u32::MAX).count(), 0);
    }
}
