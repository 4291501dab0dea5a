use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;
use std::sync::Arc;

use crate::event::{Event, LogReader, RequirementId, Stamped};
use crate::prove::{Survey, Survivor, survey};
use crate::report::{Paint, Role};
use crate::suite::LoadOptions;
use crate::trial::Rehearsal;

use super::Exit;
use super::args::ProveArgs;
use super::failure::Failure;
use super::suites::SuitePlace;
use super::terminal::Terminal;

/// `assize prove --record`: breaks the recorded answers and tells what nobody noticed.
pub(super) fn execute(args: &ProveArgs, log: &Path, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let shown = log.display();
    let file = File::open(log).map_err(|error| Failure::usage(format!("`{shown}` cannot be read: {error}")))?;
    let events: Vec<Stamped> = LogReader::new(BufReader::new(file))
        .collect::<Result<_, _>>()
        .map_err(|error| Failure::usage(format!("`{shown}`: {error}")))?;
    let Some(Event::RunStarted { suite: head, target, .. }) = events.first().map(|event| &event.body) else {
        return Err(Failure::usage(format!("`{shown}` does not begin with the start of a run")));
    };
    let place = SuitePlace::named(args.plan.suite.as_deref().unwrap_or(&head.origin))?;
    let extra_names = target.names.values().flat_map(|names| names.keys().cloned()).collect();
    let suite = Arc::new(place.load(&LoadOptions { extra_names }, terminal)?.suite);
    let rehearsals = Rehearsal::of_record(&suite, &events).map_err(Failure::usage)?;
    let survey = survey(&suite, &rehearsals);
    let exit = if survey.mutants == 0 {
        Exit::Nothing
    } else if survey.survivors.iter().any(Survivor::is_gap) {
        Exit::Fail
    } else {
        Exit::Pass
    };
    terminal.say(&told(&survey, args.all, exit, terminal.paint()));
    Ok(exit)
}

fn told(survey: &Survey, all: bool, exit: Exit, paint: Paint) -> String {
    let mut text = String::new();
    let mut by_step: BTreeMap<(&str, &str), Vec<&Survivor>> = BTreeMap::new();
    for survivor in survey.survivors.iter().filter(|survivor| all || survivor.is_grave()) {
        by_step.entry((&survivor.scenario, survivor.step.as_str())).or_default().push(survivor);
    }
    for ((scenario, step), survivors) in &by_step {
        let requirements: Vec<&str> = survivors[0].verifies.iter().map(RequirementId::as_str).collect();
        let level = survivors[0].level.map(|level| format!(" ({level})")).unwrap_or_default();
        let role = if survivors.iter().any(|survivor| survivor.is_gap()) { Role::Bad } else { Role::Odd };
        let head = paint.dress(role, &format!("{scenario}#{step}"));
        let _ = writeln!(text, "{head}  {}{level}", requirements.join(", "));
        for line in lines(survivors, paint) {
            let _ = writeln!(text, "    {line}");
        }
        text.push('\n');
    }
    text.push_str("what became of grave changes, by requirement:\n");
    for (id, score) in &survey.scores {
        let survived = score.survived();
        let role = if survived == 0 { Role::Good } else { Role::Bad };
        let share = paint.dress(role, &format!("{}/{} noticed", score.noticed, score.grave));
        let mut line = format!("  {id}  {share}");
        if score.allowed > 0 {
            let _ = write!(line, ", {} allowed by a check", score.allowed);
        }
        if survived > 0 {
            let _ = write!(line, ", {survived} survived");
        }
        let _ = writeln!(text, "{line}");
    }
    for case in &survey.passed_over {
        let _ = writeln!(text, "not looked at: {case} had not passed");
    }
    let gaps = survey.survivors.iter().filter(|survivor| survivor.is_gap()).count();
    let _ = writeln!(
        text,
        "\n{} changes judged, {} noticed, {} allowed by a check; {} kinds survived, {gaps} of them grave (exit {} {})",
        survey.mutants,
        survey.noticed,
        survey.allowed,
        survey.survivors.len(),
        exit.code(),
        exit.name(),
    );
    text
}

/// Changes of one place that nothing looks at at all are one line.
fn lines(survivors: &[&Survivor], paint: Paint) -> Vec<String> {
    /// So many kinds of changes of one place are all that there are.
    const ALL: usize = 4;
    let mut lines = Vec::new();
    let mut unseen: Vec<String> = Vec::new();
    for survivor in survivors {
        let place = survivor.mutation.place().map(ToString::to_string);
        let of_place = |other: &&&Survivor| {
            other.mutation.is_of_form() && place.is_some() && other.mutation.place().map(ToString::to_string) == place
        };
        let (change, remedy) = match &place {
            Some(place) if survivor.mutation.is_of_form() && survivors.iter().filter(of_place).count() >= ALL => {
                if unseen.contains(place) {
                    continue;
                }
                unseen.push(place.clone());
                (format!("nothing looks at {place}"), "a schema that describes it, or a `json` check".to_owned())
            }
            Some(_) | None => (survivor.mutation.to_string(), survivor.remedy.clone()),
        };
        let elsewhere = if survivor.noticed_elsewhere { " (another step notices it)" } else { "" };
        let remedy = paint.dress(Role::Faint, &format!("  noticed by {remedy}{elsewhere}"));
        lines.push(format!("{change}{remedy}"));
    }
    lines
}
