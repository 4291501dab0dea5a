//! The calls that a tenant answers: one table of routes, one rule for who may make them, a file for each resource.

mod agent_sessions;
mod agents;
mod answer;
mod catalogue;
mod dates;
mod patron_chats;
mod report_jobs;
mod route;
mod tenant_site;

pub(crate) use tenant_site::TenantSite;
