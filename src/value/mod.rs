//! Values: what people write, and what endpoints answer.

mod node;

pub use node::{Entry, Key, Node, NodeKind, NumberText, Scalar};
