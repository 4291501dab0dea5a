use std::time::Duration;

use http::StatusCode;

use crate::sandbox::wire::{Params, Reply};

/// The longest that a poll is held, in seconds.
const LONGEST_POLL: i64 = 60;

/// The `timeout` of a long poll is missing, no whole number, or out of range: 400.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("Invalid Timeout. Value must be between 0-60.")]
pub(crate) struct BadTimeout;

impl From<BadTimeout> for Reply {
    fn from(bad: BadTimeout) -> Self {
        Reply::refusal(StatusCode::BAD_REQUEST, bad.to_string())
    }
}

/// Reads how long a poll may be held.
pub(crate) fn poll_timeout(params: &Params) -> Result<Duration, BadTimeout> {
    match params.integer("timeout") {
        Ok(Some(seconds @ 0..=LONGEST_POLL)) => Ok(Duration::from_secs(seconds.unsigned_abs())),
        Ok(None | Some(_)) | Err(_) => Err(BadTimeout),
    }
}
