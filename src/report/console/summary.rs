use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::event::{Body, CaseId, CaseRecord, Outcome, OutcomeClass, Request, RequirementState, RunRecord};
use crate::report::curl::Curl;
use crate::report::detail::Depth;
use crate::report::not_run::by_reason;
use crate::report::paint::Role;
use crate::report::{Paint, gate, visible, words};

use super::{Notes, line, notes, same, stability, waivers};

const WIDTH: usize = 110;
/// How many cases, or things, are named in a list.
const MOST_NAMED: usize = 60;

/// Everything after the lines of the cases, except the verdict line.
pub(super) fn text(record: &RunRecord, told: &BTreeMap<CaseId, String>, of_notes: Notes, paint: Paint) -> String {
    let mut out = String::new();
    let told = &same::without_more(record, told);
    cases(&mut out, record, told, paint);
    same::draw(&mut out, record, paint);
    not_run(&mut out, record, paint, OutcomeClass::Skipped);
    not_run(&mut out, record, paint, OutcomeClass::Unfinished);
    stability::draw(&mut out, record, paint);
    left(&mut out, record, paint);
    requirements(&mut out, record, paint);
    in_short(&mut out, record, told, paint);
    waivers::draw(&mut out, record, paint);
    stamps(&mut out, record, told, of_notes, paint);
    internal(&mut out, record, paint);
    out.push('\n');
    out
}

pub(super) fn title(out: &mut String, paint: Paint, text: &str) {
    // Writing to a text cannot fail, here and below.
    let _ = writeln!(out, "\n{}", paint.dress(Role::Strong, text));
}

/// How bad an outcome is; what is worst stands last, where a terminal stops.
fn rank(outcome: &Outcome) -> u8 {
    match (Depth::of(outcome), outcome.class()) {
        (_, OutcomeClass::Failed) => 2,
        (Depth::Full, _) => 1,
        (Depth::Short, _) => 0,
    }
}

/// Each case that did not pass, in full.
fn cases(out: &mut String, record: &RunRecord, told: &BTreeMap<CaseId, String>, paint: Paint) {
    for wanted in 0..=2 {
        for (case, outcome, block) in adverse(record, told).filter(|(_, outcome, _)| rank(outcome) == wanted) {
            let _ = writeln!(out, "\n{}\n{}", line::name(paint, case, outcome.class()), block.trim_end());
        }
    }
}

fn adverse<'r>(
    record: &'r RunRecord,
    told: &'r BTreeMap<CaseId, String>,
) -> impl Iterator<Item = (&'r CaseRecord, Outcome, &'r String)> {
    record
        .cases
        .iter()
        .filter_map(|case| told.get(&case.head.id).map(|block| (case, case.outcome_or_unfinished(), block)))
}

/// Cases that have no verdict, by their reason.
fn not_run(out: &mut String, record: &RunRecord, paint: Paint, class: OutcomeClass) {
    let by_reason = by_reason(record, class);
    if by_reason.is_empty() {
        return;
    }
    title(out, paint, class.as_str());
    for (why, ids) in by_reason {
        let _ = writeln!(out, "  {}: {why}", words::count(ids.len(), "case"));
        let _ = writeln!(out, "      {}", names(&ids, 6));
    }
}

/// Names in lines, cut.
pub(super) fn names(ids: &[&str], indent: usize) -> String {
    let more = ids.len().saturating_sub(MOST_NAMED);
    let named = ids.iter().take(MOST_NAMED).map(|id| visible::short(id, 300));
    let more = (more > 0).then(|| format!("… and {more} more"));
    words::wrapped(named.chain(more), indent, WIDTH)
}

/// What may still be on the target, with commands that remove it.
fn left(out: &mut String, record: &RunRecord, paint: Paint) {
    let Some(end) = &record.end else { return };
    if end.left.is_empty() {
        return;
    }
    let things = words::count(end.left.len(), "thing");
    title(out, paint, &format!("left on the target: {things} may still be there"));
    for left in end.left.iter().take(MOST_NAMED) {
        let request = visible::short(&left.request, 1024);
        let _ = writeln!(out, "  {}: {}", paint.dress(Role::Odd, &request), visible::short(&left.why, 500));
        // Without a value for its names there is nothing that could be sent.
        if let Some((method, url)) = left.request.split_once(' ').filter(|(_, url)| url.contains("://")) {
            let request =
                Request { method: method.to_owned(), url: url.to_owned(), headers: Vec::new(), body: Body::default() };
            let curl = Curl::new(&request);
            let _ = writeln!(out, "      {}", curl.line);
            for note in curl.notes {
                let _ = writeln!(out, "      {}", paint.dress(Role::Faint, &format!("# {note}")));
            }
        }
    }
    if end.left.len() > MOST_NAMED {
        let _ = writeln!(out, "  … and {} more: see the event log", end.left.len() - MOST_NAMED);
    }
}

