//! Agent sessions: one for an agent at a time, joined by any number of clients, told to each of them as events.
//!
//! The machine is pure: it is given the time and returns what is so. Waiting happens in [`poll`].

mod agent_session;
mod agent_state;
mod client;
mod desk;
mod event;
mod event_log;
mod poll;
#[cfg(test)]
mod random_walk;
mod session_id;
mod start;

pub(crate) use agent_session::{AgentSession, Phase};
pub(crate) use agent_state::{AgentState, StateRefusal, StateRequest};
pub(crate) use client::ClientNumber;
pub(crate) use desk::{Desk, Glance, SessionRefusal};
pub(crate) use event::Event;
pub(crate) use poll::{PollEnd, next_events};
pub(crate) use session_id::{SessionId, SessionIds, SessionNumber};
pub(crate) use start::{Inactivity, Start, StartRefusal, Station, agent_for};
