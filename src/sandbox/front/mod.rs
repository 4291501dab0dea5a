//! What stands between the tenant's HTTP and its connections: the place where an answer can be broken byte by byte.
//!
//! The server below writes sound HTTP and cannot be told otherwise. So a connection's bytes pass through a [`Front`]. Who
//! answers a call [`Orders`] a [`WireFault`] for it; the front then holds the sound bytes of that one answer back until
//! they are whole, breaks them, and lets them go, with the end of the connection where the fault asks for it. Every other
//! answer passes untouched and uncopied. Only HTTP/1.1 is broken so: over HTTP/2 there are no such bytes.

mod broken;
mod connection;
mod fault;
mod message;
mod orders;

pub(crate) use connection::Front;
pub(crate) use fault::WireFault;
pub(crate) use orders::Orders;
