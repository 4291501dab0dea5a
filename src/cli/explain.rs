use std::fmt::Write as _;
use std::sync::Arc;

use serde_json::{Value, json};

use crate::diag::{Code, nearest};
use crate::event::Level;
use crate::judge::{BreachCode, CHECKS, MATCHERS};
use crate::suite::{LoadOptions, Requirement, Scenario, Suite};

use super::Exit;
use super::args::{ExplainArgs, Format};
use super::explained::{Explained, FORMAT, Topic};
use super::failure::Failure;
use super::matrix::Row;
use super::suites::SuitePlace;
use super::terminal::Terminal;
use super::words::counted;

/// `assize explain`.
pub(super) fn execute(args: &ExplainArgs, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let Some(id) = args.id.as_deref() else {
        match args.format {
            Format::Human => terminal.say(&language()),
            Format::Json => tell(&all_of_language(), args.format, terminal)?,
        }
        return Ok(Exit::Pass);
    };
    let mut entries = of_language(id);
    if entries.is_empty() {
        let place = match &args.suite {
            Some(named) => SuitePlace::named(named)?,
            None => SuitePlace::found()?,
        };
        let suite = place.load(&LoadOptions::default(), terminal)?.suite;
        entries.extend(of_suite(&suite, id));
        if entries.is_empty() {
            return Err(unknown(&suite, id));
        }
    }
    tell(&entries, args.format, terminal)?;
    Ok(Exit::Pass)
}

fn tell(entries: &[Explained], format: Format, terminal: &mut Terminal) -> Result<(), Failure> {
    let text = match format {
        Format::Human => {
            let width = Terminal::width().min(110);
            entries.iter().map(|entry| entry.text(width)).collect::<Vec<_>>().join("\n")
        }
        Format::Json => {
            let value = json!({ "format": FORMAT, "entries": entries });
            format!("{}\n", serde_json::to_string_pretty(&value).map_err(Failure::internal)?)
        }
    };
    terminal.say(&text);
    Ok(())
}

/// Nothing is called so; what is called nearly so.
fn unknown(suite: &Suite, id: &str) -> Failure {
    let language = all_of_language();
    let of_suite = suite.catalogue.requirements.iter().map(|requirement| requirement.id.as_str());
    let scenarios = suite.scenarios.iter().map(|scenario| scenario.id.as_str());
    let all: Vec<&str> = language.iter().map(|entry| entry.id.as_str()).chain(of_suite).chain(scenarios).collect();
    let hint = nearest(id, &all).map_or_else(
        || {
            format!(
                "; `assize explain` lists checks and matchers, `assize list` the scenarios of `{}`, \
                 `assize list --requirements` its requirements",
                suite.name
            )
        },
        |near| format!("; there is `{near}`"),
    );
    Failure::usage(format!("nothing is called `{id}`{hint}"))
}

/// Everything of this name that is no suite's: a name may be a check, a matcher and a code at once.
fn of_language(id: &str) -> Vec<Explained> {
    all_of_language().into_iter().filter(|entry| entry.id == id).collect()
}

