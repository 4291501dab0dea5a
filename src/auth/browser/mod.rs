//! A browser that can sign in: it follows redirects, keeps cookies, and fills in the forms of sign-in pages.
//!
//! It runs no script and follows no `meta` refresh: a page that needs either is where the sign-in ends, and is judged as the
//! answer. A name and a password are filled into forms that go to the places of sign-in and nowhere else, every kind of form
//! is filled in once at most, and after [`MAX_HOPS`] answers it is over, so that no server can keep a run busy.
//!
//! A page comes through the door like every answer: what it knows to be secret is a handle here, too, and goes out again
//! by the door.

mod control;
mod fill;
mod form;
mod page;
mod submission;
mod veil;
mod walk;

pub use walk::{End, MAX_HOPS, Sight, Stop, Walked, walk};

#[cfg(test)]
mod tests;
