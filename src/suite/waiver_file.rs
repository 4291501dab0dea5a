use std::collections::BTreeMap;

use crate::clock::Day;
use crate::diag::{Code, Diagnostic, Diagnostics, Sources, Span, nearest};
use crate::event::{Waived, Waiver, WaiverId};
use crate::judge::BreachCode;
use crate::value::{Field, Node, Record, Shape};

use super::Suite;
use super::fields::{Fields, text, wrong_type};
use super::scalar::{NameForm, check_name};
use super::survivor_waiver::{SURVIVOR, SurvivorWaiver, check_survivors_twice, decode_survivors};
use super::target_file::one_document;
use super::waiver_subject::Subjects;
use super::yaml::{self, Limits};

/// How far ahead a waiver may end, in days.
const LONGEST: i32 = 180;

/// The keys of `waivers.yaml`.
pub(crate) const WAIVERS: Record = Record {
    name: "waivers",
    doc: "What is known and left so: each with an owner, a reason, and a day on which it ends. At least one list.",
    fields: &[
        Field::optional("waivers", Shape::List(&Shape::Record(&WAIVER)), "Failures of a run."),
        Field::optional(
            "survivors",
            Shape::List(&Shape::Record(&SURVIVOR)),
            "Changes of answers, and defects of the tenant, that no check notices.",
        ),
    ],
};

const WAIVER: Record = Record {
    name: "waiver",
    doc: "A failure that is known. As long as it fails as said, its case is `known`; anything else fails the run.",
    fields: &[
        Field::required("id", Shape::Text, "Its id, such as `W-0007`."),
        Field::required(
            "check",
            Shape::Text,
            "What it is for: the id of a check (`case#step.block.check`), of a case, of a scenario or of a requirement.",
        ),
        Field::optional(
            "finding",
            Shape::Text,
            "The code of the only failure that it waives, such as `status-mismatch`; only a single check goes without.",
        ),
        Field::required("reason", Shape::Text, "Why the failure is waived."),
        Field::required("owner", Shape::Text, "Who answers for it."),
        Field::optional("issue", Shape::Text, "Where it is being dealt with."),
        Field::required("expires", Shape::Text, "Its last day, as in `2027-02-01`; at most 180 days ahead."),
    ],
};

