use std::ffi::OsString;
use std::path::PathBuf;

use crate::report::{Destination, Fanout, Kind, Markdown, ReportFailure, ReportName, ReportSpec};

use super::args::Format;
use super::failure::Failure;
use super::terminal::Terminal;

/// Where GitHub Actions takes the summary of a step from.
///
/// # Source
/// GitHub's documentation, "Workflow commands for GitHub Actions", section "Adding a job summary".
const STEP_SUMMARY: &str = "GITHUB_STEP_SUMMARY";

/// Opens reports before the first request: one that cannot be written is known at once. Where one goes to stdout, what
/// else stands there goes to stderr.
pub(super) fn open_reports(given: &[OsString], format: Format, terminal: &mut Terminal) -> Result<Fanout, Failure> {
    let specs = parsed(given)?;
    if let Some(spec) = specs.iter().find(|spec| spec.to == Destination::Stdout) {
        if format == Format::Json {
            return Err(Failure::usage(format!(
                "`--format json` and the {} report both go to stdout, which holds one",
                spec.kind
            )));
        }
        terminal.give_stdout_away();
    }
    let mut fanout = Fanout::default();
    for spec in &specs {
        let (name, reporter) = spec.open().map_err(Failure::io)?;
        fanout.add(name, reporter);
    }
    if let Some(path) = step_summary(&specs) {
        let name = ReportName::Summary(path.clone());
        match Markdown::summary(&path) {
            Ok(reporter) => fanout.add(name, Box::new(reporter)),
            Err(error) => return Err(Failure::io(ReportFailure { report: name, error })),
        }
    }
    Ok(fanout)
}

/// The reports that are asked for, no two to one place.
pub(super) fn parsed(given: &[OsString]) -> Result<Vec<ReportSpec>, Failure> {
    let specs =
        given.iter().map(|text| ReportSpec::parse(text)).collect::<Result<Vec<_>, _>>().map_err(Failure::usage)?;
    ReportSpec::refuse_same_path(&specs).map_err(Failure::usage)?;
    Ok(specs)
}

/// The file of the step's summary, where a job of GitHub Actions asks for its report.
fn step_summary(specs: &[ReportSpec]) -> Option<PathBuf> {
    let path = std::env::var_os(STEP_SUMMARY).filter(|path| !path.is_empty()).map(PathBuf::from)?;
    let to = Destination::File(path.clone());
    let is_wanted = specs.iter().any(|spec| spec.kind == Kind::Github);
    // Whoever names the file has asked for what stands there.
    (is_wanted && !specs.iter().any(|spec| spec.to.is_same(&to))).then_some(path)
}
