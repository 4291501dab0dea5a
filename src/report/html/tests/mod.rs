//! The page as a parser and a reader meet it.

mod differences;
mod hostile;
mod limits;
mod page;
mod structure;
