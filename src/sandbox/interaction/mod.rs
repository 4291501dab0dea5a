//! Interactions, which the API also calls contacts: calls and chats, from the queue to an agent and to their end.
//!
//! A contact is a machine with one table of transitions, [`Stage::after`]. Everything that can happen to it is a
//! [`Step`], whoever causes it: the agent, the patron or the clock. The room knows nothing of sessions but their number.

mod contact;
mod contacts;
mod conversation;
mod id;
mod media;
mod stage;
mod told;

pub(crate) use contact::{Contact, Handler, Route, is_unreachable};
pub(crate) use contacts::{Contacts, NewContact, TooManyContacts};
pub(crate) use conversation::{Conversation, Message, Party};
pub(crate) use id::ContactId;
pub(crate) use media::{Direction, Media};
pub(crate) use stage::{Misplaced, Stage, Step};
pub(crate) use told::{Told, truth};
