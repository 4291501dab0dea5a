use std::collections::BTreeMap;
use std::fmt;

use crate::clock::Day;
use crate::diag::{Code, Diagnostic, Diagnostics, Span};
use crate::event::{StepPath, WaiverId};
use crate::value::{Field, Node, Record, Shape};

use super::fields::{Fields, text, wrong_type};
use super::scalar::{NameForm, check_name};
use super::waiver_file::{expiry, twice, words};
use super::waiver_subject::Subjects;

/// The keys of an entry under `survivors`.
pub(super) const SURVIVOR: Record = Record {
    name: "survivor",
    doc: "What no check notices, and `assize prove` would complain of: a change of an answer, or a defect of the tenant.",
    fields: &[
        Field::required("id", Shape::Text, "Its id, such as `W-0008`."),
        Field::optional("step", Shape::Text, "The step whose answer is changed: `scenario#step`, as `prove` names it."),
        Field::optional(
            "change",
            Shape::Text,
            "The change, as `prove` tells it: `status 200`, `$.sessionId is empty`.",
        ),
        Field::optional("defect", Shape::Text, "Instead of both: the name of the defect, one of `defects.yaml`."),
        Field::required("reason", Shape::Text, "Why it need not be noticed."),
        Field::required("owner", Shape::Text, "Who answers for it."),
        Field::optional("issue", Shape::Text, "Where it is being dealt with."),
        Field::required("expires", Shape::Text, "Its last day, as in `2027-02-01`; at most 180 days ahead."),
    ],
};

/// Something that no check notices, and need not until a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SurvivorWaiver {
    /// Its id.
    pub id: WaiverId,
    /// What that is.
    pub of: Unnoticed,
    /// Why.
    pub reason: String,
    /// Who answers for it.
    pub owner: String,
    /// Where it is being dealt with.
    pub issue: Option<String>,
    /// The last day on which it holds.
    pub expires: Day,
    /// How many days from today that is; negative when it has expired.
    pub days_left: i32,
}

/// What a proof breaks without anybody noticing.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unnoticed {
    /// An answer of a recorded run.
    Change {
        /// The scenario.
        scenario: String,
        /// The step.
        step: StepPath,
        /// The change, in the words in which it is told.
        change: String,
    },
    /// The tenant, by the defect of this name.
    Defect(String),
}

impl fmt::Display for Unnoticed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Change { scenario, step, change } => write!(f, "{scenario}#{step}: {change}"),
            Self::Defect(name) => write!(f, "the defect `{name}`"),
        }
    }
}

impl SurvivorWaiver {
    /// Whether it has not expired.
    #[must_use]
    pub fn is_live(&self) -> bool {
        self.days_left >= 0
    }
}

/// Reads the entries of a list, each with its place.
pub(super) fn decode_survivors(
    list: &Node,
    subjects: &Subjects<'_>,
    today: Day,
    out: &mut Diagnostics,
) -> Vec<(SurvivorWaiver, Span)> {
    if list.as_list().is_none() {
        wrong_type(list, "a list of survivors", out);
    }
    list.as_list().unwrap_or_default().iter().filter_map(|item| decode(item, subjects, today, out)).collect()
}

/// Two of an id, or for the same.
pub(super) fn check_survivors_twice(read: &[(SurvivorWaiver, Span)], out: &mut Diagnostics) {
    let mut ids: BTreeMap<&WaiverId, Span> = BTreeMap::new();
    let mut subjects: BTreeMap<&Unnoticed, Span> = BTreeMap::new();
    for (waiver, span) in read {
        if let Some(first) = ids.insert(&waiver.id, *span) {
            out.push(twice(format!("two survivors are called `{}`", waiver.id), *span, first));
        } else if let Some(first) = subjects.insert(&waiver.of, *span) {
            out.push(twice(format!("`{}` waives what is waived already: {}", waiver.id, waiver.of), *span, first));
        }
    }
}

fn decode(node: &Node, subjects: &Subjects<'_>, today: Day, out: &mut Diagnostics) -> Option<(SurvivorWaiver, Span)> {
    let fields = Fields::open(node, SURVIVOR.fields, "a survivor", out)?;
    let id = fields.get("id").filter(|id| text(id, out).is_some());
    if let Some(id) = id {
        check_name(id, NameForm::Id, "a waiver", out);
    }
    let of = unnoticed(&fields, node, subjects, out);
    let expires = fields.get("expires").and_then(|node| expiry(node, today, out));
    let [reason, owner] = ["reason", "owner"].map(|key| fields.get(key).and_then(|node| words(node, key, out)));
    let issue = fields.text("issue", out).map(str::to_owned);
    let (id, expires) = (id?, expires?);
    let waiver = SurvivorWaiver {
        id: WaiverId::new(id.as_text()?),
        of: of?,
        reason: reason?,
        owner: owner?,
        issue,
        expires,
        days_left: today.days_until(expires),
    };
    Some((waiver, id.span))
}

/// What need not be noticed: `step` and `change`, or `defect`.
fn unnoticed(fields: &Fields<'_>, node: &Node, subjects: &Subjects<'_>, out: &mut Diagnostics) -> Option<Unnoticed> {
    match (fields.get("step"), fields.get("change"), fields.get("defect")) {
        (Some(place), Some(change), None) => {
            let (place, change) = (step(place, subjects, out), words(change, "change", out));
            let (scenario, step) = place?;
            Some(Unnoticed::Change { scenario, step, change: change? })
        }
        (None, None, Some(name)) => {
            let written = text(name, out)?;
            subjects.find_defect(name, written, out).then(|| Unnoticed::Defect(written.to_owned()))
        }
        (_, _, _) => {
            let message = "a survivor is a `change` of the answer of a `step`, or a `defect`";
            let problem = Diagnostic::error(Code::MissingKey, message).at(node.span, "expected the two, or the one");
            out.push(problem);
            None
        }
    }
}

/// The scenario and the step of `scenario#step`, which must be there.
fn step(node: &Node, subjects: &Subjects<'_>, out: &mut Diagnostics) -> Option<(String, StepPath)> {
    let written = text(node, out)?;
    let Some((scenario, step)) = written.split_once('#') else {
        let message = format!("`{written}` names no step");
        let problem = Diagnostic::error(Code::UnmatchedWaiver, message).at(node.span, "expected `scenario#step`");
        out.push(problem.help("`assize prove --record LOG` names the step above the changes that nobody noticed"));
        return None;
    };
    subjects.find_step(node, scenario, step, out).then(|| (scenario.to_owned(), StepPath::new(step)))
}
