use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::Defect;

/// Which defects a tenant has now. Clones are the same switches.
#[derive(Clone, Debug, Default)]
pub(crate) struct Switches(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    /// Whether any is on: a sound tenant asks nothing else.
    any: AtomicBool,
    on: Mutex<BTreeSet<Defect>>,
}

impl Switches {
    /// Whether the tenant has this defect.
    pub(crate) fn has(&self, defect: Defect) -> bool {
        self.are_any() && self.0.on.lock().unwrap_or_else(PoisonError::into_inner).contains(&defect)
    }

    /// Whether it has any.
    pub(crate) fn are_any(&self) -> bool {
        self.0.any.load(Ordering::Acquire)
    }

    /// Gives the tenant exactly these.
    pub(crate) fn set(&self, defects: impl IntoIterator<Item = Defect>) {
        let mut on = self.0.on.lock().unwrap_or_else(PoisonError::into_inner);
        *on = defects.into_iter().collect();
        self.0.any.store(!on.is_empty(), Ordering::Release);
    }

    /// The names of those it has, in the catalogue's order.
    pub(crate) fn names(&self) -> Vec<&'static str> {
        let on = self.0.on.lock().unwrap_or_else(PoisonError::into_inner);
        on.iter().map(|defect| defect.name()).collect()
    }
}
