//! The rules of the desk.

mod bench;
mod calls;
mod random_walk;
mod sessions;
