use std::collections::BTreeMap;
use std::time::Duration;

use junit_report::{OffsetDateTime, TestCase, TestResult, TestSuite, TestSuiteBuilder};

use crate::clock::Timestamp;
use crate::event::{CaseId, CaseRecord, Gate, Outcome, OutcomeClass, RunRecord, Totals, TryRecord, Verdict, WaiverId};
use crate::report::detail::{Headline, adverse, headline};
use crate::report::{gate, stability, visible};

use super::complete::{CaseExtras, Extras};
use super::others;
use super::xml_text::{attribute, cdata};

/// How many elements of each kind a report has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub(super) tests: u32,
    pub(super) failures: u32,
    pub(super) errors: u32,
    pub(super) skipped: u32,
}

/// What a testcase of each class holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Element {
    Nothing,
    Failure,
    Error,
    Skipped,
}

fn element(class: OutcomeClass, gate: Gate) -> Element {
    match class {
        // Whoever reads nothing but this report sees what the exit code says.
        _ if gate.fails(class) => Element::Failure,
        OutcomeClass::Passed | OutcomeClass::Warned | OutcomeClass::Flaky => Element::Nothing,
        OutcomeClass::Failed => Element::Failure,
        OutcomeClass::Inconclusive | OutcomeClass::Broken | OutcomeClass::Blocked | OutcomeClass::Unfinished => {
            Element::Error
        }
        OutcomeClass::Known | OutcomeClass::Skipped => Element::Skipped,
    }
}

impl Counts {
    /// What a report of this run must hold.
    pub(super) fn of_record(record: &RunRecord) -> Self {
        others::add_counts(record, Self::of(&record.totals(), record.gate))
    }

    /// What stands for cases with these totals.
    fn of(totals: &Totals, gate: Gate) -> Self {
        let sum = |wanted: Element| {
            OutcomeClass::ALL
                .into_iter()
                .filter(|class| element(*class, gate) == wanted)
                .map(|class| totals.of(class))
                .sum()
        };
        Self {
            tests: totals.all(),
            failures: sum(Element::Failure),
            errors: sum(Element::Error),
            skipped: sum(Element::Skipped),
        }
    }
}

/// The suite as the crate takes it; `told` holds the texts of cases that did not pass.
pub(super) fn build(record: &RunRecord, told: &BTreeMap<CaseId, String>) -> TestSuite {
    let mut suite = TestSuiteBuilder::new(&attribute(&suite_name(record)));
    suite.set_timestamp(timestamp(record.started));
    let mut spent = 0;
    for case in &record.cases {
        let text = told.get(&case.head.id).map(|text| cdata(text, room(spent)));
        spent += text.as_ref().map_or(0, String::len);
        suite.add_testcase(testcase(record, case, text));
    }
    for (testcase, _) in others::testcases(record) {
        suite.add_testcase(testcase);
    }
    suite.build()
}

pub(super) fn suite_name(record: &RunRecord) -> String {
    record.suite.as_ref().map_or_else(|| "assize".to_owned(), |suite| suite.name.clone())
}

/// The crate cannot write a year of other than four digits; such a clock gives 1970.
fn timestamp(started: Option<Timestamp>) -> OffsetDateTime {
    let seconds = started.map_or(0, Timestamp::seconds);
    let time = OffsetDateTime::from_unix_timestamp(seconds).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    if (1970..=9999).contains(&time.year()) { time } else { OffsetDateTime::UNIX_EPOCH }
}

/// The longest text of one case in a report, in bytes.
const MOST_TEXT: usize = 64 * 1024;
/// From so many bytes on, texts are short: a CI system takes no file of any size (GitLab: 30 MB).
const MOST_TEXTS: usize = 12 * 1024 * 1024;
/// The longest text from there on, in bytes.
const SHORT_TEXT: usize = 512;

/// How long the next text may be when so many bytes are spent.
fn room(spent: usize) -> usize {
    if spent < MOST_TEXTS { MOST_TEXT } else { SHORT_TEXT }
}

fn testcase(record: &RunRecord, case: &CaseRecord, text: Option<String>) -> TestCase {
    let outcome = case.outcome_or_unfinished();
    let class = outcome.class();
    let name = attribute(case.head.id.as_str());
    let took = case.tries.iter().map(|attempt| attempt.took).sum::<Duration>();
    let took = took.try_into().unwrap_or(junit_report::Duration::ZERO);
    let unknown = || Headline { code: class.as_str().to_owned(), message: String::new() };
    let Headline { code, message } = headline(record, case, &outcome).unwrap_or_else(unknown);
    let (code, message) = (attribute(&code), attribute(&message));
    let mut built = match element(class, record.gate) {
        Element::Nothing => TestCase::success(&name, took),
        Element::Failure => TestCase::failure(&name, took, &code, &message),
        Element::Error => TestCase::error(&name, took, &code, &message),
        Element::Skipped => TestCase::skipped_with_cause(&name, class.as_str(), &message),
    };
    // A case that fails as a waiver says took its time.
    built.time = took;
    built.set_classname(&attribute(&format!("{}.{}", suite_name(record), case.head.scenario)));
    built.set_filepath(&attribute(&case.head.at.file));
    match &mut built.result {
        TestResult::Failure { cause, .. }
        | TestResult::Error { cause, .. }
        | TestResult::SkippedWithCause { cause, .. } => *cause = text,
        TestResult::Success | TestResult::Skipped => built.system_out = text,
    }
    built
}

