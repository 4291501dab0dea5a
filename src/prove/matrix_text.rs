use std::fmt::Write as _;

use crate::report::{Paint, Role};

use super::matrix::{Matrix, Notice, Row, Stand};

impl Matrix {
    /// The matrix for people: a line for each defect, with more where something is not as it must be.
    #[must_use]
    pub fn text(&self, paint: Paint) -> String {
        let width = self.defects.iter().map(|row| row.defect.len()).max().unwrap_or_default();
        let mut text = String::new();
        for row in &self.defects {
            // Writing to a String cannot fail.
            let _ = writeln!(text, "{}", line(row, width, paint));
            if row.stand == Stand::NotNoticed {
                let _ = writeln!(text, "  {}", row.text);
                let _ = writeln!(text, "  breaks {}, and no step that verifies it says so", row.breaks.join(", "));
            }
            for astray in &row.astray {
                let told = format!("  not allowed: {} {} ({})", astray.case, astray.outcome, astray.why);
                let _ = writeln!(text, "{}", paint.dress(Role::Odd, &told));
            }
        }
        if !self.idle.is_empty() {
            let _ = writeln!(text, "\nscenarios that noticed nothing:");
            for scenario in &self.idle {
                let _ = writeln!(text, "  {scenario}");
            }
        }
        text
    }

    /// `8 noticed, 0 not noticed`: what the last line begins with.
    #[must_use]
    pub fn count_line(&self) -> String {
        let totals = self.totals;
        let mut line = format!("{} noticed, {} not noticed", totals.noticed, totals.not_noticed);
        for (count, what) in
            [(totals.unnoticeable, "not noticeable"), (totals.astray, "not allowed"), (totals.idle, "scenarios idle")]
        {
            if count > 0 {
                let _ = write!(line, ", {count} {what}");
            }
        }
        line
    }
}

fn line(row: &Row, width: usize, paint: Paint) -> String {
    let (word, role) = match row.stand {
        Stand::Noticed => ("noticed    ", Role::Good),
        Stand::NotNoticed => ("NOT NOTICED", Role::Bad),
        Stand::Unnoticeable => ("unnoticeable", Role::Faint),
    };
    let word = paint.dress(role, word);
    let by = row.why.clone().unwrap_or_else(|| by(&row.noticed_by));
    format!("{word} {:<width$}  {by}", row.defect).trim_end().to_owned()
}

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
    told.collect::<Vec<_>>().join(", ")
}
