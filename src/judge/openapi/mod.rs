//! OpenAPI documents (3.0 and 3.1) of a suite: read, linted and compiled once, and what they say of an answer and of the
//! request before it.
//!
//! A document is read from the files of the suite alone; a reference that leads elsewhere is a problem, and nothing is
//! fetched. Its schemas are rewritten to draft 2020-12, every part with its place, and judged by [`schema`](super::Schema)
//! like all others. What breaks the document in an answer is the endpoint's; what breaks it in a request is the author's,
//! and never more than a note.

mod answer;
mod api;
mod content;
mod convert;
mod discriminator;
mod documents;
mod kept;
mod mould;
mod nullable;
mod operation;
mod parameter;
mod path;
mod read;
mod read_part;
mod request;
mod slip;
mod style;
mod touch;

pub use api::{Api, ApiFile, BadOperation};
pub use documents::files_named;
pub use operation::{Operation, StatusKey};
pub use parameter::{In, Parameter};
pub use path::PathTemplate;
pub(super) use slip::Slip;
pub use touch::{Stranger, Touched, touched};
