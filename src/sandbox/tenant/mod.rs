//! One tenant: who is in it, what time it is, what it has been asked.
//!
//! A tenant shares nothing with another one but the process.

mod applications;
mod directory;
mod entropy;
mod held;
mod journal;
mod limits;
mod person;
mod seals;
mod state;
mod time;

pub use entropy::Entropy;

pub(crate) use applications::{Applications, CentralApplication, OpenIdClient};
pub(crate) use directory::{
    AFTER_CALL_WORK, BUSINESS_UNIT, DISPOSITIONS, Directory, Report, Skill, TEAM, UnavailableCode,
};
pub(crate) use held::Held;
pub(crate) use journal::{Journal, JournalEntry};
pub(crate) use limits::{Limits, RateExceeded};
pub(crate) use person::{AgentId, Person, SignIn};
pub(crate) use seals::Seals;
pub(crate) use state::{Tenant, TenantSeed};
pub(crate) use time::TenantTime;