/// `MUST 3/4  SHOULD 1/1`, what is broken, what was cut short, what nobody tested.
fn requirements(out: &mut String, record: &RunRecord, paint: Paint) {
    let states = record.requirements();
    if states.is_empty() {
        return;
    }
    let line = record.requirement_line();
    let line = if line.is_empty() { "none was tested".to_owned() } else { line };
    let _ = writeln!(out, "\n{} {line}", paint.dress(Role::Strong, "requirements kept:"));
    for (state, word, role) in [
        (RequirementState::Broken, "broken", Role::Bad),
        (RequirementState::Waived, "waived", Role::Odd),
        (RequirementState::Undecided, "undecided", Role::Unsure),
    ] {
        for (head, _) in states.iter().filter(|(_, found)| *found == state) {
            let text = visible::short(head.text.trim(), 300);
            let id = visible::short(head.id.as_str(), 80);
            let _ = writeln!(out, "  {}  {id} ({}): {text}", paint.dress(role, &format!("{word:9}")), head.level);
        }
    }
    let untested = |testable: bool| {
        let of_state = states.iter().filter(|(_, state)| *state == RequirementState::Untested);
        of_state
            .filter(|(head, _)| head.untestable.is_none() == testable)
            .map(|(head, _)| head.id.as_str())
            .collect::<Vec<_>>()
    };
    let (open, beyond) = (untested(true), untested(false));
    // Of a part of the suite, what it does not test is no news.
    if record.partial || record.shard.is_some() {
        if !open.is_empty() {
            let part = if record.shard.is_some() {
                "this is one shard of several"
            } else {
                "not all of the suite was selected"
            };
            let _ = writeln!(out, "  untested: {}, for {part}", open.len());
        }
        return;
    }
    if !open.is_empty() {
        let label = format!("untested ({}): ", open.len());
        let _ = writeln!(out, "  {label}{}", names(&open, 6));
    }
    if !beyond.is_empty() {
        let _ = writeln!(out, "  cannot be tested ({}): {}", beyond.len(), names(&beyond, 6));
    }
}

/// The cases that did not pass, a line each, where their texts fill more than a screen.
fn in_short(out: &mut String, record: &RunRecord, told: &BTreeMap<CaseId, String>, paint: Paint) {
    if told.len() < 2 {
        return;
    }
    title(out, paint, "not simply passed");
    let width = told.keys().map(|id| id.as_str().chars().count()).max().unwrap_or(0).min(56);
    for (case, outcome, _) in adverse(record, told).take(MOST_NAMED) {
        let class = outcome.class();
        let word = paint.dress(line::role(class), &format!("{} {:12}", line::mark(class), class.as_str()));
        let id = visible::short(case.head.id.as_str(), 300);
        let _ = writeln!(out, "  {word} {id:width$}  {}", line::reason(record, case, &outcome).unwrap_or_default());
    }
    if told.len() > MOST_NAMED {
        let _ = writeln!(out, "  … and {} more", told.len() - MOST_NAMED);
    }
}

/// What to know of the run itself: how it ended, and what makes its verdict worth less.
fn stamps(out: &mut String, record: &RunRecord, told: &BTreeMap<CaseId, String>, of_notes: Notes, paint: Paint) {
    out.push('\n');
    if let Some(count) = notes::count(record) {
        let hint = match of_notes {
            Notes::Counted => "; `-v` shows them",
            Notes::Each => "",
        };
        let _ = writeln!(out, "{} {count}, by which nothing fails{hint}", paint.dress(Role::Strong, "noted:"));
    }
    let stamps = line::stamps(record);
    if !stamps.is_empty() {
        let stamps = paint.dress(Role::Odd, &stamps.join(", "));
        let _ = writeln!(out, "{} {stamps}", paint.dress(Role::Strong, "judged on:"));
        let is_embedded = record.target.as_ref().is_some_and(|target| target.embedded);
        if is_embedded && !told.is_empty() {
            let text = "it ended with the run; `assize sandbox` serves a tenant for the commands above";
            let _ = writeln!(out, "  {}", paint.dress(Role::Faint, text));
        }
    }
    if let Some(told) = gate::told(record) {
        let _ = writeln!(out, "{} {told}", paint.dress(Role::Bad, "failed by the gate:"));
    }
    if let Some(shard) = record.shard {
        let none = record.cases.is_empty();
        let text = if none { "none of the plan's cases is in it" } else { "`assize replay LOG…` puts all together" };
        let _ = writeln!(out, "{} {shard} of the plan: {text}", paint.dress(Role::Strong, "shard:"));
    }
    if let Some(cause) = record.cancelled.or(record.end.as_ref().and_then(|end| end.cancelled)) {
        let _ = writeln!(out, "{} {}", paint.dress(Role::Odd, "stopped:"), line::cause(cause));
    }
    let _ = if let Some(end) = &record.end {
        writeln!(out, "took {}", words::duration(end.took))
    } else {
        writeln!(out, "{}", paint.dress(Role::Bad, "the run did not come to its end: its events stop here"))
    };
}

fn internal(out: &mut String, record: &RunRecord, paint: Paint) {
    for text in record.end.iter().flat_map(|end| &end.internal) {
        let _ = writeln!(out, "{} {}", paint.dress(Role::Bad, "a defect of this program:"), visible::short(text, 2048));
    }
}
