//! Faults that a tenant can be given, so that a contract can prove that it would notice them.
//!
//! The catalogue is closed: a [`Defect`] has a name, a sentence and a [`Seat`]. At the seats a rule asks whether it is to
//! be broken (`defects.has(Defect::JoinRepeatsId)`, where the id of whoever joins is made); what can be seen in any
//! answer is bent in one place, [`bend`], when the tenant has done what it was asked. A tenant without defects asks one
//! flag. Faults of the wire (a 304 with a body, a cut body, a wrong length) are ordered there too, from the
//! [`front`](super::front) of the connection.

mod access;
mod bend;
mod defect;
mod switches;

pub use defect::{Defect, Seat};

pub(crate) use access::{admitted, identified, somebody};
pub(crate) use bend::bend;
pub(crate) use switches::Switches;
