use std::sync::{Arc, Mutex, PoisonError};

/// Which connections a request may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LaneId(pub u32);

/// Where lanes are leased: as many as devices are at work at the same time.
///
/// A lane that is given back is the next to be leased, so its open connections are used again by later cases.
#[derive(Clone, Debug, Default)]
pub struct Lanes {
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    free: Vec<LaneId>,
    made: u32,
}

impl Lanes {
    /// No lane yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A lane that nobody else holds.
    #[must_use]
    pub fn lease(&self) -> Lane {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let id = state.free.pop().unwrap_or_else(|| {
            state.made += 1;
            LaneId(state.made)
        });
        Lane { id, state: Arc::clone(&self.state) }
    }
}

/// The connections of one device: nobody else uses them until it is dropped.
#[derive(Debug)]
pub struct Lane {
    id: LaneId,
    state: Arc<Mutex<State>>,
}

impl Lane {
    /// Its number.
    #[must_use]
    pub fn id(&self) -> LaneId {
        self.id
    }
}

impl Drop for Lane {
    fn drop(&mut self) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).free.push(self.id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lane_is_leased_to_one_device_at_a_time_and_then_to_the_next() {
        let lanes = Lanes::new();
        let first = lanes.lease();
        let second = lanes.lease();
        assert_ne!(first.id(), second.id());
        let id = first.id();
        drop(first);
        assert_eq!(lanes.lease().id(), id);
    }
}
