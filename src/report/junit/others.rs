use junit_report::{Duration, TestCase};

use crate::event::RunRecord;
use crate::report::beyond::{Beyond, Weight, beyond};

use super::complete::CaseExtras;
use super::testsuite::{Counts, Properties, suite_name};
use super::xml_text::attribute;

/// What stands in a report besides cases: a testcase for each thing that the run is not green for beyond them.
pub(super) fn add_counts(record: &RunRecord, counts: Counts) -> Counts {
    beyond(record).iter().fold(counts, |counts, other| match other.weight {
        Weight::Failure => Counts { tests: counts.tests + 1, failures: counts.failures + 1, ..counts },
        Weight::Error => Counts { tests: counts.tests + 1, errors: counts.errors + 1, ..counts },
    })
}

/// A testcase for each of them, with what `junit-report` does not write of it.
pub(super) fn testcases(record: &RunRecord) -> Vec<(TestCase, CaseExtras)> {
    beyond(record).iter().map(|other| testcase(record, other)).collect()
}

fn testcase(record: &RunRecord, other: &Beyond) -> (TestCase, CaseExtras) {
    let (name, message) = (attribute(&other.name), attribute(&other.message));
    let mut built = match other.weight {
        Weight::Failure => TestCase::failure(&name, Duration::ZERO, other.code, &message),
        Weight::Error => TestCase::error(&name, Duration::ZERO, other.code, &message),
    };
    built.set_classname(&attribute(&format!("{}.{}", suite_name(record), other.group)));
    let mut properties = Properties::default();
    if let Some(waiver) = &other.waiver {
        properties.add("waiver-fault", other.code);
        properties.add_waiver(record, waiver);
    }
    (built, CaseExtras { line: 0, properties: properties.0 })
}
