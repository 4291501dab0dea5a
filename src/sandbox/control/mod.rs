//! The control API: makes and ends tenants, moves their clocks, tells what is left in them.
//!
//! | request | answer |
//! |---|---|
//! | `POST /tenants` `{agents, credentials}` | 201, `{id, address, control}` |
//! | `GET /tenants` | 200, `{tenants: […]}` |
//! | `GET /tenants/ID` | 200, the same of one |
//! | `DELETE /tenants/ID` | 204 |
//! | `POST /tenants/ID/clock` `{advance_ms}` | 200, `{now, ahead_ms}` |
//! | `GET /tenants/ID/sessions` | 200, `{sessions: […], live: N, held_polls: N}` |
//! | `GET /tenants/ID/journal?after=N` | 200, `{calls: […]}` |
//!
//! Every request needs the host's secret as a bearer token. Queued contacts and named defects of a tenant are to be
//! further resources below `/tenants/ID`.

mod site;
mod tenant_view;

pub(crate) use site::ControlSite;
