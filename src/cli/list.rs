use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::Arc;

use serde_json::json;

use crate::event::{CaseHead, RequirementId, SkippedCase};
use crate::plan::{Plan, outline, suite_head};
use crate::suite::{LoadOptions, Suite};

use super::Exit;
use super::args::{Format, ListArgs, PlanArgs};
use super::coverage_count::{recorded, written};
use super::coverage_table::draw as draw_coverage;
use super::failure::Failure;
use super::matrix::Matrix;
use super::matrix_table::draw;
use super::run::{plan_with, selection, suite_place};
use super::suites::SuitePlace;
use super::targets::{Chosen, choose, variables};
use super::terminal::Terminal;
use super::words::counted;

/// `assize list`.
pub(super) fn execute(args: &ListArgs, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let text = if args.coverage {
        coverage(args, terminal)?
    } else if args.requirements_only {
        requirements(args, terminal)?
    } else {
        let (place, selectors) = suite_place(&args.plan)?;
        let listed = Listed::of(&args.plan, &place, &selectors, terminal)?;
        match args.format {
            Format::Human => listed.cases(),
            Format::Json => listed.as_json()?,
        }
    };
    terminal.say(&text);
    Ok(Exit::Pass)
}

/// What there is to list.
struct Listed {
    suite: Arc<Suite>,
    /// Where there is one: nothing is sent, so that a list does without.
    target: Option<String>,
    cases: Vec<CaseHead>,
    skipped: Vec<SkippedCase>,
}

impl Listed {
    /// The cases of the suite on the target that is meant; all of them, where none is named and none fits.
    fn of(args: &PlanArgs, place: &SuitePlace, selectors: &[String], terminal: &mut Terminal) -> Result<Self, Failure> {
        let extra_names = variables(args)?.into_keys().collect();
        let mut suite = place.load(&LoadOptions { extra_names }, terminal)?.suite;
        let is_named = args.target.is_some() || args.target_file.is_some() || args.base_url.is_some();
        let chosen = choose(args, &mut suite, terminal)?;
        let suite = Arc::new(suite);
        if let Chosen::Target(target) = chosen {
            match plan_with(args, &suite, *target, selectors, terminal) {
                Ok(plan) => return Ok(Self::on(&plan)),
                Err(failure) if is_named => return Err(failure),
                // The target that lies here is for another suite, or the selection is what is wrong.
                Err(_) => {}
            }
        }
        let cases = outline(&suite, &selection(args, selectors)?)
            .map_err(|problems| Failure::problems(&problems.into_sorted(), &suite.sources, terminal.colour()))?;
        Ok(Self { suite, target: None, cases, skipped: Vec::new() })
    }

    fn on(plan: &Plan) -> Self {
        Self {
            suite: Arc::clone(&plan.suite),
            target: Some(plan.target.name.clone()),
            cases: plan.cases.iter().map(|case| case.head.clone()).collect(),
            skipped: plan.skipped.clone(),
        }
    }

    fn heads(&self) -> impl Iterator<Item = &CaseHead> {
        self.cases.iter().chain(self.skipped.iter().map(|skipped| &skipped.case))
    }

    fn cases(&self) -> String {
        let mut text = String::new();
        let width = self.heads().map(|head| head.id.as_str().len()).max().unwrap_or(0);
        for head in &self.cases {
            let _ = writeln!(text, "{:width$}  {}", head.id.as_str(), head.title);
        }
        for skipped in &self.skipped {
            let _ = writeln!(text, "{:width$}  skipped: {}", skipped.case.id.as_str(), skipped.why);
        }
        let count = counted(self.cases.len(), "case");
        let _ = match self.target {
            Some(_) => writeln!(text, "{count}, {} skipped", self.skipped.len()),
            None => writeln!(text, "{count}; a target may lack what some of them need"),
        };
        text
    }

    fn as_json(&self) -> Result<String, Failure> {
        let value = json!({
            "format": 1,
            "suite": self.suite.name,
            "target": self.target,
            "cases": self.cases,
            "skipped": self.skipped.iter().map(|skipped| json!({ "case": skipped.case, "why": skipped.why })).collect::<Vec<_>>(),
            "requirements": suite_head(&self.suite).requirements,
        });
        Ok(format!("{}\n", serde_json::to_string_pretty(&value).map_err(Failure::internal)?))
    }
}

/// What of the documented operations is touched: by the whole suite, by what is selected, or in a recorded run.
fn coverage(args: &ListArgs, terminal: &mut Terminal) -> Result<String, Failure> {
    let of = &args.plan;
    let (place, selectors) = suite_place(of)?;
    let (suite, scenarios) = if is_whole(of, &selectors) {
        let extra_names = variables(of)?.into_keys().collect();
        let suite = Arc::new(place.load(&LoadOptions { extra_names }, terminal)?.suite);
        let scenarios = suite.scenarios.iter().map(|scenario| scenario.id.clone()).collect();
        (suite, scenarios)
    } else {
        let listed = Listed::of(of, &place, &selectors, terminal)?;
        let scenarios = listed.heads().map(|head| head.scenario.clone()).collect();
        (listed.suite, scenarios)
    };
    if suite.documented.api.operations().is_empty() {
        let problem =
            format!("the suite `{}` names no OpenAPI document, so that there is nothing to cover", suite.name);
        return Err(Failure::usage(problem));
    }
    let coverage = match &args.record {
        Some(log) => recorded(&suite, log)?,
        None => written(&suite, &scenarios),
    };
    match args.format {
        Format::Human => Ok(draw_coverage(&coverage, terminal.paint(), Terminal::width())),
        Format::Json => Ok(format!("{}\n", serde_json::to_string_pretty(&coverage).map_err(Failure::internal)?)),
    }
}

/// Whether nothing is selected.
fn is_whole(of: &PlanArgs, selectors: &[String]) -> bool {
    selectors.is_empty() && of.tags.is_empty() && of.requirements.is_empty() && of.variants.is_empty()
}

/// Which requirement is tested by which scenarios: of the whole suite, or of what is selected.
fn requirements(args: &ListArgs, terminal: &mut Terminal) -> Result<String, Failure> {
    let of = &args.plan;
    let (place, selectors) = suite_place(of)?;
    let matrix = if is_whole(of, &selectors) {
        // Nothing is run, so that no target is needed.
        let extra_names = variables(of)?.into_keys().collect();
        Matrix::of(&place.load(&LoadOptions { extra_names }, terminal)?.suite, None)
    } else {
        let listed = Listed::of(of, &place, &selectors, terminal)?;
        let wanted: BTreeSet<RequirementId> = listed.heads().flat_map(|head| head.verifies.iter().cloned()).collect();
        Matrix::of(&listed.suite, Some(&wanted))
    };
    match args.format {
        Format::Human => Ok(draw(&matrix, terminal.paint(), Terminal::width())),
        Format::Json => Ok(format!("{}\n", serde_json::to_string_pretty(&matrix).map_err(Failure::internal)?)),
    }
}
