//! Snapshots: accepted answers as files that people review, in the format of the crate `insta`.
//!
//! A snapshot is a [`Text`] under a [`Name`]. What was accepted lies as `NAME.snap` in a folder and is read with the
//! suite; what a run saw instead lies beside it as `NAME.snap.new` until somebody accepts or rejects it. The files are
//! insta's own, byte for byte, so that `cargo insta review` works on them too.
//!
//! Nothing here knows where a text comes from: `judge` makes it, and finds whether it differs. The one place that writes
//! is the [`Store`], which the command line hands what the events of a run said. May depend on `value` and `diag` only.
//!
//! ```
//! use assize::snapshot::{Accepted, Difference, Name, Text};
//!
//! let file = "---\nsource: scenarios/hello.yaml\n---\n200\n\n{\n  \"id\": 1\n}\n";
//! let accepted = Accepted::read("hello.greet.snap", file.as_bytes())?;
//! assert_eq!(accepted.name, Name::parse("hello.greet")?);
//! let seen = Text::new("200\n\n{\n  \"ident\": 1\n}");
//! assert_eq!(Difference::between(&accepted.text, &seen).hunks.len(), 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod accepted;
mod difference;
mod disk;
mod metadata;
mod name;
mod pending;
mod print;
mod read;
mod store;
mod suspicion;
mod text;

pub use accepted::Accepted;
pub use difference::{Difference, Hunk, Line, Side};
pub use metadata::Metadata;
pub use name::{BadName, Name};
pub use pending::Pending;
pub use read::BadSnapshot;
pub use store::{Held, Store, StoreError, Written};
pub use suspicion::{Look, Suspicion, WAY_OUT, suspicions, suspicious};
pub use text::Text;
