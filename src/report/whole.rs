use super::artefact::Artefact;
use super::{ReportFailure, ReportName};

/// A report that is written in one piece by whoever has its text, such as that of a proof.
#[derive(Debug)]
pub struct WholeReport {
    name: ReportName,
    artefact: Artefact,
}

impl WholeReport {
    pub(super) fn new(name: ReportName, artefact: Artefact) -> Self {
        Self { name, artefact }
    }

    /// Writes it, reads it back, and gives its file its name.
    ///
    /// # Errors
    /// What writing gives.
    pub fn write(self, text: &str) -> Result<(), ReportFailure> {
        let Self { name, artefact } = self;
        artefact.write_whole(text).map_err(|error| ReportFailure { report: name, error })
    }
}
