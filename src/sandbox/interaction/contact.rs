use super::{ContactId, Conversation, Direction, Media, Misplaced, Stage, Step};
use crate::clock::Timestamp;
use crate::sandbox::session::SessionNumber;
use crate::sandbox::tenant::{AgentId, Skill};

/// How many stages of a contact are remembered.
const LONGEST_HISTORY: usize = 100;
/// What a number ends with that nobody can reach. [INF]: the platform's own are whatever its carriers say.
const UNREACHABLE: &str = "5550199";

/// Whom a contact waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Route {
    /// Any agent: everyone has every skill here. [INF]
    Skill,
    /// This one: it is in their personal queue.
    Agent(AgentId),
}

/// Who has a contact: a session, and its agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Handler {
    pub(crate) session: SessionNumber,
    pub(crate) agent: AgentId,
}

/// What a contact once was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Past {
    pub(crate) at: Timestamp,
    pub(crate) stage: Stage,
    pub(crate) agent: Option<AgentId>,
}

/// A call or a chat.
#[derive(Debug)]
pub(crate) struct Contact {
    pub(crate) id: ContactId,
    pub(crate) media: Media,
    pub(crate) direction: Direction,
    pub(crate) route: Route,
    pub(crate) skill: &'static Skill,
    /// The address of whoever began it.
    pub(crate) from: String,
    /// The address of the other side.
    pub(crate) to: String,
    pub(crate) began: Timestamp,
    /// Whether it is recorded because the agent asked for that.
    pub(crate) is_recorded: bool,
    pub(crate) disposition: Option<u32>,
    /// What was written; nothing is in a call.
    pub(crate) conversation: Conversation,
    handler: Option<Handler>,
    /// The last agent who had it.
    agent: Option<AgentId>,
    stage: Stage,
    before: Stage,
    changed: Timestamp,
    history: Vec<Past>,
    refusals: u32,
}

impl Contact {
    /// One that begins now.
    pub(super) fn new(id: ContactId, new: super::NewContact, stage: Stage, now: Timestamp) -> Self {
        let super::NewContact { media, direction, route, skill, from, to } = new;
        Self {
            id,
            media,
            direction,
            route,
            skill,
            from,
            to,
            began: now,
            is_recorded: false,
            disposition: None,
            conversation: Conversation::default(),
            handler: None,
            agent: None,
            stage,
            before: stage,
            changed: now,
            history: vec![Past { at: now, stage, agent: None }],
            refusals: 0,
        }
    }

    /// Takes a step, if it is possible where the contact is.
    pub(crate) fn take(&mut self, step: Step, now: Timestamp) -> Result<(), Misplaced> {
        let next = self.stage.after(step, now)?;
        self.before = self.stage;
        self.stage = next;
        self.changed = now;
        match step {
            Step::Return => self.refusals += 1,
            Step::Offer
            | Step::Accept
            | Step::Transfer
            | Step::Ring
            | Step::Answer
            | Step::Fail
            | Step::Hold
            | Step::Resume
            | Step::Mask
            | Step::Unmask
            | Step::Join
            | Step::Disconnect
            | Step::Linger
            | Step::Finish => {}
        }
        if self.history.len() < LONGEST_HISTORY {
            self.history.push(Past { at: now, stage: next, agent: self.agent });
        }
        if matches!(next, Stage::WrapUp { .. } | Stage::Ended) {
            self.conversation.close();
        }
        Ok(())
    }

    /// Gives it to a session.
    pub(crate) fn hand_to(&mut self, handler: Handler) {
        self.handler = Some(handler);
        self.agent = Some(handler.agent);
    }

    /// Takes it away from whoever has it.
    pub(crate) fn let_go(&mut self) -> Option<Handler> {
        self.handler.take()
    }

    /// What happens to it by itself, and when. A number that cannot be reached fails instead of ringing.
    pub(crate) fn due(&self) -> Option<(Timestamp, Step)> {
        match self.stage.due() {
            Some((at, Step::Ring)) if is_unreachable(&self.to) => Some((at, Step::Fail)),
            due => due,
        }
    }

    /// Who has it now.
    pub(crate) fn handler(&self) -> Option<Handler> {
        self.handler
    }

    /// Who has it, or had it last.
    pub(crate) fn agent(&self) -> Option<AgentId> {
        self.agent
    }

    /// How far it is.
    pub(crate) fn stage(&self) -> Stage {
        self.stage
    }

    /// How far it was before that.
    pub(crate) fn before(&self) -> Stage {
        self.before
    }

    /// Since when it is there.
    pub(crate) fn changed(&self) -> Timestamp {
        self.changed
    }

    /// What it was, from the beginning.
    pub(crate) fn history(&self) -> &[Past] {
        &self.history
    }

    /// How often an agent did not take it.
    pub(crate) fn refusals(&self) -> u32 {
        self.refusals
    }
}

/// Whether nobody can be reached at a number.
pub(crate) fn is_unreachable(number: &str) -> bool {
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    digits.ends_with(UNREACHABLE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_unreachable_however_it_is_written() {
        assert!(is_unreachable("+1 (555) 555-0199") && is_unreachable("5550199"));
        assert!(!is_unreachable("+15550100") && !is_unreachable("0199"));
    }
}
