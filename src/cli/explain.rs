use crate::diag::{Code, nearest};
use crate::judge::{BreachCode, explain};
use crate::suite::{LoadOptions, Suite};

use super::Exit;
use super::args::ExplainArgs;
use super::failure::Failure;
use super::suites::SuitePlace;
use super::terminal::Terminal;

/// `assize explain`.
pub(super) fn execute(args: &ExplainArgs, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let id = args.id.as_str();
    let of_language = Code::named(id).map(Code::explain).or_else(|| explain(id));
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

fn of_suite(suite: &Suite, id: &str) -> Option<String> {
    if let Some(requirement) = suite.catalogue.requirements.iter().find(|requirement| requirement.id.as_str() == id) {
        let mut text = format!("{} ({}): {}\n", requirement.id, requirement.level, requirement.text);
        text.push_str(&format!("source: {}", requirement.source.place));
        if let Some(question) =
            suite.catalogue.questions.iter().find(|question| question.id == requirement.source.place)
        {
            text.push_str(&format!(" — {}", question.text));
        }
        text.push('\n');
        if let Some(disputed) = &requirement.disputed {
            text.push_str(&format!("disputed: {disputed}\n"));
        }
        if let Some(untestable) = &requirement.untestable {
            text.push_str(&format!("untestable: {untestable}\n"));
        }
        text.push_str("evidence:\n");
        let mut seen = std::collections::BTreeSet::new();
        for scenario in suite.scenarios.iter().filter(|scenario| scenario.evidence_for.contains(&requirement.id)) {
            if seen.insert(&scenario.id) {
                text.push_str(&format!("  {}  {}\n", scenario.id, suite.sources.place(scenario.span)));
            }
        }
        return Some(text);
    }
    let scenario = suite.scenarios.iter().find(|scenario| scenario.id == id || scenario.case_stem() == id)?;
    let mut text = format!("{}: {}\n{}\n", scenario.id, scenario.title, suite.sources.place(scenario.span));
    for requirement in &scenario.evidence_for {
        if let Some(requirement) = suite.catalogue.get(requirement) {
            text.push_str(&format!("  {} ({}): {}\n", requirement.id, requirement.level, requirement.text));
        }
    }
    Some(text)
}
