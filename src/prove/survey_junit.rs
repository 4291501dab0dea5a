use std::fmt::Write as _;

use crate::event::StepPath;

use super::matrix_junit::escaped;
use super::{Survey, Survivor};

/// What a testcase came to.
enum Came {
    Passed,
    Failed(Vec<String>),
    Skipped(&'static str),
}

impl Survey {
    /// The survey as JUnit XML, of this suite: a testcase for each step whose answers were changed, for each waiver that
    /// does not hold, and, skipped, for each case that was not looked at.
    #[must_use]
    pub fn junit(&self, suite: &str) -> String {
        let steps = self.steps.keys().map(|(scenario, step)| {
            let gaps = self.gaps_of(scenario, step);
            (
                "prove.steps",
                format!("{scenario}#{step}"),
                if gaps.is_empty() { Came::Passed } else { Came::Failed(gaps) },
            )
        });
        let waivers = self
            .problems
            .iter()
            .map(|problem| ("prove.waivers", problem.waiver.id.to_string(), Came::Failed(vec![problem.to_string()])));
        let skipped =
            self.passed_over.iter().map(|case| ("prove.cases", case.to_string(), Came::Skipped("had not passed")));
        let all: Vec<(&str, String, Came)> = steps.chain(waivers).chain(skipped).collect();
        let failures = all.iter().filter(|(_, _, came)| matches!(came, Came::Failed(_))).count();
        let (tests, skipped) = (all.len(), self.passed_over.len());
        let name = escaped(&format!("prove {suite}"));
        let mut xml = String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
        // Writing to a String cannot fail.
        let _ = writeln!(xml, "<testsuites tests=\"{tests}\" failures=\"{failures}\" errors=\"0\">");
        let _ = writeln!(
            xml,
            "  <testsuite name=\"{name}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\" skipped=\"{skipped}\">"
        );
        for (class, name, came) in all {
            let _ = write!(xml, "    <testcase classname=\"{class}\" name=\"{}\"", escaped(&name));
            let _ = match came {
                Came::Passed => writeln!(xml, "/>"),
                Came::Failed(told) => writeln!(
                    xml,
                    "><failure message=\"{}\">{}</failure></testcase>",
                    escaped(told.first().map_or("", String::as_str)),
                    escaped(&told.join("\n"))
                ),
                Came::Skipped(why) => writeln!(xml, "><skipped message=\"{why}\"/></testcase>"),
            };
        }
        xml.push_str("  </testsuite>\n</testsuites>\n");
        xml
    }

    fn gaps_of(&self, scenario: &str, step: &StepPath) -> Vec<String> {
        let of_step =
            |survivor: &&Survivor| survivor.scenario == scenario && survivor.step == *step && survivor.is_gap();
        let told = |survivor: &Survivor| format!("not noticed: {}; {} would", survivor.mutation, survivor.remedy);
        self.survivors.iter().filter(of_step).map(told).collect()
    }
}
