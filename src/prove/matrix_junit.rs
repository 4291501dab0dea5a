use std::fmt::Write as _;

use super::junit::{Came, Testcase, testsuite};
use super::matrix::{Matrix, Row, Stand};

impl Matrix {
    /// The matrix as JUnit XML: a testcase for each defect, for each scenario that noticed nothing, each requirement that no
    /// defect breaks, and each waiver that does not hold. A defect that survived without the proof failing by it is skipped,
    /// with what there is to say of it.
    #[must_use]
    pub fn junit(&self) -> String {
        let defects = self.defects.iter().map(|row| Testcase::new("prove.defects", &row.defect, came(row)));
        let idle = self.idle.iter().map(|scenario| {
            Testcase::new("prove.scenarios", scenario, Came::Failed(vec!["noticed no defect".to_owned()]))
        });
        let unbroken = self.unbroken.iter().map(|it| {
            let told = "no defect breaks it".to_owned();
            let came = if it.is_fatal() { Came::Failed(vec![told]) } else { Came::Skipped(told) };
            Testcase::new("prove.requirements", &it.id, came)
        });
        let waivers = self.waivers.iter().map(|problem| {
            Testcase::new("prove.waivers", problem.waiver.id.as_str(), Came::Failed(vec![problem.to_string()]))
        });
        testsuite(&self.suite, &defects.chain(idle).chain(unbroken).chain(waivers).collect::<Vec<_>>())
    }
}

fn came(row: &Row) -> Came {
    let mut told: Vec<String> =
        row.astray.iter().map(|it| format!("{} {} ({})", it.case, it.outcome, it.why)).collect();
    match row.stand {
        Stand::NotNoticed => {
            let mut line = format!("not noticed: {} It breaks {}.", row.text, row.breaks.join(", "));
            if let Some(id) = &row.waived_by {
                // Writing to a String cannot fail.
                let _ = write!(line, " Waived by {id}.");
            }
            told.insert(0, line);
        }
        Stand::TimedOut => told.insert(0, format!("its cases did not end: {}", row.text)),
        Stand::Untried => told.insert(0, "not tried: the proof was stopped".to_owned()),
        Stand::Noticed | Stand::Unnoticeable => {}
    }
    if row.is_fatal() {
        return Came::Failed(told);
    }
    match row.why.clone().or(told.into_iter().next()) {
        Some(why) => Came::Skipped(why),
        None => Came::Passed,
    }
}
