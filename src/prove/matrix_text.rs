use std::fmt::Write as _;

use crate::report::{Paint, Role};

use super::matrix::{Matrix, Notice, RequirementScore, Row, Stand, Unbroken};

impl Matrix {
    /// The matrix for people: by the requirement that it is about, a line for each defect with the steps that noticed it,
    /// and more where something is not as it must be.
    #[must_use]
    pub fn text(&self, paint: Paint) -> String {
        let width = self.defects.iter().map(|row| row.defect.len()).max().unwrap_or_default();
        let mut text = String::new();
        for score in &self.requirements {
            // Writing to a String cannot fail.
            let _ = writeln!(text, "{}", head(score, paint));
            for row in self.defects.iter().filter(|row| row.is_about(&score.id)) {
                tell(&mut text, row, width, paint);
            }
        }
        let of_none = |row: &&Row| !self.requirements.iter().any(|score| row.is_about(&score.id));
        if self.defects.iter().any(|row| of_none(&row)) {
            text.push_str("about no requirement\n");
            for row in self.defects.iter().filter(of_none) {
                tell(&mut text, row, width, paint);
            }
        }
        if !self.idle.is_empty() {
            let _ = writeln!(text, "\n{}", paint.dress(Role::Bad, "scenarios that noticed nothing"));
            for scenario in &self.idle {
                let _ = writeln!(text, "  {scenario}");
            }
        }
        if !self.unbroken.is_empty() {
            let is_fatal = self.unbroken.iter().any(Unbroken::is_fatal);
            let role = if is_fatal { Role::Bad } else { Role::Odd };
            let _ = writeln!(text, "\n{}", paint.dress(role, "requirements that no defect breaks"));
            for unbroken in &self.unbroken {
                let _ = writeln!(text, "  {}  {}  {}", unbroken.id, unbroken.level, unbroken.text);
            }
        }
        if !self.waivers.is_empty() {
            text.push('\n');
            for problem in &self.waivers {
                let _ = writeln!(text, "{}", paint.dress(Role::Bad, &problem.to_string()));
            }
        }
        text
    }

    /// `8 noticed, 0 not noticed`: what the last line begins with.
    #[must_use]
    pub fn count_line(&self) -> String {
        let totals = self.totals;
        let mut line = format!("{} noticed, {} not noticed", totals.noticed, totals.not_noticed);
        for (count, what) in [
            (totals.waived, "of them waived"),
            (totals.timed_out, "timed out"),
            (totals.unnoticeable, "not noticeable"),
            (totals.astray, "not allowed"),
            (totals.idle, "scenarios idle"),
            (totals.unbroken, "requirements not broken"),
            (self.waivers.len(), "waivers do not hold"),
            (totals.untried, "not tried"),
        ] {
            if count > 0 {
                let _ = write!(line, ", {count} {what}");
            }
        }
        line
    }
}

/// `CX-SES-010  MUST  2/2 noticed`.
fn head(score: &RequirementScore, paint: Paint) -> String {
    let share = match score.defects {
        0 => "none tried".to_owned(),
        defects => format!("{}/{defects} noticed", score.noticed),
    };
    let role = if score.noticed == score.defects { Role::Good } else { Role::Bad };
    let id = paint.dress(Role::Strong, &score.id);
    format!("{id}  {}  {}", score.level.as_str(), paint.dress(role, &share))
}

fn tell(text: &mut String, row: &Row, width: usize, paint: Paint) {
    let (word, role) = match row.stand {
        Stand::Noticed => ("noticed", Role::Good),
        Stand::NotNoticed => ("NOT NOTICED", if row.is_fatal() { Role::Bad } else { Role::Odd }),
        Stand::TimedOut => ("TIMED OUT", Role::Bad),
        Stand::Untried => ("not tried", Role::Odd),
        Stand::Unnoticeable => ("unnoticeable", Role::Faint),
    };
    let word = paint.dress(role, &format!("{word:<12}"));
    let waived = row.waived_by.as_ref().map(|id| format!("waived by {id}"));
    let by = row.why.clone().or(waived).unwrap_or_else(|| by(&row.noticed_by));
    let line = format!("  {word}  {:<width$}  {by}", row.defect);
    // Writing to a String cannot fail.
    let _ = writeln!(text, "{}", line.trim_end());
    let mut more = |told: &str| {
        let _ = writeln!(text, "{:16}{told}", "");
    };
    if matches!(row.stand, Stand::NotNoticed | Stand::TimedOut) {
        more(&row.text);
    }
    if row.stand == Stand::NotNoticed {
        more(&format!("breaks {}, and no step that verifies it says so", row.breaks.join(", ")));
    }
    if row.stand == Stand::NotNoticed && row.cases == 0 {
        more("no case asks for what it breaks");
    }
    for astray in &row.astray {
        let told = format!("not allowed: {} {} ({})", astray.case, astray.outcome, astray.why);
        more(&paint.dress(Role::Odd, &told));
    }
}

/// So many steps are named; `--format json` names all.
const NAMED: usize = 2;

/// `session.join-distinct#phone-joins (2 cases), …`: each step that noticed the defect, once.
fn by(notices: &[Notice]) -> String {
    let mut steps: Vec<(String, Vec<&str>)> = Vec::new();
    for notice in notices {
        let step = format!("{}#{}", notice.scenario, notice.step);
        match steps.iter_mut().find(|(known, _)| *known == step) {
            Some((_, cases)) if cases.contains(&&*notice.case) => {}
            Some((_, cases)) => cases.push(&notice.case),
            None => steps.push((step, vec![&notice.case])),
        }
    }
    let told = steps.iter().map(|(step, cases)| match cases.len() {
        1 => step.clone(),
        many => format!("{step} ({many} cases)"),
    });
    let mut told: Vec<String> = told.collect();
    let more = told.len().saturating_sub(NAMED);
    told.truncate(NAMED);
    let told = told.join(", ");
    if more > 0 { format!("{told} and {more} more") } else { told }
}
