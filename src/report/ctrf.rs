//! The Common Test Report Format: one JSON document that dashboards and pull-request commenters read.
//!
//! One test per case, in the order of the plan, and a failed one for each thing that the run is not green for beyond its
//! cases. passed, warned, flaky → `passed`; failed, inconclusive, broken, blocked, unfinished → `failed`, since readers gate on
//! that word alone; known, skipped → `skipped`. `rawStatus` has the class.

use std::io::{self, Write as _};

use serde::{Deserialize, Serialize};

use crate::event::{CaseRecord, Outcome, OutcomeClass, RunRecord, Stamped, StepRecord, Verdict};

use super::account::Account;
use super::artefact::{Artefact, not_as_written};
use super::beyond::{Beyond, beyond};
use super::detail::{Headline, Look};
use super::json_text::{json, read_back};
use super::{Paint, Reporter, visible};

/// A run as a CTRF document, written when the run has ended.
#[derive(Debug)]
pub struct Ctrf {
    artefact: Artefact,
    account: Account,
}

/// How much of a body stands in a trace.
const LOOK: Look = Look { paint: Paint::Plain, body_lines: 60, body_bytes: 4 * 1024 };
/// The longest message and the longest trace, in bytes.
const MOST_MESSAGE: usize = 2 * 1024;
const MOST_TRACE: usize = 32 * 1024;
/// The version of the format that is written.
const SPEC_VERSION: &str = "0.0.0";

