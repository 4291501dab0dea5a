use std::collections::BTreeMap;

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
    doc: "A change of an answer that no check notices, which `assize prove --record` would complain of.",
    fields: &[
        Field::required("id", Shape::Text, "Its id, such as `W-0008`."),
        Field::required("step", Shape::Text, "The step whose answer is changed: `scenario#step`, as `prove` names it."),
        Field::required(
            "change",
            Shape::Text,
            "The change, as `prove` tells it: `status 200`, `$.sessionId is empty`.",
        ),
        Field::required("reason", Shape::Text, "Why it need not be noticed."),
        Field::required("owner", Shape::Text, "Who answers for it."),
        Field::optional("issue", Shape::Text, "Where it is being dealt with."),
        Field::required("expires", Shape::Text, "Its last day, as in `2027-02-01`; at most 180 days ahead."),
    ],
};

/// A change of an answer that no check notices, and need not until a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SurvivorWaiver {
    /// Its id.
    pub id: WaiverId,
    /// The scenario.
    pub scenario: String,
    /// The step.
    pub step: StepPath,
    /// The change, in the words in which it is told.
    pub change: String,
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

/// Two of an id, or for the same change.
pub(super) fn check_survivors_twice(read: &[(SurvivorWaiver, Span)], out: &mut Diagnostics) {
    let mut ids: BTreeMap<&WaiverId, Span> = BTreeMap::new();
    let mut changes: BTreeMap<(&str, &StepPath, &str), Span> = BTreeMap::new();
    for (waiver, span) in read {
        if let Some(first) = ids.insert(&waiver.id, *span) {
            out.push(twice(format!("two survivors are called `{}`", waiver.id), *span, first));
        } else if let Some(first) = changes.insert((&waiver.scenario, &waiver.step, &waiver.change), *span) {
            out.push(twice(format!("`{}` waives a change that is waived already", waiver.id), *span, first));
        }
    }
}

fn decode(node: &Node, subjects: &Subjects<'_>, today: Day, out: &mut Diagnostics) -> Option<(SurvivorWaiver, Span)> {
    let fields = Fields::open(node, SURVIVOR.fields, "a survivor", out)?;
    let id = fields.get("id").filter(|id| text(id, out).is_some());
    if let Some(id) = id {
        check_name(id, NameForm::Id, "a waiver", out);
    }
    let step = fields.get("step").and_then(|node| step(node, subjects, out));
    let expires = fields.get("expires").and_then(|node| expiry(node, today, out));
    let [change, reason, owner] =
        ["change", "reason", "owner"].map(|key| fields.get(key).and_then(|node| words(node, key, out)));
    let issue = fields.text("issue", out).map(str::to_owned);
    let (id, expires, (scenario, step)) = (id?, expires?, step?);
    let waiver = SurvivorWaiver {
        id: WaiverId::new(id.as_text()?),
        scenario,
        step,
        change: change?,
        reason: reason?,
        owner: owner?,
        issue,
        expires,
        days_left: today.days_until(expires),
    };
    Some((waiver, id.span))
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
