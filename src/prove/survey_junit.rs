use crate::event::StepPath;

use super::junit::{Came, Testcase, testsuite};
use super::{Survey, Survivor};

impl Survey {
    /// The survey as JUnit XML, of this suite: a testcase for each step whose answers were changed, for each waiver that
    /// does not hold, and, skipped, for each case that was not looked at.
    #[must_use]
    pub fn junit(&self, suite: &str) -> String {
        let steps = self.steps.keys().map(|(scenario, step)| {
            let gaps = self.gaps_of(scenario, step);
            let came = if gaps.is_empty() { Came::Passed } else { Came::Failed(gaps) };
            Testcase::new("prove.steps", &format!("{scenario}#{step}"), came)
        });
        let waivers = self.problems.iter().map(|problem| {
            Testcase::new("prove.waivers", problem.waiver.id.as_str(), Came::Failed(vec![problem.to_string()]))
        });
        let passed_over = self
            .passed_over
            .iter()
            .map(|case| Testcase::new("prove.cases", case.as_str(), Came::Skipped("had not passed".to_owned())));
        testsuite(suite, &steps.chain(waivers).chain(passed_over).collect::<Vec<_>>())
    }

    fn gaps_of(&self, scenario: &str, step: &StepPath) -> Vec<String> {
        let of_step =
            |survivor: &&Survivor| survivor.scenario == scenario && survivor.step == *step && survivor.is_gap();
        let told = |survivor: &Survivor| format!("not noticed: {}; {} would", survivor.mutation, survivor.remedy);
        self.survivors.iter().filter(of_step).map(told).collect()
    }
}
