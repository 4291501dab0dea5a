//! The calls that a tenant answers: one table of routes, one rule for who may make them, a file for each resource.

mod agent_sessions;
mod agents;
mod answer;
mod callbacks;
mod catalogue;
mod contact_reads;
mod dates;
mod extractions;
mod history;
mod interactions;
mod listing;
mod live;
mod operation;
mod patron_chats;
mod poll_timeout;
mod report_jobs;
mod route;
mod routes;
mod supervision;
mod tenant_site;
mod version;

pub(crate) use tenant_site::TenantSite;
