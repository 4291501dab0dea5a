//! Patrons: those who contact the business. Their chats need no user.

mod chats;

pub(crate) use chats::{Chats, NoSuchChat};
