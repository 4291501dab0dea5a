//! The agent's telephone, and the calls that agents make.

use super::agenda::Timed;
use super::command::CommandRefusal;
use super::{Desk, LegId, LegStep, SessionNumber};
use crate::clock::Timestamp;
use crate::sandbox::interaction::{
    Contact, ContactId, Direction, Handler, Media, Misplaced, NewContact, Route, Stage, Step,
};
use crate::sandbox::tenant::{AgentId, Skill};

/// How many calls an agent may have at once: more than two need a permission that nobody has here.
const MOST_CALLS: usize = 2;

/// What an agent does with the telephone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LegCommand {
    Dial,
    End,
    Mute,
    Unmute,
}

/// What becomes of an agent's two calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Linking {
    /// All three talk.
    Conference,
    /// The two others talk; the agent is done with both.
    Transfer,
}

/// A number to be dialled, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Dial {
    pub(crate) number: String,
    pub(crate) skill: &'static Skill,
}

impl LegCommand {
    /// What `AgentError` calls it. [INF]
    fn name(self) -> &'static str {
        match self {
            Self::Dial => "DialAgentPhone",
            Self::End => "EndAgentPhone",
            Self::Mute => "MuteAgentPhone",
            Self::Unmute => "UnmuteAgentPhone",
        }
    }
}

impl Desk {
    /// An agent does something with the telephone. That hanging up ends the calls on it is [INF].
    pub(crate) fn use_leg(
        &mut self,
        agent: AgentId,
        session: &str,
        command: LegCommand,
        now: Timestamp,
    ) -> Result<(), CommandRefusal> {
        let leg = LegId(self.last_leg + 1);
        let session = self.live_session(agent, session, now)?;
        let number = session.number();
        let step = match command {
            LegCommand::Dial => LegStep::Dial(leg),
            LegCommand::End => LegStep::HangUp,
            LegCommand::Mute => LegStep::Mute,
            LegCommand::Unmute => LegStep::Unmute,
        };
        session.leg().after(step, now).map_err(|_| CommandRefusal::WrongLeg)?;
        if session.fails(command.name(), None) {
            return Ok(());
        }
        session.step_leg(step, now).map_err(|_| CommandRefusal::WrongLeg)?;
        let due = session.leg().due();
        self.last_leg = leg.0;
        if let Some(at) = due {
            self.agenda.put(at, Timed::Leg(number));
        }
        if command == LegCommand::End {
            for call in self.calls_of(number) {
                // What is only offered is not on the telephone yet.
                let stage = self.contacts.get(call).map(Contact::stage);
                if !matches!(stage, Some(Stage::Offered { .. })) {
                    self.move_on(call, Step::Disconnect, now)?;
                }
            }
            self.follow(number, now);
        }
        Ok(())
    }

    /// The telephone is there from now on, for the sake of a call. [INF]
    pub(super) fn raise_leg(&mut self, number: SessionNumber, now: Timestamp) {
        let leg = LegId(self.last_leg + 1);
        let Some(session) = self.sessions.get_mut(&number) else { return };
        if session.step_leg(LegStep::Dial(leg), now).is_ok() {
            self.last_leg = leg.0;
        }
        // One that is up already stays up.
        let _ = session.step_leg(LegStep::Answer, now);
    }

    /// An agent calls a number. A second call needs the first one to wait: [INF] but for the limit.
    pub(crate) fn dial(
        &mut self,
        agent: AgentId,
        session: &str,
        dial: Dial,
        parent: Option<&str>,
        now: Timestamp,
    ) -> Result<(), CommandRefusal> {
        let number = self.live_session(agent, session, now)?.number();
        if let Some(parent) = parent {
            self.held_contact(agent, session, parent, now)?;
        }
        let calls = self.calls_of(number);
        if calls.len() >= MOST_CALLS {
            return Err(CommandRefusal::TooManyCalls);
        }
        let waits = |id: &ContactId| self.contacts.get(*id).is_some_and(|call| call.stage() == Stage::Holding);
        if !calls.iter().all(waits) {
            return Err(Misplaced.into());
        }
        if self.fails(number, "DialPhone", None) {
            return Ok(());
        }
        self.raise_leg(number, now);
        let new = NewContact {
            media: Media::Call,
            direction: Direction::Outbound,
            route: Route::Skill,
            skill: dial.skill,
            from: String::new(),
            to: dial.number,
        };
        let id = self.contacts.begin(new, Stage::dialling(now), now).map_err(|_| CommandRefusal::NoRoom)?;
        let Some(contact) = self.contacts.get_mut(id) else { return Ok(()) };
        contact.hand_to(Handler { session: number, agent });
        let due = contact.due();
        if let Some(session) = self.sessions.get_mut(&number) {
            session.gain(id);
        }
        if let Some((at, _)) = due {
            self.agenda.put(at, Timed::Contact(id));
        }
        self.tell_of(id);
        self.follow(number, now);
        Ok(())
    }

    /// An agent links two calls. Which stages they must be at is [INF].
    pub(crate) fn link(
        &mut self,
        agent: AgentId,
        session: &str,
        linking: Linking,
        now: Timestamp,
    ) -> Result<(), CommandRefusal> {
        let number = self.live_session(agent, session, now)?.number();
        let calls = self.calls_of(number);
        let (command, step) = match linking {
            Linking::Conference => ("ConferenceCalls", Step::Join),
            Linking::Transfer => ("TransferCalls", Step::Disconnect),
        };
        let may = |id: &ContactId| match self.contacts.get(*id).map(Contact::stage) {
            Some(Stage::Joined) => linking == Linking::Transfer,
            Some(stage) => stage.after(Step::Join, now).is_ok(),
            None => false,
        };
        if calls.len() < MOST_CALLS || !calls.iter().all(may) {
            return Err(Misplaced.into());
        }
        if !self.fails(number, command, None) {
            for call in calls {
                self.move_on(call, step, now)?;
            }
            self.follow(number, now);
        }
        Ok(())
    }

    /// The calls of a session that are not being finished.
    fn calls_of(&self, number: SessionNumber) -> Vec<ContactId> {
        let held = self.sessions.get(&number).map(super::AgentSession::contacts).unwrap_or_default();
        let is_call = |id: &ContactId| {
            self.contacts.get(*id).is_some_and(|one| one.media == Media::Call && one.stage().is_live())
        };
        held.iter().copied().filter(is_call).collect()
    }
}
