//! Problems in what people write, each with its place, and the one renderer that draws them.
//!
//! A [`Diagnostic`] has a [`Code`], a message and labels on [`Span`]s of texts that stand in [`Sources`]. Stages collect
//! them in [`Diagnostics`], so that all problems of all files are told at once, and [`render`] draws carets.
//! A [`Place`] is a span in plain data: it travels in the event log and needs no source to be drawn. Imports no room.
//!
//! ```
//! use assize::diag::{Code, Colour, Diagnostic, Sources, Span, render};
//!
//! let mut sources = Sources::default();
//! let file = sources.add("hello.yaml", "setps: []\n");
//! let problem = Diagnostic::error(Code::UnknownKey, "unknown key `setps`")
//!     .at(Span::new(file, 0, 5), "not a key of a scenario")
//!     .help("the nearest key is `steps`");
//! assert!(render(&[problem], &sources, Colour::Never).starts_with("error[unknown-key]: unknown key `setps`"));
//! ```

mod code;
mod collector;
mod diagnostic;
mod example;
mod nearest;
mod place;
mod plain;
mod render;
mod source;
mod span;
mod visible;
mod window;

pub use code::Code;
pub use collector::{Diagnostics, MOST_PER_SEVERITY};
pub use diagnostic::{Diagnostic, Label, Severity};
pub use nearest::nearest;
pub use place::Place;
pub use plain::{PlainDiagnostic, PlainLabel};
pub use render::{Colour, render};
pub use source::{Source, Sources};
pub use span::{SourceId, Span};
pub use visible::visible;
