//! The page as a parser and a reader meet it.
