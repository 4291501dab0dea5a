//! What is read, and what is told, by small documents.

mod bombs;
mod drawn;
mod problems;
mod slips;
mod trees;
