use std::time::Duration;

use crate::clock::Deadline;

/// What an exchange may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// When the last byte must be there, however the bytes trickle.
    pub deadline: Deadline,
    /// How long name resolution, TCP and TLS may take together.
    pub connect_timeout: Duration,
    /// How large a body may be, in bytes, coded and decoded.
    pub max_body_bytes: u64,
    /// How large the status line and the header fields may be together, in bytes.
    pub max_head_bytes: usize,
    /// How many header fields an answer may have.
    pub max_header_fields: usize,
    /// How many interim answers (1xx) may come before the answer.
    pub max_interim: u32,
}

impl Limits {
    /// The usual limits, with everything over by `deadline`.
    #[must_use]
    pub fn until(deadline: Deadline) -> Self {
        Self {
            deadline,
            connect_timeout: Duration::from_secs(10),
            max_body_bytes: 10 * 1024 * 1024,
            max_head_bytes: 256 * 1024,
            max_header_fields: 1000,
            max_interim: 16,
        }
    }
}