/// A file of waivers, as it was found.
#[derive(Clone, Debug)]
pub struct WaiverFile {
    /// How its path is shown.
    pub shown: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Why waivers cannot be used: every problem of all of their files.
#[derive(Debug, thiserror::Error)]
#[error("the waivers have {} problems", problems.len())]
pub struct WaiverError {
    /// The problems, in the order of files and places.
    pub problems: Vec<Diagnostic>,
    /// The texts in which they are.
    pub sources: Sources,
}

/// Reads waivers for a suite, as of `today`, the day on which the run starts. They come the narrowest first.
///
/// # Errors
/// When a file is not sound, an id is there twice, a waiver is for something that the suite does not have, waives more
/// than one failure, or ends too late.
pub fn load_waivers(files: &[WaiverFile], suite: &Suite, today: Day) -> Result<Vec<Waiver>, Box<WaiverError>> {
    load_all(files, suite, today).map(|(waivers, _)| waivers)
}

/// Reads waivers of survivors for a suite, as of `today`.
///
/// # Errors
/// As [`load_waivers`], for the same files.
pub fn load_survivor_waivers(
    files: &[WaiverFile],
    suite: &Suite,
    today: Day,
) -> Result<Vec<SurvivorWaiver>, Box<WaiverError>> {
    load_all(files, suite, today).map(|(_, survivors)| survivors)
}

fn load_all(
    files: &[WaiverFile],
    suite: &Suite,
    today: Day,
) -> Result<(Vec<Waiver>, Vec<SurvivorWaiver>), Box<WaiverError>> {
    let mut out = Diagnostics::new();
    let mut sources = Sources::default();
    let mut read: Vec<(Waiver, Span)> = Vec::new();
    let mut survivors: Vec<(SurvivorWaiver, Span)> = Vec::new();
    let subjects = Subjects::of(suite);
    for file in files {
        let Some(node) = document(file, &mut sources, &mut out) else { continue };
        let Some(fields) = Fields::open(&node, WAIVERS.fields, "a file of waivers", &mut out) else { continue };
        if let Some(list) = fields.get("survivors") {
            survivors.extend(decode_survivors(list, &subjects, today, &mut out));
        } else if fields.get("waivers").is_none() && !out.has_errors() {
            let message = "the file waives nothing: expected `waivers:` or `survivors:`";
            out.push(Diagnostic::error(Code::MissingKey, message).at(node.span, "has neither"));
        }
        let Some(list) = fields.get("waivers") else { continue };
        if list.as_list().is_none() {
            wrong_type(list, "a list of waivers", &mut out);
        }
        for item in list.as_list().unwrap_or_default() {
            read.extend(decode(item, &subjects, today, &mut out));
        }
    }
    check_twice(&read, &mut out);
    check_survivors_twice(&survivors, &mut out);
    if out.has_errors() {
        return Err(Box::new(WaiverError { problems: out.into_sorted(), sources }));
    }
    let mut waivers: Vec<Waiver> = read.into_iter().map(|(waiver, _)| waiver).collect();
    waivers.sort_by(|one, other| (one.of.breadth(), &one.id).cmp(&(other.of.breadth(), &other.id)));
    Ok((waivers, survivors.into_iter().map(|(waiver, _)| waiver).collect()))
}

fn document(file: &WaiverFile, sources: &mut Sources, out: &mut Diagnostics) -> Option<Node> {
    let Ok(text) = std::str::from_utf8(&file.bytes) else {
        out.push(Diagnostic::error(Code::NotUtf8, "the file is not UTF-8").in_file(&file.shown));
        return None;
    };
    let source = sources.add(file.shown.as_str(), text);
    let before = out.errors();
    let mut nodes = yaml::read(source, text, &Limits::default(), out);
    if let [_, second, ..] = nodes.as_slice() {
        out.push(one_document(second.span, source));
    }
    if nodes.is_empty() {
        if out.errors() == before {
            let message = "the file is empty: expected `waivers:`";
            out.push(Diagnostic::error(Code::MissingKey, message).at(Span::point(source, 0), "nothing is here"));
        }
        return None;
    }
    Some(nodes.swap_remove(0))
}

fn decode(node: &Node, subjects: &Subjects, today: Day, out: &mut Diagnostics) -> Option<(Waiver, Span)> {
    let fields = Fields::open(node, WAIVER.fields, "a waiver", out)?;
    let id = fields.get("id").filter(|id| text(id, out).is_some());
    if let Some(id) = id {
        check_name(id, NameForm::Id, "a waiver", out);
    }
    let of = fields.get("check").and_then(|node| subjects.find(node, out));
    let finding = fields.get("finding").and_then(|node| code(node, out));
    let expires = fields.get("expires").and_then(|node| expiry(node, today, out));
    let [reason, owner] = ["reason", "owner"].map(|key| fields.get(key).and_then(|node| words(node, key, out)));
    let issue = fields.text("issue", out).map(str::to_owned);
    if let (Some(of), None, Some(place)) = (&of, fields.get("finding"), fields.get("check"))
        && !matches!(of, Waived::Check(_))
    {
        let message = format!("a waiver of a whole {} names the `finding` that it waives", of.kind());
        let problem = Diagnostic::error(Code::BadWaiver, message).at(place.span, "would forgive whatever else breaks");
        out.push(problem.help("add `finding:` with the code of the failure, or name the check that fails"));
    }
    let (id, expires) = (id?, expires?);
    let waiver = Waiver {
        id: WaiverId::new(id.as_text()?),
        of: of?,
        finding,
        reason: reason?,
        owner: owner?,
        issue,
        expires,
        days_left: today.days_until(expires),
    };
    Some((waiver, id.span))
}

/// A text that says something.
pub(super) fn words(node: &Node, key: &str, out: &mut Diagnostics) -> Option<String> {
    let words = text(node, out)?;
    if words.trim().is_empty() {
        out.push(Diagnostic::error(Code::BadWaiver, format!("a waiver without its `{key}`")).at(node.span, "is empty"));
        return None;
    }
    Some(words.to_owned())
}

/// The code of a finding that a waiver can waive.
fn code(node: &Node, out: &mut Diagnostics) -> Option<String> {
    let written = text(node, out)?;
    if BreachCode::named(written).is_none() {
        let known = BreachCode::ALL.iter().map(|code| code.as_str());
        let problem = Diagnostic::error(Code::UnmatchedWaiver, format!("no finding has the code `{written}`"));
        out.push(problem.at(node.span, "unknown code").help_nearest(nearest(written, known)));
    }
    Some(written.to_owned())
}

pub(super) fn expiry(node: &Node, today: Day, out: &mut Diagnostics) -> Option<Day> {
    let written = text(node, out)?;
    let Some(day) = Day::parse(written) else {
        let problem = Diagnostic::error(Code::UnknownValue, format!("`{written}` is no day"));
        out.push(problem.at(node.span, "expected a day, as in `2027-02-01`"));
        return None;
    };
    let days = today.days_until(day);
    if days > LONGEST {
        let message = format!("a waiver ends at most {LONGEST} days ahead, and this is {days}");
        let problem = Diagnostic::error(Code::BadWaiver, message).at(node.span, "is too far away");
        out.push(problem.help("what is still so then can be waived again, by somebody who has looked"));
    }
    Some(day)
}

/// Two of an id, or for the same failure: nobody could say which of them holds.
fn check_twice(read: &[(Waiver, Span)], out: &mut Diagnostics) {
    let mut ids: BTreeMap<&WaiverId, Span> = BTreeMap::new();
    for (at, (waiver, span)) in read.iter().enumerate() {
        if let Some(first) = ids.get(&waiver.id) {
            out.push(twice(format!("two waivers are called `{}`", waiver.id), *span, *first));
            continue;
        }
        ids.insert(&waiver.id, *span);
        let is_same = |other: &Waiver| {
            other.of == waiver.of
                && (other.finding == waiver.finding || other.finding.is_none() || waiver.finding.is_none())
        };
        if let Some((other, first)) = read[..at].iter().find(|(other, _)| is_same(other)) {
            let message = format!("`{}` and `{}` waive the same failure", other.id, waiver.id);
            out.push(twice(message, *span, *first).help("one of them would hide that the other has ended"));
        }
    }
}

pub(super) fn twice(message: String, second: Span, first: Span) -> Diagnostic {
    Diagnostic::error(Code::DuplicateId, message).at(second, "the second").also(first, "the first")
}
