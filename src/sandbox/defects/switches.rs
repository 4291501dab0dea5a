use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::Defect;

/// Which defects a tenant has now. Clones are the same switches.
#[derive(Clone, Debug, Default)]
pub(crate) struct Switches(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    /// Whether anybody is interested in the switches: a sound tenant that notes nothing asks nothing else.
    are_watched: AtomicBool,
    panel: Mutex<Panel>,
}

#[derive(Debug, Default)]
struct Panel {
    on: BTreeSet<Defect>,
    /// Each defect that was asked for, where that is noted.
    asked: Option<BTreeSet<Defect>>,
}

impl Switches {
    /// Whether the tenant has this defect.
    pub(crate) fn has(&self, defect: Defect) -> bool {
        if !self.are_watched() {
            return false;
        }
        let mut panel = self.panel();
        if let Some(asked) = &mut panel.asked {
            asked.insert(defect);
        }
        panel.on.contains(&defect)
    }

    /// Whether it has any, or notes what it is asked.
    pub(crate) fn are_watched(&self) -> bool {
        self.0.are_watched.load(Ordering::Acquire)
    }

    /// Gives the tenant exactly these.
    pub(crate) fn set(&self, defects: impl IntoIterator<Item = Defect>) {
        let mut panel = self.panel();
        panel.on = defects.into_iter().collect();
        self.watch(&panel);
    }

    /// Notes from now on which defects are asked for.
    pub(crate) fn note(&self) {
        let mut panel = self.panel();
        panel.asked.get_or_insert_default();
        self.watch(&panel);
    }

    /// The defects that were asked for since that is noted: no other one can have made a difference.
    pub(crate) fn asked(&self) -> BTreeSet<Defect> {
        self.panel().asked.clone().unwrap_or_default()
    }

    /// The names of those it has, in the catalogue's order.
    pub(crate) fn names(&self) -> Vec<&'static str> {
        self.panel().on.iter().map(|defect| defect.name()).collect()
    }

    fn watch(&self, panel: &Panel) {
        self.0.are_watched.store(!panel.on.is_empty() || panel.asked.is_some(), Ordering::Release);
    }

    fn panel(&self) -> MutexGuard<'_, Panel> {
        self.0.panel.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_is_noted_only_where_that_is_wanted() {
        let switches = Switches::default();
        assert!(!switches.has(Defect::EventLost));
        switches.set([Defect::Quiet200]);
        assert!(switches.has(Defect::Quiet200) && !switches.has(Defect::EventLost));
        assert_eq!(switches.asked(), BTreeSet::new());
        switches.note();
        assert!(switches.clone().has(Defect::Quiet200) && !switches.has(Defect::EventLost));
        assert_eq!(switches.asked(), BTreeSet::from([Defect::EventLost, Defect::Quiet200]));
        switches.set([]);
        assert!(switches.are_watched() && !switches.has(Defect::Quiet200));
    }
}
