use crate::event::WaiverFault;
use crate::suite::{SurvivorWaiver, Unnoticed};

use super::SurvivorProblem;
use super::matrix::{Matrix, Row, Stand};

impl Matrix {
    /// The matrix with the defects that need not be noticed, as these waivers say; and with the waivers that do not hold:
    /// of a defect that was noticed or cannot be, or that have expired. A waiver of what was not tried says nothing.
    #[must_use]
    pub fn accepting(mut self, waivers: &[SurvivorWaiver]) -> Self {
        for waiver in waivers {
            let Unnoticed::Defect(name) = &waiver.of else { continue };
            let Some(row) = self.defects.iter_mut().find(|row| row.defect == *name) else { continue };
            if let Some(fault) = accepted(row, waiver) {
                self.waivers.push(SurvivorProblem { waiver: waiver.clone(), fault });
            }
        }
        self.totals.waived = self.defects.iter().filter(|row| row.waived_by.is_some()).count();
        self
    }
}

/// Lets the waiver accept the defect, or tells why it does not hold.
fn accepted(row: &mut Row, waiver: &SurvivorWaiver) -> Option<WaiverFault> {
    match row.stand {
        Stand::Untried | Stand::TimedOut => None,
        _ if !waiver.is_live() => Some(WaiverFault::Expired),
        Stand::Noticed | Stand::Unnoticeable => Some(WaiverFault::Unmatched),
        Stand::NotNoticed => {
            row.waived_by = Some(waiver.id.clone());
            None
        }
    }
}
