use std::io::{self, BufRead as _, Write};

use crate::diag::Place;
use crate::event::{CaseRecord, Outcome, OutcomeClass, RunRecord, Stamped};
use crate::report::account::Account;
use crate::report::artefact::{Artefact, not_as_written};
use crate::report::beyond::beyond;
use crate::report::detail::{Headline, Look, adverse, is_known, told_try};
use crate::report::{Paint, Reporter, visible, words};

use super::command::{Annotation, Level, Spot};

/// A run as commands for the log of a job, written when the run has ended.
#[derive(Debug)]
pub struct Github {
    artefact: Artefact,
    account: Account,
}

/// How much of a body stands in a group.
const LOOK: Look = Look { paint: Paint::Plain, body_lines: 30, body_bytes: 4 * 1024 };
/// How many annotations of a level GitHub shows of a step.
const MOST_OF_A_LEVEL: usize = 10;
/// How many bytes the groups may take in a log that people read.
const MOST_GROUPS: usize = 1024 * 1024;

impl Github {
    pub(in crate::report) fn new(artefact: Artefact) -> Self {
        Self { artefact, account: Account::new(LOOK) }
    }
}

fn level(class: OutcomeClass) -> Option<Level> {
    match class {
        OutcomeClass::Passed | OutcomeClass::Skipped => None,
        OutcomeClass::Warned | OutcomeClass::Flaky => Some(Level::Warning),
        OutcomeClass::Known => Some(Level::Notice),
        OutcomeClass::Failed
        | OutcomeClass::Inconclusive
        | OutcomeClass::Broken
        | OutcomeClass::Blocked
        | OutcomeClass::Unfinished => Some(Level::Error),
    }
}

/// Where a case is annotated: at the check that decided it, where that stands in the scenario's own file; otherwise at
/// the scenario. A suite that is part of the program is in no repository.
fn spot(record: &RunRecord, case: &CaseRecord, outcome: &Outcome) -> Option<Spot> {
    let is_embedded = record.suite.as_ref().is_some_and(|suite| suite.origin.starts_with("embedded:"));
    let home = &case.head.at;
    if is_embedded || !is_known(home) {
        return None;
    }
    let mut found = told_try(case, outcome).into_iter().flat_map(|(_, attempt)| adverse(attempt)).collect::<Vec<_>>();
    found.sort_by_key(|(_, finding)| std::cmp::Reverse(finding.verdict));
    let own = found.first().and_then(|(_, finding)| finding.suite_at.as_ref()).filter(|at| at.file == home.file);
    Some(spot_of(own.unwrap_or(home)))
}

fn spot_of(place: &Place) -> Spot {
    let file = place.file.strip_prefix("./").unwrap_or(&place.file).replace('\\', "/");
    Spot { file, line: place.line, column: place.column, end_column: place.end_column }
}

/// All annotations, in the order of the plan.
fn annotations(account: &Account) -> Vec<Annotation> {
    let record = account.record();
    let of_case = |case: &CaseRecord| {
        let outcome = case.outcome_or_unfinished();
        let class = outcome.class();
        let level = level(class)?;
        let Headline { code, message } = account.headline(case, &outcome);
        let title = format!("{class}: {}", case.head.id);
        Some(Annotation { level, at: spot(record, case, &outcome), title, message: format!("{code}: {message}") })
    };
    let others = beyond(record).into_iter().map(|other| Annotation {
        level: Level::Error,
        at: None,
        title: other.name,
        message: format!("{}: {}", other.code, other.message),
    });
    record.cases.iter().filter_map(of_case).chain(others).collect()
}

/// As many of a level as GitHub shows; where there are more, the last says how many.
fn shown(all: Vec<Annotation>, level: Level, most: usize) -> Vec<Annotation> {
    let mut of_level = all.into_iter().filter(|annotation| annotation.level == level).collect::<Vec<_>>();
    if of_level.len() <= most {
        return of_level;
    }
    let more = of_level.len() - (most - 1);
    of_level.truncate(most - 1);
    let message =
        format!("{more} more of this level: GitHub shows no more of a step, the log and the reports have all");
    of_level.push(Annotation { level, at: None, title: format!("{more} more"), message });
    of_level
}

fn groups(out: &mut impl Write, account: &Account) -> io::Result<()> {
    let mut spent = 0;
    let mut more = 0_u64;
    for case in &account.record().cases {
        let Some(text) = account.told().get(&case.head.id) else { continue };
        if spent > MOST_GROUPS {
            more += 1;
            continue;
        }
        let title = format!("{}: {}", case.outcome_or_unfinished().class(), case.head.id);
        let text = visible::lines(visible::cut(text, MOST_GROUPS / 8).0).into_owned();
        spent += text.len();
        writeln!(out, "::group::{}", super::command::data(&visible::short(&title, 300)))?;
        writeln!(out, "{}", text.trim_end())?;
        writeln!(out, "::endgroup::")?;
    }
    if more > 0 {
        writeln!(out, "{} more are not told here: the other reports have them", words::count(more, "case"))?;
    }
    Ok(())
}

/// The last annotation: how the run went.
fn totals(record: &RunRecord) -> Annotation {
    let suite = record.suite.as_ref().map(|suite| format!("{} {}", suite.name, suite.version)).unwrap_or_default();
    let target = record.target.as_ref().map(|target| format!(" at {}", target.name)).unwrap_or_default();
    let kept = record.requirement_line();
    let kept = if kept.is_empty() { kept } else { format!("; requirements kept: {kept}") };
    let message = format!("{}{kept}", record.totals());
    Annotation { level: Level::Notice, at: None, title: format!("{suite}{target}"), message }
}

impl Reporter for Github {
    fn on_event(&mut self, event: &Stamped) -> io::Result<()> {
        self.account.hear(event);
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.account.close()?;
        groups(&mut self.artefact, &self.account)?;
        let all = annotations(&self.account);
        let mut written = vec![0; Level::ALL.len()];
        for (at, level) in Level::ALL.into_iter().enumerate() {
            let last = (level == Level::Notice).then(|| totals(self.account.record()));
            let most = MOST_OF_A_LEVEL - usize::from(last.is_some());
            for annotation in shown(all.clone(), level, most).into_iter().chain(last) {
                writeln!(self.artefact, "{}", annotation.command())?;
                written[at] += 1;
            }
        }
        self.artefact.commit(|file| {
            let mut found = vec![0; Level::ALL.len()];
            for line in file.lines() {
                let line = line?;
                let of = |level: &Level| line.strip_prefix("::").is_some_and(|rest| rest.starts_with(level.as_str()));
                if let Some(at) = Level::ALL.iter().position(of) {
                    found[at] += 1;
                }
            }
            if found == written { Ok(()) } else { Err(not_as_written(format!("it holds {found:?} of {written:?}"))) }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_of_ten_says_how_many_more_there_are() {
        let one = |number: usize| Annotation {
            level: if number.is_multiple_of(3) { Level::Warning } else { Level::Error },
            at: None,
            title: number.to_string(),
            message: String::new(),
        };
        let all = (0..30).map(one).collect::<Vec<_>>();
        let errors = shown(all.clone(), Level::Error, 10);
        assert_eq!((errors.len(), errors[9].title.as_str()), (10, "11 more"));
        assert_eq!(shown(all, Level::Warning, 10).len(), 10);
    }
}
