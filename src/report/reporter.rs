use std::io;

use crate::event::Stamped;

/// Something that tells of a run while it hears of it.
pub trait Reporter {
    /// Takes in one event.
    ///
    /// # Errors
    /// What writing gives. A reporter that failed is not asked again.
    fn on_event(&mut self, event: &Stamped) -> io::Result<()>;

    /// Writes what is left to write, and makes sure that it was written. The events may have ended early: what was
    /// planned and did not end is told as unfinished.
    ///
    /// # Errors
    /// What writing gives, or that what was written cannot be read back.
    fn finish(self: Box<Self>) -> io::Result<()>;
}
