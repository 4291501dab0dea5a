use serde_json::json;

use crate::plan::Plan;

use super::Exit;
use super::args::{Format, ListArgs};
use super::failure::Failure;
use super::run::make_plan;
use super::terminal::Terminal;

/// `assize list`.
pub(super) fn execute(args: ListArgs, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let plan = make_plan(&args.plan, terminal)?;
    let text = match (args.format, args.requirements_only) {
        (Format::Human, false) => cases(&plan),
        (Format::Human, true) => requirements(&plan),
        (Format::Json, _) => as_json(&plan)?,
    };
    terminal.say(&text);
    Ok(Exit::Pass)
}

fn cases(plan: &Plan) -> String {
    let mut text = String::new();
    let skipped = plan.skipped.iter().map(|skipped| &skipped.case);
    let width =
        plan.cases.iter().map(|case| &case.head).chain(skipped).map(|head| head.id.as_str().len()).max().unwrap_or(0);
    for case in &plan.cases {
        text.push_str(&format!("{:width$}  {}\n", case.head.id.as_str(), case.head.title));
    }
    for skipped in &plan.skipped {
        text.push_str(&format!("{:width$}  skipped: {}\n", skipped.case.id.as_str(), skipped.why));
    }
    text.push_str(&format!("{} cases, {} skipped\n", plan.cases.len(), plan.skipped.len()));
    text
}

fn requirements(plan: &Plan) -> String {
    let mut text = String::new();
    for requirement in &plan.suite.catalogue.requirements {
        text.push_str(&format!(
            "{}  {:6} {:6} {}  {}\n",
            requirement.id,
            requirement.level.as_str(),
            requirement.actor.as_str(),
            requirement.source.place,
            requirement.text
        ));
        let mut scenarios: Vec<&str> = plan
            .suite
            .scenarios
            .iter()
            .filter(|scenario| scenario.evidence_for.contains(&requirement.id))
            .map(|scenario| scenario.id.as_str())
            .collect();
        scenarios.dedup();
        if let Some(why) = &requirement.untestable {
            text.push_str(&format!("    untestable: {why}\n"));
        } else if scenarios.is_empty() {
            text.push_str("    no scenario is evidence for it\n");
        } else {
            text.push_str(&format!("    {}\n", scenarios.join(", ")));
        }
    }
    text
}

fn as_json(plan: &Plan) -> Result<String, Failure> {
    let head = |head: &crate::event::CaseHead| json!(head);
    let value = json!({
        "suite": plan.suite.name,
        "target": plan.target.name,
        "cases": plan.cases.iter().map(|case| head(&case.head)).collect::<Vec<_>>(),
        "skipped": plan.skipped.iter().map(|skipped| json!({ "case": head(&skipped.case), "why": skipped.why })).collect::<Vec<_>>(),
        "requirements": plan.suite_head().requirements,
    });
    Ok(format!("{}\n", serde_json::to_string_pretty(&value).map_err(Failure::internal)?))
}
