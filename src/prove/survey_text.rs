use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::event::RequirementId;
use crate::report::{Paint, Role};

use super::mutation::nothing_looks_at;
use super::{ChangeScore, Survey, Survivor};

/// Which survivors are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// Grave ones, where a MUST depends on the answer.
    Grave,
    /// All.
    All,
}

impl Survey {
    /// The survey for people: survivors by step, then the score of each requirement.
    #[must_use]
    pub fn text(&self, shown: Shown, paint: Paint) -> String {
        let mut text = String::new();
        let mut by_step: BTreeMap<(&str, &str), Vec<&Survivor>> = BTreeMap::new();
        for survivor in self.survivors.iter().filter(|it| shown == Shown::All || it.is_grave()) {
            by_step.entry((&survivor.scenario, survivor.step.as_str())).or_default().push(survivor);
        }
        for ((scenario, step), survivors) in &by_step {
            let requirements: Vec<&str> = survivors[0].verifies.iter().map(RequirementId::as_str).collect();
            let level = survivors[0].level.map(|level| format!(" ({level})")).unwrap_or_default();
            let role = if survivors.iter().any(|survivor| survivor.is_gap()) { Role::Bad } else { Role::Odd };
            let head = paint.dress(role, &format!("{scenario}#{step}"));
            // Writing to a String cannot fail.
            let _ = writeln!(text, "{head}  {}{level}", requirements.join(", "));
            for line in lines(survivors, paint) {
                let _ = writeln!(text, "    {line}");
            }
            text.push('\n');
        }
        text.push_str("what became of grave changes, by requirement:\n");
        for score in &self.scores {
            let _ = writeln!(text, "  {}", score.line(paint));
        }
        for case in &self.passed_over {
            let _ = writeln!(text, "not looked at: {case} had not passed");
        }
        for problem in &self.problems {
            let _ = writeln!(text, "{}", paint.dress(Role::Bad, &problem.to_string()));
        }
        text
    }

    /// `11000 changes judged, …`: what the last line begins with.
    #[must_use]
    pub fn count_line(&self) -> String {
        let gaps = self.survivors.iter().filter(|survivor| survivor.is_gap()).count();
        let waived = self.survivors.iter().filter(|survivor| survivor.waived_by.is_some()).count();
        let waived = if waived > 0 { format!(", {waived} of them waived") } else { String::new() };
        format!(
            "{} changes judged, {} noticed, {} allowed by a check; {} kinds survived{waived}, {gaps} of them grave",
            self.mutants,
            self.noticed,
            self.allowed,
            self.survivors.len()
        )
    }
}

impl ChangeScore {
    /// `CX-SES-010  MUST  95/96 noticed, 1 waived`.
    #[must_use]
    pub fn line(&self, paint: Paint) -> String {
        let role = if self.survived == 0 { Role::Good } else { Role::Bad };
        let level = self.level.map(|level| format!("{level}  ")).unwrap_or_default();
        let share = paint.dress(role, &format!("{}/{} noticed", self.noticed, self.changes));
        let mut line = format!("{}  {level}{share}", self.id);
        for (count, what) in
            [(self.allowed, "allowed by a check"), (self.waived, "waived"), (self.survived, "survived")]
        {
            if count > 0 {
                let _ = write!(line, ", {count} {what}");
            }
        }
        line
    }
}

/// Changes of one place that nothing looks at at all are one line.
fn lines(survivors: &[&Survivor], paint: Paint) -> Vec<String> {
    /// So many kinds of changes of one place are all that there are.
    const ALL: usize = 4;
    let mut lines = Vec::new();
    let mut unseen = Vec::new();
    for survivor in survivors {
        let place = survivor.mutation.place();
        let of_place = |other: &&&Survivor| other.mutation.is_of_form() && other.mutation.place() == place;
        let (change, remedy) = match place {
            Some(place) if survivor.mutation.is_of_form() && survivors.iter().filter(of_place).count() >= ALL => {
                if unseen.contains(&place) {
                    continue;
                }
                unseen.push(place);
                (nothing_looks_at(place), "a schema that describes it, or a `json` check".to_owned())
            }
            Some(_) | None => (survivor.mutation.to_string(), survivor.remedy.clone()),
        };
        let elsewhere = if survivor.noticed_elsewhere { " (another step notices it)" } else { "" };
        let waived = survivor.waived_by.as_ref().map(|id| format!(" (waived by {id})")).unwrap_or_default();
        let remedy = paint.dress(Role::Faint, &format!("  noticed by {remedy}{elsewhere}{waived}"));
        lines.push(format!("{change}{remedy}"));
    }
    lines
}
