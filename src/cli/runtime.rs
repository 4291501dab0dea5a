use tokio::runtime::{Builder, Runtime};

use super::failure::Failure;

/// The runtime that everything asynchronous runs on.
pub(super) fn runtime() -> Result<Runtime, Failure> {
    Builder::new_multi_thread().enable_all().build().map_err(|error| Failure::internal(format!("no runtime: {error}")))
}
