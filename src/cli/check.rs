use serde::Serialize;
use serde_json::json;

use crate::diag::{Diagnostic, PlainDiagnostic, Severity, Sources, render};
use crate::suite::{Embedded, Files, Folder, LoadOptions, load};

use super::Exit;
use super::args::{CheckArgs, Format};
use super::failure::Failure;
use super::suites::SuitePlace;
use super::terminal::Terminal;
use super::waivers;
use super::words::counted;

/// `assize check`: all problems of all suites at once.
pub(super) fn execute(args: &CheckArgs, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let places = if args.paths.is_empty() {
        SuitePlace::all()
    } else {
        args.paths.iter().map(|path| SuitePlace::named(path)).collect::<Result<_, _>>()?
    };
    let mut errors = 0;
    let mut told = Vec::new();
    for place in &places {
        let checked = check(place)?;
        errors += checked.problems.iter().filter(|problem| problem.severity == Severity::Error).count();
        match args.format {
            Format::Human => {
                if !checked.problems.is_empty() {
                    terminal.complain(&render(&checked.problems, &checked.sources, terminal.colour()));
                }
                terminal.say(&format!("{}\n{}", checked.summary, checked.first()));
            }
            Format::Json => {
                told.extend(checked.problems.iter().map(|problem| Told::new(problem, &checked.sources)));
            }
        }
    }
    if args.format == Format::Json {
        let text =
            serde_json::to_string_pretty(&json!({ "format": 1, "problems": told })).map_err(Failure::internal)?;
        terminal.say(&format!("{text}\n"));
    }
    Ok(if errors == 0 { Exit::Pass } else { Exit::Usage })
}

/// A problem for a script: its place in front, then all there is to say of it.
#[derive(Debug, Serialize)]
struct Told {
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<u32>,
    #[serde(flatten)]
    problem: PlainDiagnostic,
}

impl Told {
    fn new(problem: &Diagnostic, sources: &Sources) -> Self {
        let mut problem = PlainDiagnostic::new(problem, sources);
        let place = problem.primary.as_ref().map(|label| label.place.clone());
        if let Some(place) = &place {
            problem.file = Some(place.file.to_string());
        }
        Self { line: place.as_ref().map(|place| place.line), column: place.map(|place| place.column), problem }
    }
}

struct Checked {
    problems: Vec<Diagnostic>,
    sources: Sources,
    summary: String,
}

impl Checked {
    /// The first problem in a line: where there are many, its text has left the screen.
    fn first(&self) -> String {
        let Some(problem) = self.problems.iter().find(|problem| problem.severity == Severity::Error) else {
            return String::new();
        };
        let problem = PlainDiagnostic::new(problem, &self.sources);
        let place = problem.primary.map(|label| label.place.to_string()).or(problem.file);
        let place = place.map(|place| format!("{place}: ")).unwrap_or_default();
        format!("  first: {place}{} [{}]\n", problem.message.lines().next().unwrap_or_default(), problem.code)
    }
}

fn check(place: &SuitePlace) -> Result<Checked, Failure> {
    let options = LoadOptions::default();
    let (origin, loaded) = match place {
        SuitePlace::Embedded(embedded) => {
            let embedded: &Embedded = embedded;
            (embedded.origin().to_owned(), load(embedded, &options))
        }
        SuitePlace::Disk(path) => {
            let folder = Folder::open(path)
                .map_err(|error| Failure::usage(format!("`{}` cannot be opened: {error}", path.display())))?;
            (folder.origin().to_owned(), load(&folder, &options))
        }
    };
    Ok(match loaded {
        Ok(loaded) => {
            let suite = loaded.suite;
            if let Err(error) = waivers::of_suite_alone(place, &suite)? {
                let count = counted(error.problems.len(), "problem");
                let summary = format!("{origin}: {count}");
                return Ok(Checked { problems: error.problems, sources: error.sources, summary });
            }
            let scenarios =
                suite.scenarios.iter().map(|scenario| &scenario.id).collect::<std::collections::BTreeSet<_>>().len();
            let summary = format!(
                "{origin}: sound: {}, {}, {}, {}",
                counted(scenarios, "scenario"),
                counted(suite.scenarios.len(), "row"),
                counted(suite.catalogue.requirements.len(), "requirement"),
                counted(suite.flows.len(), "flow")
            );
            Checked { problems: loaded.warnings, sources: suite.sources, summary }
        }
        Err(error) => {
            let errors = error.problems.iter().filter(|problem| problem.severity == Severity::Error).count();
            let count = counted(errors, "problem");
            Checked { problems: error.problems, sources: error.sources, summary: format!("{origin}: {count}") }
        }
    })
}
