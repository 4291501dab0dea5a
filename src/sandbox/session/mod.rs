//! Agent sessions: one for an agent at a time, joined by any number of clients, told to each of them as events.
//!
//! The machine is pure: it is given the time and returns what is so. Waiting happens in [`poll`], and what the clock
//! does by itself in [`timekeeper`].

mod agenda;
mod agent_session;
mod agent_state;
mod audience;
mod chatting;
mod client;
mod command;
mod desk;
mod event;
mod event_log;
mod handling;
mod leg;
mod poll;
mod presence;
mod routing;
mod session_id;
mod settle;
mod start;
mod telephone;
#[cfg(test)]
mod tests;
mod timekeeper;
mod wants;

pub(crate) use agent_session::AgentSession;
pub(crate) use agent_state::{AgentState, StateRefusal, StateRequest};
pub(crate) use audience::Phase;
pub(crate) use chatting::Destination;
pub(crate) use client::ClientNumber;
pub(crate) use command::{Command, CommandRefusal};
pub(crate) use desk::{Desk, EndOptions, Glance, SessionRefusal};
pub(crate) use event::{EndCause, Event, Failure};
pub(crate) use leg::{Leg, LegId, LegStep, WrongLeg};
pub(crate) use poll::{PollEnd, next_events};
pub(crate) use presence::{Next, Presence, Standing};
pub(crate) use session_id::{SessionId, SessionIds, SessionNumber};
pub(crate) use start::{Inactivity, Start, StartRefusal, Station, agent_for};
pub(crate) use telephone::{Dial, LegCommand, Linking};
pub(crate) use timekeeper::keep_time;
pub(crate) use wants::MOST_CHATS;
