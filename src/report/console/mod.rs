//! What stands on the terminal: a line per case as it ends, then each case that did not pass in full, then what the run
//! has shown of the requirements. The verdict line is the caller's, for it holds the exit code.

mod exchanges;
mod line;
mod notes;
mod progress;
mod reporter;
mod same;
mod stability;
mod summary;
mod waivers;

pub use exchanges::Exchanges;
pub use line::verdict_line;
pub(super) use line::{cause, mark, role, stamps};
pub use notes::Notes;
pub use progress::Progress;
pub use reporter::Console;
