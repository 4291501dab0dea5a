use crate::event::Purpose;

use super::case_run::Try;

/// What is being done of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// What the target runs before it.
    Setup,
    /// Its own steps.
    Case,
    /// What the target runs after it, however it ended.
    Teardown,
}

impl Stage {
    /// Why something is sent that a step sends.
    pub(super) fn purpose(self, of_step: Purpose) -> Purpose {
        match (self, of_step) {
            (Self::Setup, Purpose::Step | Purpose::Attempt | Purpose::Member) => Purpose::Setup,
            // Time that cannot be made to pass is told as what it is part of.
            (Self::Teardown, Purpose::Step | Purpose::Attempt | Purpose::Member | Purpose::Setup) => Purpose::Teardown,
            (
                Self::Setup | Self::Case | Self::Teardown,
                Purpose::Step
                | Purpose::Attempt
                | Purpose::Member
                | Purpose::Token
                | Purpose::Setup
                | Purpose::Teardown
                | Purpose::Undo
                | Purpose::Probe,
            ) => of_step,
        }
    }
}

impl Try<'_> {
    /// Whether nothing more is to be begun: the run is being stopped. What removes things goes on until that is given up.
    pub(super) fn is_halted(&self) -> bool {
        match self.stage {
            Stage::Setup | Stage::Case => self.run.cancel.cause().is_some(),
            Stage::Teardown => self.run.cancel.is_abandoned(),
        }
    }

    /// Waits until nothing more is to be begun.
    pub(super) async fn halted(&self) {
        match self.stage {
            Stage::Setup | Stage::Case => {
                self.run.cancel.begun().await;
            }
            Stage::Teardown => self.run.cancel.abandoned().await,
        }
    }
}
