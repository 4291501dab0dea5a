//! Runs a plan: cases side by side, each a [`Trial`](crate::trial::Trial) over the network, and tells of it in events.
//!
//! The dispatcher owns what cases share: whose turn it is, which users are leased, which locks are held, and the stream
//! of events. Each case is a task of its own that asks its trial what comes next, does it, and takes back what the case
//! made, however it ends. Reports are not known here. Depends on `trial`, `plan`, `suite`, `http`, `auth`, `judge`,
//! `event`, `value`, `diag` and `clock`.

mod around;
mod authorize;
mod cancel;
mod case_run;
mod device;
mod dispatch;
mod drive;
mod elapse;
mod leases;
mod outgoing;
mod pace;
mod secrets;
mod send;
mod stage;
mod stamp;
mod tenants;
mod together;
mod undo;
mod world;

pub use cancel::{Cancel, CancelHandle};
pub use dispatch::{Order, Pauses, Retries, RunOptions, run};
pub use pace::Pacer;
pub use secrets::{SecretError, SecretReader, secret_refs};
pub use tenants::{OpenedTenant, TenantError, TenantFuture, Tenants};
pub use world::{World, WorldError, WorldParts};
