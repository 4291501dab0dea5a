use junit_report::{Duration, TestCase};

use crate::event::RunRecord;
use crate::report::waived;

use super::complete::CaseExtras;
use super::testsuite::{Counts, Properties, suite_name};
use super::xml_text::attribute;

/// How many testcases stand for waivers that do not hold; each is a failure.
pub(super) fn add_counts(record: &RunRecord, counts: Counts) -> Counts {
    let problems = record.end.as_ref().map_or(0, |end| end.waivers.len());
    let problems = u32::try_from(problems).unwrap_or(u32::MAX);
    Counts { tests: counts.tests + problems, failures: counts.failures + problems, ..counts }
}

/// A failing testcase for each waiver that does not hold, with what `junit-report` does not write of it.
pub(super) fn testcases(record: &RunRecord) -> Vec<(TestCase, CaseExtras)> {
    let problems = record.end.as_ref().map_or(&[][..], |end| &end.waivers);
    let testcase = |problem: &crate::event::WaiverProblem| {
        let name = attribute(&format!("waiver {}", problem.waiver));
        let message = attribute(&waived::fault(record, problem));
        let code = waived::fault_code(&problem.fault);
        let mut built = TestCase::failure(&name, Duration::ZERO, code, &message);
        built.set_classname(&attribute(&format!("{}.waivers", suite_name(record))));
        let mut properties = Properties::default();
        properties.add("waiver-fault", code);
        properties.add_waiver(record, &problem.waiver);
        (built, CaseExtras { line: 0, properties: properties.0 })
    };
    problems.iter().map(testcase).collect()
}
