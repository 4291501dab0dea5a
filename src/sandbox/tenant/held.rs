use std::sync::atomic::{AtomicUsize, Ordering};

/// Counts the requests that a tenant holds until something happens.
#[derive(Debug, Default)]
pub(crate) struct Held(AtomicUsize);

/// A request that is held, for as long as this lives.
pub(crate) struct Hold<'a>(&'a Held);

impl Held {
    /// Counts one more, until the answer is dropped.
    pub(crate) fn hold(&self) -> Hold<'_> {
        self.0.fetch_add(1, Ordering::SeqCst);
        Hold(self)
    }

    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }
}

impl Drop for Hold<'_> {
    fn drop(&mut self) {
        self.0.0.fetch_sub(1, Ordering::SeqCst);
    }
}
