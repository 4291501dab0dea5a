use crate::judge::schema::{Verdict, Violation};
use crate::judge::{Breach, BreachCode, Reading, Schema};
use crate::value::Json;

/// One thing that is not as a document says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::judge) struct Slip {
    pub(in crate::judge) code: BreachCode,
    /// Where in the answer, or in the request.
    pub(in crate::judge) at: String,
    /// One sentence.
    pub(in crate::judge) message: String,
    /// More of it, such as the single errors of a schema.
    pub(in crate::judge) details: Vec<String>,
    /// Where the document says otherwise: `file:line`.
    pub(in crate::judge) place: String,
    /// Whether it could not be decided.
    pub(in crate::judge) is_undecided: bool,
}

impl Slip {
    pub(super) fn new(code: BreachCode, at: &str, message: impl Into<String>, place: &str) -> Self {
        let (at, place) = (at.to_owned(), place.to_owned());
        Self { code, at, message: message.into(), details: Vec::new(), place, is_undecided: false }
    }

    /// What a schema says of a value, if it says anything.
    pub(super) fn of_schema(schema: &Schema, value: &Json, code: BreachCode, at: &str, place: &str) -> Option<Self> {
        Self::of_verdict(schema.judge(value, &value.to_view()), code, at, place)
    }

    /// What came of a schema.
    pub(super) fn of_verdict(verdict: Verdict, code: BreachCode, at: &str, place: &str) -> Option<Self> {
        let undecided =
            |code, message: String| Some(Self { is_undecided: true, ..Self::new(code, at, message, place) });
        match verdict {
            Verdict::Follows => None,
            Verdict::Violates(violations) => {
                let first = violations.first().map(|it| format!(": {}", it.line)).unwrap_or_default();
                let message = format!("the {at} does not follow its schema{first}");
                let details = match violations.as_slice() {
                    [only] => only.notes.clone(),
                    several => Violation::lines(several),
                };
                Some(Self { details, ..Self::new(code, at, message, place) })
            }
            Verdict::Opaque(which) => undecided(
                BreachCode::OpaqueValue,
                format!("{which} of the {at} holds a secret, and its schema asks for its characters"),
            ),
            Verdict::TooDeep => {
                undecided(BreachCode::TooManyNodes, format!("the {at} is nested too deeply for its schema"))
            }
            Verdict::Inexact(number) => undecided(
                BreachCode::InexactNumber,
                format!("the number at {number} of the {at} has more digits than a schema can compare"),
            ),
        }
    }

    /// What all of them come to: one reading, the first of what breaks in its message, and all in its details.
    pub(in crate::judge) fn reading(mut slips: Vec<Self>, operation: &str) -> Reading {
        // What is broken for sure comes first.
        slips.sort_by_key(|slip| slip.is_undecided);
        let Some(first) = slips.first() else { return Reading::Holds };
        let is_undecided = first.is_undecided;
        let message = format!("{} (`{operation}`, {})", first.message, first.place);
        let mut breach = Breach::new(first.code, message).at(first.at.clone());
        if let [only] = slips.as_slice() {
            breach.details.clone_from(&only.details);
        } else {
            for slip in &slips {
                breach.details.push(format!("{} ({})", slip.message, slip.place));
                breach.details.extend(slip.details.iter().map(|line| format!("  {line}")));
            }
        }
        if is_undecided { Reading::Undecided(breach) } else { Reading::Breaks(breach) }
    }
}