/// What the crate has no place for.
pub(super) fn extras(record: &RunRecord) -> Extras {
    let totals = record.totals();
    let mut properties = Properties::default();
    if let Some(suite) = &record.suite {
        properties.add("suite", &suite.name);
        properties.add("suite-version", &suite.version);
        properties.add("suite-title", &suite.title);
        properties.add("suite-origin", &suite.origin);
        properties.add("suite-sha256", &suite.sha256);
    }
    if let Some(target) = &record.target {
        properties.add("target", &target.name);
        properties.add("target-url", &target.base_url);
        if target.embedded {
            properties.add("embedded-tenant", "true");
        }
        if target.insecure {
            properties.add("insecure-tls", "true");
        }
    }
    if let Some(tool) = &record.tool {
        properties.add("tool", &format!("{} {}", tool.name, tool.version));
    }
    properties.add("run", &record.run);
    properties.add("seed", &record.seed.to_string());
    properties.add("totals", &totals.to_string());
    properties.add("gate", &gate::rules(record.gate).unwrap_or_default());
    properties.add("shard", &record.shard.map(|shard| shard.to_string()).unwrap_or_default());
    properties.add("repetitions", &stability::told(record).unwrap_or_default());
    properties.add("requirements", &record.requirement_line());
    if record.end.is_none() {
        properties.add("complete", "false");
    }
    let of_cases = record.cases.iter().map(|case| case_extras(record, case));
    let of_waivers = others::testcases(record).into_iter().map(|(_, extras)| extras);
    Extras {
        name: attribute(&suite_name(record)),
        counts: Counts::of_record(record),
        took: record.end.as_ref().map_or(Duration::ZERO, |end| end.took),
        properties: properties.0,
        cases: of_cases.chain(of_waivers).collect(),
    }
}

fn case_extras(record: &RunRecord, case: &CaseRecord) -> CaseExtras {
    let head = &case.head;
    let outcome = case.outcome_or_unfinished();
    let mut properties = Properties::default();
    properties.add("outcome", outcome.class().as_str());
    properties.add("title", &head.title);
    let join = |ids: &mut dyn Iterator<Item = String>| ids.collect::<Vec<_>>().join(",");
    properties.add("requirements", &join(&mut head.verifies.iter().map(ToString::to_string)));
    properties.add("variant", head.variant.as_deref().unwrap_or_default());
    properties.add("row", head.row.as_deref().unwrap_or_default());
    properties.add("tags", &head.tags.join(","));
    if let Outcome::Known { waivers } = &outcome {
        for waiver in waivers {
            properties.add_waiver(record, waiver);
        }
    }
    if let Some(number) = head.id.repeated() {
        properties.add("repetition", &number.to_string());
    }
    if case.tries.len() > 1 {
        properties.add("tries", &case.tries.len().to_string());
        for (at, attempt) in case.tries.iter().enumerate().take(case.tries.len() - 1) {
            properties.add("earlier-try", &earlier_try(at + 1, attempt));
        }
    }
    if let Some((_, attempt)) = case.deciding_try() {
        for step in &attempt.steps {
            for finding in step.findings.iter().filter(|finding| finding.is_adverse()) {
                let check = format!("{}#{}.{}", head.id, step.step, finding.check);
                let name = if finding.waived.is_some() { "waived-check" } else { property_of(finding.verdict) };
                properties.add(name, &check);
            }
        }
    }
    CaseExtras { line: head.at.line, properties: properties.0 }
}

/// `1: failed: expected 200, got 500`: how a try ended that another followed.
fn earlier_try(number: usize, attempt: &TryRecord) -> String {
    let outcome = attempt.outcome.as_ref();
    let class = outcome.map_or("unfinished", |outcome| outcome.class().as_str());
    let first = adverse(attempt).max_by_key(|(_, finding)| finding.verdict);
    let why = first.map(|(_, finding)| finding.message.clone()).or_else(|| outcome?.why()).unwrap_or_default();
    format!("{number}: {class}: {}", visible::short(&why, 500))
}

fn property_of(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Fail => "failed-check",
        Verdict::Broken => "broken-check",
        Verdict::Warn => "warned-check",
        Verdict::Note => "noted-check",
        Verdict::Pass => "check",
    }
}

/// Properties, none of them empty.
#[derive(Default)]
pub(super) struct Properties(pub(super) Vec<(&'static str, String)>);

impl Properties {
    /// A waiver, with who answers for it, why, and for how long.
    pub(super) fn add_waiver(&mut self, record: &RunRecord, id: &WaiverId) {
        self.add("waiver", id.as_str());
        let Some(waiver) = record.waiver(id) else { return };
        self.add("waiver-of", waiver.subject());
        self.add("waiver-finding", waiver.finding.as_deref().unwrap_or_default());
        self.add("waiver-owner", &waiver.owner);
        self.add("waiver-reason", &waiver.reason);
        self.add("waiver-issue", waiver.issue.as_deref().unwrap_or_default());
        self.add("waiver-expires", &waiver.expires.to_string());
        self.add("waiver-days-left", &waiver.days_left.to_string());
    }

    pub(super) fn add(&mut self, name: &'static str, value: &str) {
        if !value.is_empty() {
            self.0.push((name, attribute(value)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_of_ten_thousand_failures_is_one_that_gitlab_takes() {
        let text = "x".repeat(100_000);
        let mut spent = 0;
        for _ in 0..10_000 {
            spent += cdata(&text, room(spent)).len();
        }
        assert!(spent < 20_000_000, "{spent}");
    }
}
