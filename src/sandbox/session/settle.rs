//! What the clock does to the desk.

use super::agenda::Timed;
use super::audience::Phase;
use super::{AgentState, Desk, EndCause, Failure, LegStep, Presence, SessionNumber, StateRequest};
use crate::clock::Timestamp;
use crate::sandbox::interaction::{ContactId, Stage};
use crate::sandbox::session::Event;

impl Desk {
    /// Lets everything happen that was due, in its order and at its time.
    pub(crate) fn settle(&mut self, now: Timestamp) {
        while let Some((at, what)) = self.agenda.take(now) {
            match what {
                Timed::Contact(id) => self.contact_due(id, at),
                Timed::Leg(number) => self.leg_due(number, at),
                Timed::Inactivity(number) => self.inactivity_due(number, at),
                // An id of such a session still means a session that ended.
                Timed::Forget(number) => {
                    self.sessions.remove(&number);
                }
                Timed::Arrival(new) => {
                    // One that finds no room was a promise that cannot be kept: whoever asked has long been answered.
                    let _ = self.admit(*new, at);
                }
            }
        }
    }

    fn contact_due(&mut self, id: ContactId, now: Timestamp) {
        let Some((at, step)) = self.contacts.get(id).and_then(crate::sandbox::interaction::Contact::due) else {
            return;
        };
        if at <= now {
            // What is due is possible where it is due.
            let _ = self.step(id, step, now);
        }
    }

    fn leg_due(&mut self, number: SessionNumber, now: Timestamp) {
        let Some(session) = self.sessions.get_mut(&number) else { return };
        if session.leg().due().is_none_or(|at| at > now) {
            return;
        }
        if session.station().is_reachable() {
            let _ = session.step_leg(LegStep::Answer, now);
        } else {
            let failure = Failure { command: "DialAgentPhone", result: "BadNumber".to_owned(), contact: None };
            session.tell(Event::Error(failure));
            let _ = session.step_leg(LegStep::HangUp, now);
        }
    }

    /// Ends a session in which nobody did anything, or sees to it that it ends with the contact (NICE reference, start
    /// of a session). What counts as doing something is [INF]: every call with an id of the session, and a poll for as
    /// long as it is held. So is that an available agent stays until unavailable.
    fn inactivity_due(&mut self, number: SessionNumber, now: Timestamp) {
        let Some(session) = self.sessions.get_mut(&number) else { return };
        let due = session.active_until.plus(session.inactivity().timeout);
        if session.phase() == Phase::Ended || session.is_overdue {
            return;
        }
        if now < due {
            self.agenda.put(due, Timed::Inactivity(number));
            return;
        }
        session.is_overdue = true;
        match session.standing().presence {
            Presence::OnContact(_) if !session.inactivity().force_logout => {
                self.rest(number, StateRequest::Change(AgentState::Unavailable(None)), now);
            }
            Presence::Free | Presence::OnContact(_) | Presence::WrapUp { .. } => self.end_if_overdue(number, now),
        }
    }

    /// Ends a session that is overdue, as soon as it may end.
    pub(super) fn end_if_overdue(&mut self, number: SessionNumber, now: Timestamp) {
        let Some(session) = self.sessions.get(&number) else { return };
        if !session.is_overdue || session.phase() == Phase::Ended {
            return;
        }
        let may_end = match session.standing().presence {
            Presence::Free => session.standing().resting != AgentState::Available,
            Presence::WrapUp { .. } => true,
            Presence::OnContact(_) => false,
        };
        if may_end || session.inactivity().force_logout {
            self.close(number, EndCause::Inactivity, now);
        }
    }

    /// Takes everything from a session that ends; what goes back to the queue is returned.
    pub(super) fn give_up(&mut self, number: SessionNumber, now: Timestamp) -> Vec<ContactId> {
        let held: Vec<ContactId> =
            self.sessions.get(&number).map(|session| session.contacts().to_vec()).unwrap_or_default();
        let returned = held.into_iter().filter(|id| self.part(*id, now) == Some(Stage::Queued)).collect();
        if let Some(session) = self.sessions.get_mut(&number) {
            // A leg that is down stays down.
            let _ = session.step_leg(LegStep::HangUp, now);
        }
        returned
    }
}
