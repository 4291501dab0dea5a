use std::fmt::Write as _;

use crate::event::{CaseRecord, Outcome, OutcomeClass, RequirementState, RunRecord, Standing};
use crate::report::account::Account;
use crate::report::beyond::beyond;
use crate::report::detail::Headline;
use crate::report::not_run::by_reason;
use crate::report::{waived, words};

use super::text::{block, code};

/// How many rows a table has, and how many names a list.
const MOST_ROWS: usize = 200;
const MOST_NAMED: usize = 20;
/// The longest text of one case, in bytes.
const MOST_BLOCK: usize = 24 * 1024;
/// The longest name and the longest sentence, in bytes.
const MOST_NAME: usize = 300;
const MOST_SENTENCE: usize = 600;

/// The page, in at most about `most` bytes: what is told of each case gives way first, then the tables.
pub(super) fn page(account: &Account, most: usize) -> String {
    let record = account.record();
    let mut out = head(record);
    for part in [requirements(record), adverse(account), others(record), not_run(record), waivers(record)] {
        if out.len() + part.len() > most {
            let _ = writeln!(out, "\nA table is left out here: the page would be too long.");
        } else {
            out.push_str(&part);
        }
    }
    details(&mut out, account, most);
    out
}

// Writing to a text cannot fail, here and below.

fn head(record: &RunRecord) -> String {
    let mut out = String::new();
    let suite = record.suite.as_ref();
    let name = suite.map(|suite| format!("{} {}", suite.name, suite.version)).unwrap_or_default();
    let _ = writeln!(out, "## {}: {}\n", verdict(record), code(&name, MOST_NAME));
    let _ = writeln!(out, "**{}**\n", record.totals());
    if let Some(suite) = suite {
        let _ = writeln!(out, "- suite: {} {}", code(&suite.title, MOST_SENTENCE), code(&suite.origin, MOST_NAME));
    }
    if let Some(target) = &record.target {
        let notes = [(target.embedded, "the simulated tenant"), (target.insecure, "certificates were not verified")];
        let notes = notes.iter().filter(|(holds, _)| *holds).flat_map(|(_, note)| [", ", note]).collect::<String>();
        let (name, url) = (code(&target.name, MOST_NAME), code(&target.base_url, MOST_NAME));
        let _ = writeln!(out, "- target: {name} at {url}{notes}");
    }
    let took = record.end.as_ref().map(|end| format!(", {}", words::duration(end.took))).unwrap_or_default();
    let started = record.started.map(crate::clock::Timestamp::iso).unwrap_or_default();
    let _ = writeln!(out, "- run: {} of {started}{took}, seed {}", code(&record.run, MOST_NAME), record.seed);
    if record.partial {
        let _ = writeln!(out, "- only a part of the suite was selected");
    }
    out
}

/// The worst that can be said, in a word.
fn verdict(record: &RunRecord) -> &'static str {
    if record.end.is_none() {
        return "Not ended";
    }
    match record.standing() {
        Standing::Stopped(_) => "Stopped",
        Standing::Defect => "Defect of the program",
        Standing::Failed => "Failed",
        Standing::Undecided => "Not decided",
        Standing::Incomplete => "Incomplete",
        Standing::Nothing => "Nothing ran",
        Standing::Empty => "Nothing to run in this shard",
        Standing::Dirty => "Passed, and left something behind",
        Standing::Passed => "Passed",
    }
}

fn requirements(record: &RunRecord) -> String {
    let levels = record.levels();
    if levels.is_empty() {
        return String::new();
    }
    let mut out = String::from("\n| requirements | kept | broken | waived | not decided | not tested |\n");
    out.push_str("|---|---:|---:|---:|---:|---:|\n");
    for counts in levels {
        let _ = writeln!(
            out,
            "| {} | {} | {} | {} | {} | {} |",
            counts.level, counts.kept, counts.broken, counts.waived, counts.undecided, counts.untested
        );
    }
    let states = record.requirements();
    let broken = states.iter().filter(|(_, state)| *state == RequirementState::Broken).collect::<Vec<_>>();
    if !broken.is_empty() {
        out.push('\n');
    }
    for (head, _) in broken.iter().take(MOST_ROWS) {
        let (id, text) = (code(head.id.as_str(), MOST_NAME), code(&head.text, MOST_SENTENCE));
        let _ = writeln!(out, "- broken: {id} ({}) {text}", head.level);
    }
    more(&mut out, broken.len(), MOST_ROWS, "requirement");
    out
}

