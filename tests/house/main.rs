//! What holds of the house as a whole: its rooms, its files, and what it says of itself.

mod edges;
mod examples;
mod files;
mod schemas;
mod specs;
mod tree;
