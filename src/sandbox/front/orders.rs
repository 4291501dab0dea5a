use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Notify;

use super::WireFault;

/// What is asked of the front of a connection. Clones are of the same connection.
#[derive(Clone, Debug, Default)]
pub(crate) struct Orders(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    order: Mutex<Option<WireFault>>,
    /// Whether bytes were written that are not out yet.
    under_way: AtomicBool,
    out: Notify,
}

impl Orders {
    /// Orders that the next answer is broken so. Waits until every answer before it is out: a client may ask again before
    /// it has read what came.
    pub(crate) async fn place(&self, fault: WireFault) {
        while self.0.under_way.load(Ordering::Acquire) {
            self.0.out.notified().await;
        }
        *self.0.order.lock().unwrap_or_else(PoisonError::into_inner) = Some(fault);
    }

    /// What is to be done with the answer whose bytes begin now.
    pub(super) fn take(&self) -> Option<WireFault> {
        self.0.order.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Tells that bytes were written.
    pub(super) fn begun(&self) {
        self.0.under_way.store(true, Ordering::Release);
    }

    /// Tells that everything that was written is out.
    pub(super) fn ended(&self) {
        if self.0.under_way.swap(false, Ordering::AcqRel) {
            self.0.out.notify_one();
        }
    }
}