/// The classes that have a row, the gravest first.
const TOLD: [OutcomeClass; 8] = [
    OutcomeClass::Failed,
    OutcomeClass::Broken,
    OutcomeClass::Blocked,
    OutcomeClass::Inconclusive,
    OutcomeClass::Unfinished,
    OutcomeClass::Flaky,
    OutcomeClass::Warned,
    OutcomeClass::Known,
];

fn told(record: &RunRecord) -> Vec<(&CaseRecord, Outcome)> {
    let with = record.cases.iter().map(|case| (case, case.outcome_or_unfinished()));
    let all = with.collect::<Vec<_>>();
    let of = |class| all.iter().filter(move |(_, outcome)| outcome.class() == class).cloned();
    TOLD.into_iter().flat_map(of).collect()
}

fn adverse(account: &Account) -> String {
    let told = told(account.record());
    if told.is_empty() {
        return String::new();
    }
    let mut out = String::from("\n| outcome | case | why | where |\n|---|---|---|---|\n");
    for (case, outcome) in told.iter().take(MOST_ROWS) {
        let Headline { code: kind, message } = account.headline(case, outcome);
        let (id, why) = (code(case.head.id.as_str(), MOST_NAME), code(&message, MOST_SENTENCE));
        let at = code(&format!("{}:{}", case.head.at.file, case.head.at.line), MOST_NAME);
        let _ = writeln!(out, "| {} | {id} | {} {why} | {at} |", outcome.class(), code(&kind, MOST_NAME));
    }
    more(&mut out, told.len(), MOST_ROWS, "case");
    out
}

fn others(record: &RunRecord) -> String {
    let mut out = String::new();
    for other in beyond(record) {
        let (name, message) = (code(&other.name, MOST_NAME), code(&other.message, 4 * MOST_SENTENCE));
        let _ = write!(out, "\n- **{}**: {name} {message}", other.code);
    }
    if !out.is_empty() {
        out.push('\n');
    }
    out
}

fn not_run(record: &RunRecord) -> String {
    let mut out = String::new();
    for (why, ids) in by_reason(record, OutcomeClass::Skipped).iter().take(MOST_ROWS) {
        let named = ids.iter().take(MOST_NAMED).map(|id| code(id, MOST_NAME)).collect::<Vec<_>>().join(", ");
        let rest = if ids.len() > MOST_NAMED { format!(" and {} more", ids.len() - MOST_NAMED) } else { String::new() };
        let (count, why) = (words::count(ids.len(), "case"), code(why, MOST_SENTENCE));
        let _ = write!(out, "\n- {count} skipped: {why}: {named}{rest}");
    }
    if !out.is_empty() {
        out.push('\n');
    }
    out
}

fn waivers(record: &RunRecord) -> String {
    let used = waived::in_use(record);
    if used.is_empty() {
        return String::new();
    }
    let mut out = String::from("\n| waiver | owner | of | why | until | cases |\n|---|---|---|---|---|---:|\n");
    for (waiver, cases) in used.iter().take(MOST_ROWS) {
        let (id, owner) = (code(waiver.id.as_str(), MOST_NAME), code(&waiver.owner, MOST_NAME));
        let (of, why) = (code(&waived::subject(waiver), MOST_NAME), code(&waiver.reason, MOST_SENTENCE));
        let until = format!("{} ({})", waiver.expires, waived::days(waiver));
        let _ = writeln!(out, "| {id} | {owner} | {of} | {why} | {until} | {} |", cases.len());
    }
    more(&mut out, used.len(), MOST_ROWS, "waiver");
    out
}

/// The texts of the cases, folded, as long as there is room.
fn details(out: &mut String, account: &Account, most: usize) {
    let mut left_out = 0_usize;
    for (case, outcome) in told(account.record()) {
        let Some(text) = account.told().get(&case.head.id) else { continue };
        let name = code(case.head.id.as_str(), MOST_NAME);
        let text = block(text, MOST_BLOCK);
        let part = format!("\n<details><summary>{}: {name}</summary>\n\n{text}\n\n</details>\n", outcome.class());
        if out.len() + part.len() > most {
            left_out += 1;
        } else {
            out.push_str(&part);
        }
    }
    if left_out > 0 {
        let cases = words::count(left_out, "case");
        let _ = writeln!(out, "\nThe texts of {cases} more are left out: the page would be too long.");
    }
}

fn more(out: &mut String, all: usize, most: usize, noun: &str) {
    if all > most {
        let _ = writeln!(out, "\n… and {} more.", words::count(all - most, noun));
    }
}
