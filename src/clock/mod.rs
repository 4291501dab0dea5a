//! The only sources of time and chance.
//!
//! Everything that reads the time takes a [`Clock`]; everything that is random takes an [`Rng`] derived from the
//! run's seed and a name, never from a shared stream, so that a run can be repeated. Depends on no other room.
//!
//! ```
//! use assize::clock::{Clock, MovableClock, Rng};
//! use std::time::Duration;
//!
//! let clock = MovableClock::real();
//! let before = clock.now();
//! clock.advance(Duration::from_secs(3600));
//! assert!(clock.now().millis() - before.millis() >= 3_600_000);
//! assert_eq!(Rng::derive(7, &["case"]).nonce(), Rng::derive(7, &["case"]).nonce());
//! ```

mod day;
mod deadline;
mod rng;
mod source;
mod timestamp;

pub use day::Day;
pub use deadline::Deadline;
pub use rng::Rng;
pub use source::{Clock, FixedClock, MovableClock, SystemClock};
pub use timestamp::Timestamp;
