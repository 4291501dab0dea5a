use std::fmt::Write as _;

use crate::diag::{Code, nearest};
use crate::judge::{BreachCode, CHECKS, MATCHERS, explain};
use crate::suite::{LoadOptions, Requirement, Suite};

use super::Exit;
use super::args::ExplainArgs;
use super::failure::Failure;
use super::matrix::Row;
use super::suites::SuitePlace;
use super::terminal::Terminal;
use super::words::counted;

/// `assize explain`.
pub(super) fn execute(args: &ExplainArgs, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let Some(id) = args.id.as_deref() else {
        terminal.say(&language());
        return Ok(Exit::Pass);
    };
    let block = || BLOCKS.iter().find(|(name, _)| *name == id).map(|(name, doc)| format!("block `{name}`: {doc}"));
    let of_language = Code::named(id).map(Code::explain).or_else(|| explain(id)).or_else(block);
    if let Some(text) = of_language {
        terminal.say(&format!("{}\n", text.trim_end()));
        return Ok(Exit::Pass);
    }
    let place = match &args.suite {
        Some(named) => SuitePlace::named(named)?,
        None => SuitePlace::found()?,
    };
    let suite = place.load(&LoadOptions::default(), terminal)?.suite;
    let Some(text) = of_suite(&suite, id) else {
        let known = Code::ALL.iter().map(|code| code.as_str()).chain(BreachCode::ALL.iter().map(|code| code.as_str()));
        let of_suite = suite
            .catalogue
            .requirements
            .iter()
            .map(|requirement| requirement.id.as_str())
            .chain(suite.scenarios.iter().map(|scenario| scenario.id.as_str()));
        let all: Vec<&str> = known.chain(of_suite).collect();
        let hint = nearest(id, &all).map_or_else(String::new, |near| format!("; there is `{near}`"));
        return Err(Failure::usage(format!("nothing is called `{id}`{hint}")));
    };
    terminal.say(&text);
    Ok(Exit::Pass)
}

/// What a block of checks may hold, a line each.
fn language() -> String {
    let mut text = String::new();
    let width = CHECKS.iter().map(|kind| kind.name.len()).max().unwrap_or(0);
    text.push_str("blocks of a step: a failed check of it means, by the level of the requirement\n");
    for (block, doc) in BLOCKS {
        let _ = writeln!(text, "  {block:width$}  {doc}");
    }
    text.push_str("\nchecks, as in `expect: { status: 200 }`\n");
    for kind in CHECKS {
        let _ = writeln!(text, "  {:width$}  {}", kind.name, kind.doc);
    }
    text.push_str("\nmatchers, as in `headers: { etag: { exists: true } }`; a value that is no map means `equals`\n");
    for kind in MATCHERS {
        let _ = writeln!(text, "  {:width$}  {}", kind.name, kind.doc);
    }
    text.push_str("\n`assize explain CODE` explains a code of a message, such as `status-mismatch`; `assize schema KIND` has all keys.\n");
    text
}

/// What it means that a check of a block fails.
const BLOCKS: [(&str, &str); 3] = [
    ("given", "a precondition did not hold: the case is blocked, and no requirement is judged by it"),
    ("expect", "the promise is broken: MUST, or no requirement: failed; SHOULD: warned; MAY: noted"),
    ("should", "advice beyond the promise was not followed: MUST, or no requirement: warned; SHOULD, MAY: noted"),
];

fn of_suite(suite: &Suite, id: &str) -> Option<String> {
    if let Some(requirement) = suite.catalogue.requirements.iter().find(|requirement| requirement.id.as_str() == id) {
        let text = of_requirement(suite, requirement);
        return Some(text);
    }
    let scenario = suite.scenarios.iter().find(|scenario| scenario.id == id || scenario.case_stem() == id)?;
    let mut text = format!("{}: {}\n{}\n", scenario.id, scenario.title, suite.sources.place(scenario.span));
    for requirement in &scenario.evidence_for {
        if let Some(requirement) = suite.catalogue.get(requirement) {
            let _ = writeln!(text, "  {} ({}): {}", requirement.id, requirement.level, requirement.text);
        }
    }
    Some(text)
}

/// What `assize list --requirements` shows of one, and where its evidence stands.
fn of_requirement(suite: &Suite, requirement: &Requirement) -> String {
    let row = Row::of(suite, requirement);
    let mut text = format!("{} ({}): {}\n", row.id, row.level, row.text);
    let place = row.question.clone().or_else(|| row.section.as_ref().map(|section| format!("section {section}")));
    let question = row.question.as_ref().and_then(|id| suite.catalogue.questions.iter().find(|asked| asked.id == *id));
    let words = question.map(|asked| format!(" — {}", asked.text)).unwrap_or_default();
    // Writing to a text cannot fail, here and below.
    let _ = writeln!(text, "source: {}, {}{words}", place.unwrap_or_default(), row.basis);
    let _ = writeln!(text, "actor: {}", row.actor);
    if !suite.variants.is_empty() {
        let _ = writeln!(text, "variants: {}", row.variants.join(", "));
    }
    let _ = writeln!(text, "state: {}", row.state_in_words());
    if let Some(untestable) = &row.untestable {
        let _ = writeln!(text, "untestable: {untestable}");
    }
    if let Some(disputed) = &row.disputed {
        let _ = writeln!(text, "disputed: {disputed}");
    }
    if !row.conflicts_with.is_empty() {
        let _ = writeln!(text, "cannot hold beside: {}", row.conflicts_with.join(", "));
    }
    if row.scenarios.is_empty() {
        text.push_str("evidence: none\n");
        return text;
    }
    let _ = writeln!(text, "evidence: {}", counted(row.scenarios.len(), "scenario"));
    let width = row.scenarios.iter().map(String::len).max().unwrap_or(0);
    for id in &row.scenarios {
        let place = suite.scenarios.iter().find(|scenario| scenario.id == *id);
        let place = place.map(|scenario| suite.sources.place(scenario.span).to_string()).unwrap_or_default();
        let _ = writeln!(text, "  {id:width$}  {place}");
    }
    text
}