fn all_of_language() -> Vec<Explained> {
    let blocks = BLOCKS.iter().map(|(name, doc)| Explained::word(Topic::Block, name, doc));
    let checks = CHECKS.iter().map(|kind| Explained::word(Topic::Check, kind.name, kind.doc));
    let matchers = MATCHERS.iter().map(|kind| Explained::word(Topic::Matcher, kind.name, kind.doc));
    let problems = Code::ALL.iter().map(|code| Explained {
        kind: Topic::Problem,
        id: code.to_string(),
        what: code.title().to_owned(),
        why: Some(code.why().to_owned()),
        source: Some("docs/language.md".to_owned()),
        fix: Some(code.fix().to_owned()),
        example: Some(code.example().to_owned()),
        details: Value::Null,
        head: None,
    });
    let findings = BreachCode::ALL.iter().map(|code| Explained {
        kind: Topic::Finding,
        id: code.to_string(),
        what: code.title().to_owned(),
        why: Some(code.weight().why().to_owned()),
        source: Some(
            "the step that the caret points at, and the requirements that it verifies; docs/language.md".to_owned(),
        ),
        fix: Some(code.advice().to_owned()),
        example: Some(code.example().to_owned()),
        details: Value::Null,
        head: None,
    });
    blocks.chain(checks).chain(matchers).chain(problems).chain(findings).collect()
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

fn of_suite(suite: &Suite, id: &str) -> Option<Explained> {
    if let Some(requirement) = suite.catalogue.requirements.iter().find(|requirement| requirement.id.as_str() == id) {
        return Some(of_requirement(suite, requirement));
    }
    let scenario = suite.scenarios.iter().find(|scenario| scenario.id == id || scenario.case_stem() == id)?;
    Some(of_scenario(suite, scenario))
}

fn of_scenario(suite: &Suite, scenario: &Scenario) -> Explained {
    let place = suite.sources.place(scenario.span);
    let mut head = format!("{}: {}\n{place}\n", scenario.id, scenario.title);
    let promised: Vec<&Requirement> = scenario.evidence_for.iter().filter_map(|id| suite.catalogue.get(id)).collect();
    for requirement in &promised {
        let _ = writeln!(head, "  {} ({}): {}", requirement.id, requirement.level, requirement.text);
    }
    let why = match promised.iter().map(|requirement| requirement.level).max() {
        Some(level) => format!("It is evidence for {}. {}", counted(promised.len(), "requirement"), weight(level)),
        None => "It names no requirement, so that it binds like a MUST: a failure of it fails the run.".to_owned(),
    };
    let sources: Vec<String> = promised.iter().map(|requirement| clause(suite, requirement)).collect();
    let source = suite.sources.get(scenario.extent.source).map(|source| source.slice(scenario.extent).trim_end());
    Explained {
        kind: Topic::Scenario,
        id: scenario.id.clone(),
        what: scenario.title.clone(),
        why: Some(why),
        source: (!sources.is_empty()).then(|| sources.join("; ")),
        fix: Some(format!(
            "`assize run {} -vv` shows everything that it sends and gets; the caret of a failure points into this text.",
            scenario.id
        )),
        example: source.map(str::to_owned),
        details: json!({ "at": place, "verifies": scenario.evidence_for, "needs": scenario.needs, "tags": scenario.tags }),
        head: Some(head),
    }
}

/// What it comes to when a promise of this level is broken.
fn weight(level: Level) -> &'static str {
    match level {
        Level::Must => "A MUST that is broken fails the run (exit 1).",
        Level::Should => "A SHOULD that is broken is a warning: it stands in every report, and fails nothing.",
        Level::May | Level::Info => "What is not as it says is noted (`assize run -v`), and fails nothing.",
    }
}

/// `Q13, stated — Why do I get …?`
fn clause(suite: &Suite, requirement: &Requirement) -> String {
    let source = &requirement.source;
    let section = if source.is_question { "" } else { "section " };
    let asked = suite.catalogue.questions.iter().find(|asked| source.is_question && asked.id == source.place);
    let words = asked.map(|asked| format!(" — {}", asked.text)).unwrap_or_default();
    format!("{section}{}, {}{words}", source.place, source.basis.as_str())
}

/// What `assize list --requirements` shows of one, and where its evidence stands.
fn of_requirement(suite: &Suite, requirement: &Requirement) -> Explained {
    let row = Row::of(suite, requirement);
    let mut head = format!("{} ({}): {}\n", row.id, row.level, row.text);
    let source = clause(suite, requirement);
    // Writing to a text cannot fail, here and below.
    let _ = writeln!(head, "source: {source}");
    let _ = writeln!(head, "actor: {}", row.actor);
    if !suite.variants.is_empty() {
        let _ = writeln!(head, "variants: {}", row.variants.join(", "));
    }
    let _ = writeln!(head, "state: {}", row.state_in_words());
    if let Some(untestable) = &row.untestable {
        let _ = writeln!(head, "untestable: {untestable}");
    }
    if let Some(disputed) = &row.disputed {
        let _ = writeln!(head, "disputed: {disputed}");
    }
    if !row.conflicts_with.is_empty() {
        let _ = writeln!(head, "cannot hold beside: {}", row.conflicts_with.join(", "));
    }
    if row.scenarios.is_empty() {
        head.push_str("evidence: none\n");
    } else {
        let _ = writeln!(head, "evidence: {}", counted(row.scenarios.len(), "scenario"));
    }
    let width = row.scenarios.iter().map(String::len).max().unwrap_or(0);
    let evidence: Vec<&Arc<Scenario>> =
        row.scenarios.iter().filter_map(|id| suite.scenarios.iter().find(|scenario| scenario.id == *id)).collect();
    for scenario in &evidence {
        let _ = writeln!(head, "  {:width$}  {}", scenario.id, suite.sources.place(scenario.span));
    }
    let (fix, example) = match evidence.first() {
        Some(scenario) => (
            "Run its evidence alone: the caret stands under the check that did not hold, and `-vv` shows what was sent \
             and what came."
                .to_owned(),
            format!("assize run --requirement {}\nassize run {} -vv", row.id, scenario.id),
        ),
        None => (
            "Nothing tests it. A scenario whose `verifies` names it would.".to_owned(),
            format!("scenario: {}\nverifies: [{}]\nsteps: …", row.text, row.id),
        ),
    };
    Explained {
        kind: Topic::Requirement,
        id: row.id.clone(),
        what: row.text.clone(),
        why: Some(weight(requirement.level).to_owned()),
        source: Some(source),
        fix: Some(fix),
        example: Some(example),
        details: json!(row),
        head: Some(head),
    }
}
