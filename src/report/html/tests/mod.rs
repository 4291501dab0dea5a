//! The page as a parser and a reader meet it.

mod hostile;
mod limits;
mod page;
mod structure;
