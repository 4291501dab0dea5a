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
//! | `POST /tenants/ID/contacts` `{media: call or chat, skill?, agent?, from?}` | 201, `{contact, status, agent, …}`: a patron calls or begins a chat; with `agent`, in that agent's personal queue |
//! | `GET /tenants/ID/contacts` | 200, `{contacts: […]}` |
//! | `GET /tenants/ID/contacts/CONTACT` | 200, the same of one |
//! | `POST /tenants/ID/contacts/CONTACT/texts` `{text, label?}` | 204: the patron of a chat writes |
//! | `DELETE /tenants/ID/contacts/CONTACT` | 204: the patron hangs up; 409 when that is over |
//! | `DELETE /tenants/ID/agents/AGENT/session` | 204: the agent is logged out from outside |
//! | `POST /tenants/ID/agents/AGENT/failures` `{result_code?}` | 204: the next command that is accepted of the agent fails, told by `AgentError` |
//! | `PUT /tenants/ID/limits` `{calls, per_ms, path?}` | 200: so many calls below that path are answered in that time, the others by 429 |
//! | `GET /tenants/ID/limits` | 200, `{limits: […]}` |
//! | `DELETE /tenants/ID/limits` | 204: nothing is limited, as at first |
//!
//! Every request needs the host's secret as a bearer token. Named defects of a tenant are to be a further resource below
//! `/tenants/ID`.

mod agents;
mod contacts;
mod limits;
mod session_view;
mod site;
mod tenant_view;

pub(crate) use site::ControlSite;
