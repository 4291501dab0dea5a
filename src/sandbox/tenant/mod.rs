//! One tenant: who is in it, what time it is, what it has been asked.
//!
//! A tenant shares nothing with another one but the process.

mod applications;
mod directory;
mod entropy;
mod held;
mod journal;
mod person;
mod state;
mod time;

pub use entropy::Entropy;

pub(crate) use applications::{Applications, CentralApplication, OpenIdClient};
pub(crate) use directory::{BUSINESS_UNIT, Directory, PointOfContact, Report, TEAM, UnavailableCode};
pub(crate) use held::Held;
pub(crate) use journal::{Journal, JournalEntry};
pub(crate) use person::{AgentId, Person, SignIn};
pub(crate) use state::{Tenant, TenantSeed};
pub(crate) use time::TenantTime;
