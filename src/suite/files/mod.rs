//! Where the files of a suite come from: a folder on disk, or a tree that the binary holds.
//!
//! Nothing outside the suite's root is ever read, whatever a path or a link says, and nothing that is no regular file.

mod embedded;
mod folder;
mod path;
mod reader;
mod shelf;
mod tree;

pub use embedded::Embedded;
pub use folder::Folder;
pub(crate) use reader::Reader;
pub(crate) use reader::sha256;
pub use tree::{Files, ListError, ReadError};
