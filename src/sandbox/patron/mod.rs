//! Patrons: those who contact the business. Their chats and callbacks need no user.

mod chat_id;
mod poll;

pub(crate) use chat_id::{ChatId, ChatIds};
pub(crate) use poll::{ChatPoll, next_messages};
