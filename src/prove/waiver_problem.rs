use std::fmt;

use serde::{Serialize, Serializer};

use crate::event::{WaiverFault, WaiverId};
use crate::suite::{SurvivorWaiver, Unnoticed};

/// A waiver of what is not noticed, which does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SurvivorProblem {
    /// The waiver.
    pub waiver: SurvivorWaiver,
    /// What is wrong with it: it has expired, or what it names is noticed.
    pub fault: WaiverFault,
}

/// As it is printed: what it is for is `step` and `change`, or `defect`.
#[derive(Serialize)]
struct Printed<'p> {
    waiver: &'p WaiverId,
    owner: &'p str,
    #[serde(skip_serializing_if = "Option::is_none")]
    step: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    change: Option<&'p str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    defect: Option<&'p str>,
    fault: &'p WaiverFault,
}

impl Serialize for SurvivorProblem {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let SurvivorWaiver { id, of, owner, .. } = &self.waiver;
        let (step, change, defect) = match of {
            Unnoticed::Change { scenario, step, change } => {
                (Some(format!("{scenario}#{step}")), Some(change.as_str()), None)
            }
            Unnoticed::Defect(defect) => (None, None, Some(defect.as_str())),
        };
        Printed { waiver: id, owner, step, change, defect, fault: &self.fault }.serialize(serializer)
    }
}

impl fmt::Display for SurvivorProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let waiver = &self.waiver;
        let fault = match (&self.fault, &waiver.of) {
            (WaiverFault::Expired, _) => format!("expired on {}", waiver.expires),
            (_, Unnoticed::Change { .. }) => "waives a change that is noticed, or that nobody can make".to_owned(),
            (_, Unnoticed::Defect(_)) => "waives a defect that is noticed, or that nobody can notice".to_owned(),
        };
        write!(f, "waiver {} ({}) {fault}: {}", waiver.id, waiver.owner, waiver.of)
    }
}
