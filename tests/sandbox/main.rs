//! The sandbox as programs meet it: over real connections.

mod bench;
mod control;
mod hostile;
mod operator;
mod patron;
mod polls;
mod reads;
mod sessions;
mod tls;
mod tokens;