impl Ctrf {
    pub(super) fn new(artefact: Artefact) -> Self {
        Self { artefact, account: Account::new(LOOK) }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Status {
    Passed,
    Failed,
    Skipped,
}

fn status(class: OutcomeClass) -> Status {
    match class {
        OutcomeClass::Passed | OutcomeClass::Warned | OutcomeClass::Flaky => Status::Passed,
        OutcomeClass::Failed
        | OutcomeClass::Inconclusive
        | OutcomeClass::Broken
        | OutcomeClass::Blocked
        | OutcomeClass::Unfinished => Status::Failed,
        OutcomeClass::Known | OutcomeClass::Skipped => Status::Skipped,
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    report_format: &'static str,
    spec_version: &'static str,
    #[serde(skip_serializing_if = "String::is_empty")]
    run_id: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    generated_by: String,
    results: Results,
}

#[derive(Serialize)]
struct Results {
    tool: ToolView,
    summary: Summary,
    tests: Vec<Test>,
    environment: Environment,
}

#[derive(Serialize)]
struct ToolView {
    name: String,
    version: String,
}

#[derive(Serialize)]
struct Summary {
    tests: usize,
    passed: usize,
    failed: usize,
    skipped: usize,
    pending: usize,
    other: usize,
    flaky: usize,
    start: i64,
    stop: i64,
    duration: u64,
    extra: SummaryExtra,
}

#[derive(Serialize)]
struct SummaryExtra {
    totals: String,
    requirements: String,
    complete: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Environment {
    app_name: String,
    #[serde(rename = "testEnvironment")]
    base_url: String,
    extra: EnvironmentExtra,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct EnvironmentExtra {
    suite: String,
    suite_version: String,
    suite_sha256: String,
    embedded_tenant: bool,
    insecure_tls: bool,
    seed: u64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Test {
    name: String,
    status: Status,
    duration: u64,
    #[serde(rename = "testId")]
    id: String,
    raw_status: String,
    suite: Vec<String>,
    #[serde(skip_serializing_if = "String::is_empty")]
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    trace: Option<String>,
    #[serde(skip_serializing_if = "String::is_empty")]
    file_path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tags: Vec<String>,
    r#type: &'static str,
    retries: usize,
    flaky: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    retry_attempts: Vec<Attempt>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    steps: Vec<Step>,
    #[serde(skip_serializing_if = "Option::is_none")]
    extra: Option<TestExtra>,
}

#[derive(Serialize)]
struct Attempt {
    #[serde(rename = "attempt")]
    number: usize,
    status: Status,
    duration: u64,
}

#[derive(Serialize)]
struct Step {
    name: String,
    status: Status,
}

#[derive(Serialize)]
struct TestExtra {
    code: String,
    title: String,
    requirements: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    waivers: Vec<String>,
}

fn name(text: &str) -> String {
    visible::short(text, 500)
}

/// Of an id, which may not be empty.
fn named(text: &str) -> String {
    if text.is_empty() { "-".to_owned() } else { name(text) }
}

fn step(step: &StepRecord) -> Step {
    let is_failure = |verdict| matches!(verdict, Verdict::Fail | Verdict::Broken);
    let failed = step.findings.iter().any(|finding| finding.waived.is_none() && is_failure(finding.verdict));
    let status = match (failed, &step.left_out) {
        (true, _) => Status::Failed,
        (false, Some(_)) => Status::Skipped,
        (false, None) => Status::Passed,
    };
    Step { name: name(step.step.as_str()), status }
}

fn test(account: &Account, suite: &str, case: &CaseRecord) -> Test {
    let outcome = case.outcome_or_unfinished();
    let class = outcome.class();
    let Headline { code, message } = account.headline(case, &outcome);
    let retried = case.tries.len().saturating_sub(1);
    let attempts = case.tries.iter().take(retried).enumerate().map(|(at, attempt)| Attempt {
        number: at + 1,
        status: attempt.outcome.as_ref().map_or(Status::Failed, |outcome| status(outcome.class())),
        duration: millis(attempt.took),
    });
    let mut steps = case.last_try().map_or(Vec::new(), |attempt| attempt.steps.iter().map(step).collect::<Vec<_>>());
    // A step that was cut short has no finding that says so.
    let is_told = steps.iter().any(|step| step.status == Status::Failed);
    if let Some(last) = steps.last_mut().filter(|_| status(class) == Status::Failed && !is_told) {
        last.status = Status::Failed;
    }
    let waivers = match &outcome {
        Outcome::Known { waivers } => waivers.iter().map(|id| name(id.as_str())).collect(),
        Outcome::Passed
        | Outcome::Warned
        | Outcome::Flaky { .. }
        | Outcome::Failed
        | Outcome::Inconclusive { .. }
        | Outcome::Broken { .. }
        | Outcome::Blocked { .. }
        | Outcome::Unfinished { .. }
        | Outcome::Skipped { .. } => Vec::new(),
    };
    let trace = account.told().get(&case.head.id);
    Test {
        name: named(case.head.id.as_str()),
        status: status(class),
        duration: case.tries.iter().map(|attempt| millis(attempt.took)).sum(),
        id: named(case.head.id.as_str()),
        raw_status: class.as_str().to_owned(),
        suite: vec![name(suite), name(&case.head.scenario)],
        message: visible::short(&message, MOST_MESSAGE),
        trace: trace.map(|text| visible::lines(visible::cut(text, MOST_TRACE).0).into_owned()),
        file_path: name(&case.head.at.file),
        line: Some(case.head.at.line).filter(|line| *line > 0),
        tags: case.head.tags.iter().map(|tag| name(tag)).collect(),
        r#type: "contract",
        retries: retried,
        flaky: class == OutcomeClass::Flaky,
        retry_attempts: attempts.collect(),
        steps,
        extra: Some(TestExtra {
            code: name(&code),
            title: name(&case.head.title),
            requirements: case.head.verifies.iter().map(|id| name(id.as_str())).collect(),
            waivers,
        }),
    }
}

fn other(suite: &str, other: Beyond) -> Test {
    Test {
        name: name(&other.name),
        status: Status::Failed,
        duration: 0,
        id: name(&other.name),
        raw_status: other.code.to_owned(),
        suite: vec![name(suite), other.group.to_owned()],
        message: other.message,
        trace: None,
        file_path: String::new(),
        line: None,
        tags: Vec::new(),
        r#type: "contract",
        retries: 0,
        flaky: false,
        retry_attempts: Vec::new(),
        steps: Vec::new(),
        extra: None,
    }
}

fn millis(span: std::time::Duration) -> u64 {
    u64::try_from(span.as_millis()).unwrap_or(u64::MAX)
}

fn document(account: &Account) -> Document {
    let record = account.record();
    let suite = record.suite.as_ref();
    let suite_name = suite.map_or("assize", |suite| suite.name.as_str());
    let cases = record.cases.iter().map(|case| test(account, suite_name, case));
    let tests = cases.chain(beyond(record).into_iter().map(|it| other(suite_name, it))).collect::<Vec<_>>();
    let tool = record.tool.as_ref();
    let tool = ToolView {
        name: tool.map_or_else(|| "assize".to_owned(), |tool| named(&tool.name)),
        version: tool.map(|tool| name(&tool.version)).unwrap_or_default(),
    };
    Document {
        report_format: "CTRF",
        spec_version: SPEC_VERSION,
        run_id: name(&record.run),
        generated_by: format!("{} {}", tool.name, tool.version),
        results: Results { summary: summary(record, &tests), environment: environment(record), tool, tests },
    }
}

fn summary(record: &RunRecord, tests: &[Test]) -> Summary {
    let of = |wanted| tests.iter().filter(|test| test.status == wanted).count();
    let start = record.started.map_or(0, crate::clock::Timestamp::millis);
    let duration = record.end.as_ref().map_or(0, |end| millis(end.took));
    Summary {
        tests: tests.len(),
        passed: of(Status::Passed),
        failed: of(Status::Failed),
        skipped: of(Status::Skipped),
        pending: 0,
        other: 0,
        flaky: tests.iter().filter(|test| test.flaky).count(),
        start,
        stop: start.saturating_add(i64::try_from(duration).unwrap_or(i64::MAX)),
        duration,
        extra: SummaryExtra {
            totals: record.totals().to_string(),
            requirements: record.requirement_line(),
            complete: record.end.is_some(),
        },
    }
}

fn environment(record: &RunRecord) -> Environment {
    let (suite, target) = (record.suite.as_ref(), record.target.as_ref());
    Environment {
        app_name: target.map(|target| name(&target.name)).unwrap_or_default(),
        base_url: target.map(|target| name(&target.base_url)).unwrap_or_default(),
        extra: EnvironmentExtra {
            suite: suite.map(|suite| name(&suite.name)).unwrap_or_default(),
            suite_version: suite.map(|suite| name(&suite.version)).unwrap_or_default(),
            suite_sha256: suite.map(|suite| name(&suite.sha256)).unwrap_or_default(),
            embedded_tenant: target.is_some_and(|target| target.embedded),
            insecure_tls: target.is_some_and(|target| target.insecure),
            seed: record.seed,
        },
    }
}

impl Reporter for Ctrf {
    fn on_event(&mut self, event: &Stamped) -> io::Result<()> {
        self.account.hear(event);
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.account.close()?;
        let document = document(&self.account);
        let expected = document.results.tests.iter().map(|test| test.status).collect::<Vec<_>>();
        self.artefact.write_all(&json(&document)?)?;
        self.artefact.write_all(b"\n")?;
        self.artefact.commit(|file| {
            #[derive(Deserialize)]
            struct Found {
                results: FoundResults,
            }
            #[derive(Deserialize)]
            struct FoundResults {
                tests: Vec<FoundTest>,
            }
            #[derive(Deserialize)]
            struct FoundTest {
                status: Status,
            }
            let found: Found = read_back(file)?;
            let found = found.results.tests.iter().map(|test| test.status).collect::<Vec<_>>();
            if found == expected { Ok(()) } else { Err(not_as_written("its tests are others")) }
        })
    }
}
