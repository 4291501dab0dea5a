use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde_json::json;

use crate::event::RequirementId;
use crate::plan::Plan;
use crate::suite::LoadOptions;

use super::Exit;
use super::args::{Format, ListArgs};
use super::failure::Failure;
use super::matrix::Matrix;
use super::matrix_table::draw;
use super::run::{make_plan, plan_of, suite_place};
use super::targets::variables;
use super::terminal::Terminal;
use super::words::counted;

/// `assize list`.
pub(super) fn execute(args: &ListArgs, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let text = if args.requirements_only {
        requirements(args, terminal)?
    } else {
        let plan = make_plan(&args.plan, terminal)?;
        match args.format {
            Format::Human => cases(&plan),
            Format::Json => as_json(&plan)?,
        }
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
        let _ = writeln!(text, "{:width$}  {}", case.head.id.as_str(), case.head.title);
    }
    for skipped in &plan.skipped {
        let _ = writeln!(text, "{:width$}  skipped: {}", skipped.case.id.as_str(), skipped.why);
    }
    let _ = writeln!(text, "{}, {} skipped", counted(plan.cases.len(), "case"), plan.skipped.len());
    text
}

/// Which requirement is tested by which scenarios: of the whole suite, or of what is selected.
fn requirements(args: &ListArgs, terminal: &mut Terminal) -> Result<String, Failure> {
    let of = &args.plan;
    let (place, selectors) = suite_place(of)?;
    let is_whole = selectors.is_empty() && of.tags.is_empty() && of.requirements.is_empty() && of.variants.is_empty();
    let matrix = if is_whole {
        // Nothing is run, so that no target is needed.
        let extra_names = variables(of)?.into_keys().collect();
        Matrix::of(&place.load(&LoadOptions { extra_names }, terminal)?.suite, None)
    } else {
        let plan = plan_of(of, &place, &selectors, terminal)?;
        let selected = plan.cases.iter().map(|case| &case.head).chain(plan.skipped.iter().map(|skipped| &skipped.case));
        let wanted: BTreeSet<RequirementId> = selected.flat_map(|head| head.verifies.iter().cloned()).collect();
        Matrix::of(&plan.suite, Some(&wanted))
    };
    match args.format {
        Format::Human => Ok(draw(&matrix, terminal.paint(), Terminal::width())),
        Format::Json => Ok(format!("{}\n", serde_json::to_string_pretty(&matrix).map_err(Failure::internal)?)),
    }
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
