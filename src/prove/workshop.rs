use std::collections::BTreeSet;

use crate::run::{World, WorldError};

/// Who serves the tenants that are broken on purpose.
pub trait Workshop {
    /// A world whose tenants have this defect and no other.
    ///
    /// # Errors
    /// [`WorldError`] when it cannot be made.
    fn broken(&self, defect: &str) -> Result<World, WorldError>;

    /// A world whose tenants are sound, and note which defects their rules ask for.
    ///
    /// # Errors
    /// [`WorldError`] when it cannot be made.
    fn sound(&self) -> Result<World, WorldError>;

    /// The defects that the rules of the sound tenant with this control address have asked for: up to the first of these questions
    /// a tenant that has such a defect does the same, and one that was asked none of them does the same to its end. It has
    /// been closed. `None` where that is not known.
    fn asked(&self, control: &str) -> Option<BTreeSet<String>>;
}
