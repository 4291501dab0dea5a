//! A run made by hand: events in order, each with its number and time.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use crate::clock::{Day, Timestamp};
use crate::diag::Place;
use crate::event::{
    Answer, Block, Body, CancelCause, CaseHead, CaseId, Event, Exchange, ExchangeId, Fault, FaultKind, Finding, Gate,
    Header, Left, Level, Outcome, Phase, Purpose, Request, RequirementHead, RequirementId, RunEnd, SkippedCase,
    SnapshotMode, Stamped, StepPath, SuiteHead, TargetHead, Timing, Tool, Verdict, Waived, Waiver, WaiverId,
};

pub(in crate::report) struct Run {
    events: Vec<Stamped>,
    totals: BTreeMap<String, u32>,
}

pub(in crate::report) fn place(line: u32, text: &str, marked: &str) -> Place {
    let column = u32::try_from(text.find(marked).expect("the text holds what is marked")).unwrap() + 1;
    Place {
        file: "specs/cxone/scenarios/session.yaml".into(),
        line,
        column,
        end_column: column + u32::try_from(marked.len()).unwrap(),
        text: text.to_owned(),
        text_column: 1,
    }
}

pub(in crate::report) fn head(id: &str, title: &str, verifies: &[&str]) -> CaseHead {
    let (scenario, variant) = id.split_once('@').map_or((id, None), |(id, variant)| (id, Some(variant.to_owned())));
    let (scenario, row) = scenario.split_once('/').map_or((scenario, None), |(id, row)| (id, Some(row.to_owned())));
    CaseHead {
        id: CaseId::new(id),
        scenario: scenario.to_owned(),
        title: title.to_owned(),
        row,
        variant,
        verifies: verifies.iter().map(|id| RequirementId::new(id)).collect(),
        tags: vec!["agent".to_owned()],
        at: place(3, "  - scenario: session", "scenario"),
    }
}

pub(in crate::report) fn exchange(id: u32, method: &str, url: &str, status: u16, reason: &str, body: &str) -> Exchange {
    let sent = if method == "GET" { "" } else { "{\"stationId\":\"4711\"}" };
    Exchange {
        parameters: None,
        id: ExchangeId(id),
        device: Some("agent".to_owned()),
        request: Request {
            method: method.to_owned(),
            url: url.to_owned(),
            headers: vec![
                Header::new("Accept", "application/json"),
                Header::new("Authorization", "Bearer ‹agent.access_token#2›"),
                Header::new("Content-Type", "application/json"),
            ],
            body: Body::text(sent.to_owned(), sent.len() as u64),
        },
        answer: Some(Answer {
            version: "HTTP/1.1".to_owned(),
            status,
            reason: Some(reason.to_owned()),
            headers: vec![
                Header::new("Content-Type", "application/json; charset=utf-8"),
                Header::new("Date", "Sun, 22 Nov 2026 18:00:00 GMT"),
            ],
            body: Body::text(body.to_owned(), body.len() as u64),
        }),
        fault: None,
        irregular: Vec::new(),
        sent: Timestamp::from_millis(1_795_000_000_000),
        timing: Timing { headers_us: 7_000, total_us: 8_400, moved_ms: 0 },
    }
}

pub(in crate::report) fn silent(id: u32, url: &str) -> Exchange {
    let fault = Fault { phase: Phase::Headers, kind: FaultKind::Deadline, detail: "30.0 s".to_owned() };
    let timing = Timing { headers_us: 0, total_us: 30_000_000, moved_ms: 0 };
    Exchange { answer: None, fault: Some(fault), timing, ..exchange(id, "GET", url, 0, "", "") }
}

pub(in crate::report) fn finding(block: Block, verdict: Verdict, check: &str, code: &str, message: &str) -> Finding {
    Finding {
        verdict,
        code: code.to_owned(),
        message: message.to_owned(),
        ..Finding::pass(Arc::from(format!("{block}.{check}")), block)
    }
}

/// What the known case is known by.
pub(in crate::report) fn waiver() -> Waiver {
    Waiver {
        id: WaiverId::new("W-12"),
        of: Waived::Case(CaseId::new("session.legacy-end@legacy")),
        finding: Some("status-mismatch".to_owned()),
        reason: "the tenant follows the reference here".to_owned(),
        owner: "api-team".to_owned(),
        issue: Some("https://tracker.example/API-431".to_owned()),
        expires: Day::parse("2026-12-29").unwrap(),
        days_left: 41,
    }
}

impl Run {
    pub(in crate::report) fn begin(cases: Vec<CaseHead>, skipped: Vec<SkippedCase>) -> Self {
        let requirement = |id: &str, level, text: &str, untestable: Option<&str>| RequirementHead {
            id: RequirementId::new(id),
            level,
            text: text.to_owned(),
            actor: "server".to_owned(),
            untestable: untestable.map(str::to_owned),
        };
        let suite = SuiteHead {
            name: "cxone".to_owned(),
            version: "0.3.0".to_owned(),
            title: "NICE CXone, as its developer FAQ promises it".to_owned(),
            origin: "embedded:cxone".to_owned(),
            sha256: "e3b0c44298fc1c14".repeat(4),
            manifest: Vec::new(),
            requirements: vec![
                requirement(
                    "CX-SES-001",
                    Level::Must,
                    "A second start of a session that is active is refused with 409.",
                    None,
                ),
                requirement("CX-SES-002", Level::Must, "Joining a session gives a sessionId of its own.", None),
                requirement("CX-AUTH-001", Level::Must, "An expired token is refused with 401.", None),
                requirement("CX-EVT-004", Level::Must, "A long poll is answered within its timeout.", None),
                requirement("CX-GEN-007", Level::Should, "An error answer says why in its body.", None),
                requirement("CX-GEN-009", Level::Must, "Tokens are renewed ahead of time.", None),
                requirement("CX-SUP-001", Level::Info, "Support answers within a day.", Some("not an HTTP promise")),
            ],
        };
        let target = TargetHead {
            name: "sandbox".to_owned(),
            base_url: "https://127.0.0.1:4711/".to_owned(),
            embedded: true,
            insecure: true,
            setup: None,
            names: BTreeMap::new(),
            features: Vec::new(),
        };
        let tool = Tool { name: "assize".to_owned(), version: "0.1.0".to_owned() };
        let mut run = Self { events: Vec::new(), totals: BTreeMap::new() };
        for _ in &skipped {
            run.count("skipped");
        }
        run.push(Event::RunStarted {
            format: 1,
            seed: 7,
            tool,
            suite,
            target,
            cases,
            skipped,
            shuffled: false,
            partial: false,
            gate: Gate::default(),
            shard: None,
            snapshots: SnapshotMode::Verify,
            waivers: vec![waiver()],
        });
        run
    }

    pub(in crate::report) fn push(&mut self, body: Event) {
        let seq = self.events.len() as u64;
        self.events.push(Stamped {
            seq,
            at: Timestamp::from_millis(1_795_000_000_000 + i64::try_from(seq).unwrap()),
            elapsed_us: seq * 1000,
            run: "run-1".into(),
            body,
        });
    }

    fn count(&mut self, class: &str) {
        *self.totals.entry(class.to_owned()).or_default() += 1;
    }

    pub(in crate::report) fn started(&mut self, case: &str, tried: u32) {
        self.push(Event::CaseStarted {
            case: CaseId::new(case),
            tried,
            users: BTreeMap::new(),
            tenant: BTreeMap::new(),
            now: Timestamp::from_millis(0),
        });
    }

    pub(in crate::report) fn step(
        &mut self,
        case: &str,
        step: &str,
        verifies: &[&str],
        exchanges: Vec<Exchange>,
        findings: Vec<Finding>,
    ) {
        let (case, step) = (CaseId::new(case), StepPath::new(step));
        self.push(Event::StepStarted { case: case.clone(), step: step.clone() });
        for exchange in exchanges {
            self.push(Event::ExchangeDone {
                case: case.clone(),
                step: Some(step.clone()),
                attempt: None,
                purpose: Purpose::Step,
                exchange: Box::new(exchange),
            });
        }
        self.push(Event::StepFinished {
            case,
            step,
            verifies: verifies.iter().map(|id| RequirementId::new(id)).collect(),
            left_out: None,
            bindings: BTreeMap::new(),
            findings,
            facts: Vec::new(),
        });
    }

    pub(in crate::report) fn ended(&mut self, case: &str, tried: u32, outcome: Outcome, again: bool) {
        if !again {
            self.count(outcome.class().as_str());
        }
        self.push(Event::CaseFinished {
            case: CaseId::new(case),
            tried,
            outcome,
            again,
            took: Duration::from_millis(1_234),
            not_run: Vec::new(),
        });
    }

    pub(in crate::report) fn finish(mut self, cancelled: Option<CancelCause>, left: Vec<Left>) -> Vec<Stamped> {
        let totals = std::mem::take(&mut self.totals);
        let took = Duration::from_millis(31_500);
        self.push(Event::RunFinished(RunEnd {
            totals,
            cancelled,
            left,
            internal: Vec::new(),
            waivers: Vec::new(),
            gate: Gate::default(),
            elsewhere: 0,
            took,
        }));
        self.events
    }

    /// The events so far, as a log that was cut.
    pub(in crate::report) fn cut(self) -> Vec<Stamped> {
        self.events
    }
}

const SESSIONS: &str = "https://127.0.0.1:4711/services/v30.0/agent-sessions";

fn pass(check: &str) -> Finding {
    Finding::pass(Arc::from(check), Block::Expect)
}

/// A run in which every class of outcome comes up once.
pub(in crate::report) fn every_outcome() -> Vec<Stamped> {
    let mut run = Run::begin(
        vec![
            head("auth.expired-token@openid", "An expired token is refused", &["CX-AUTH-001"]),
            head("errors.body/not-found@openid", "A 404 says why", &["CX-GEN-007"]),
            head("events.position@openid", "Positions grow", &[]),
            head("session.legacy-end@legacy", "Ending twice is harmless", &[]),
            head("session.start-twice@openid", "A second start of the same session is refused", &["CX-SES-001"]),
            head("events.long-poll@openid", "A long poll is answered in time", &["CX-EVT-004"]),
            head("session.template@openid", "A capture is used before it is there", &[]),
            head("session.join@openid", "A join gives a session of its own", &["CX-SES-002"]),
            head("session.end@openid", "An ended session is gone", &[]),
        ],
        vec![SkippedCase {
            case: head("digital.chat@openid", "A chat", &[]),
            why: "the target has no feature `digital`".to_owned(),
        }],
    );

    run.started("auth.expired-token@openid", 1);
    run.step(
        "auth.expired-token@openid",
        "call",
        &["CX-AUTH-001"],
        vec![exchange(1, "GET", SESSIONS, 401, "Unauthorized", "{}")],
        vec![pass("expect.status")],
    );
    run.ended("auth.expired-token@openid", 1, Outcome::Passed, false);

    let case = "errors.body/not-found@openid";
    run.started(case, 1);
    let mut warning =
        finding(Block::Expect, Verdict::Warn, "json[$.error]", "missing", "`$.error` is not there, expected a text");
    warning.suite_at = Some(place(41, "      $.error: {type: string}", "{type: string}"));
    run.step(
        case,
        "call",
        &["CX-GEN-007"],
        vec![exchange(1, "GET", SESSIONS, 404, "Not Found", "{}")],
        vec![pass("expect.status"), warning],
    );
    run.ended(case, 1, Outcome::Warned, false);

    let case = "events.position@openid";
    run.started(case, 1);
    let mut mismatch =
        finding(Block::Expect, Verdict::Fail, "json[$.position]", "value-mismatch", "expected more than 4, got 4");
    mismatch.suite_at = Some(place(52, "      $.position: {gt: 4}", "{gt: 4}"));
    run.step(case, "poll", &[], vec![exchange(1, "GET", SESSIONS, 200, "OK", "{\"position\":4}")], vec![mismatch]);
    run.ended(case, 1, Outcome::Failed, true);
    run.started(case, 2);
    run.step(
        case,
        "poll",
        &[],
        vec![exchange(1, "GET", SESSIONS, 200, "OK", "{\"position\":5}")],
        vec![pass("expect.json[$.position]")],
    );
    run.ended(case, 2, Outcome::Flaky { tries: 2 }, false);

    let case = "session.legacy-end@legacy";
    run.started(case, 1);
    let mut refusal = finding(Block::Expect, Verdict::Fail, "status", "status-mismatch", "expected 202, got 404");
    refusal.waived = Some(WaiverId::new("W-12"));
    run.step(case, "again", &[], vec![exchange(1, "DELETE", SESSIONS, 404, "Not Found", "")], vec![refusal]);
    run.ended(case, 1, Outcome::Known { waivers: vec![WaiverId::new("W-12")] }, false);

    start_twice(&mut run);

    let case = "events.long-poll@openid";
    run.started(case, 1);
    run.step(
        case,
        "poll",
        &["CX-EVT-004"],
        vec![silent(1, "https://127.0.0.1:4711/services/v30.0/agent-sessions/‹session#1›/get-next-event?timeout=25")],
        Vec::new(),
    );
    let why = "step poll: deadline passed (waiting for the answer: 30.0 s)".to_owned();
    run.ended(case, 1, Outcome::Inconclusive { why }, false);

    let case = "session.template@openid";
    run.started(case, 1);
    let mut broken = finding(
        Block::Expect,
        Verdict::Broken,
        "json[$.id]",
        "unknown-name",
        "`${first.id}` has no value: step first captured none",
    );
    broken.suite_at = Some(place(77, "      $.id: ${first.id}", "${first.id}"));
    run.step(case, "second", &[], vec![exchange(1, "GET", SESSIONS, 200, "OK", "{\"id\":1}")], vec![broken]);
    run.ended(case, 1, Outcome::Broken { why: "`${first.id}` has no value".to_owned() }, false);

    let case = "session.join@openid";
    run.started(case, 1);
    let mut given = finding(Block::Given, Verdict::Fail, "status", "status-mismatch", "expected 202, got 503");
    given.suite_at = Some(place(90, "      status: 202", "202"));
    given.exchange = Some(ExchangeId(1));
    run.step(
        case,
        "start",
        &["CX-SES-002"],
        vec![exchange(1, "POST", SESSIONS, 503, "Service Unavailable", "try later")],
        vec![given],
    );
    run.ended(case, 1, Outcome::Blocked { step: StepPath::new("start") }, false);

    run.push(Event::CancelBegun { cause: CancelCause::Signal(2) });
    run.started("session.end@openid", 1);
    run.ended("session.end@openid", 1, Outcome::Unfinished { why: "stopped by SIGINT".to_owned() }, false);

    let left =
        Left { request: format!("DELETE {SESSIONS}/‹session#3›"), why: "the endpoint answered 503".to_owned() };
    run.finish(Some(CancelCause::Signal(2)), vec![left])
}

fn start_twice(run: &mut Run) {
    let case = "session.start-twice@openid";
    run.started(case, 1);
    let started = "{\"sessionId\":\"‹session#1›\"}";
    run.step(
        case,
        "start/start",
        &[],
        vec![exchange(1, "POST", SESSIONS, 202, "Accepted", started)],
        vec![pass("expect.status")],
    );
    let mut status = finding(Block::Expect, Verdict::Fail, "status", "status-mismatch", "expected 409, got 202");
    status.expected = Some("409".to_owned());
    status.actual = Some("202".to_owned());
    status.answer_at = Some("status".to_owned());
    status.exchange = Some(ExchangeId(2));
    status.suite_at = Some(place(14, "      status: 409", "409"));
    status.used_at = vec![place(133, "  - use: start-again", "start-again")];
    let mut id =
        finding(Block::Expect, Verdict::Fail, "json[$.sessionId]", "value-present", "`$.sessionId` must not be there");
    id.expected = Some("nothing".to_owned());
    id.actual = Some("\"‹session#2›\"".to_owned());
    id.answer_at = Some("$.sessionId".to_owned());
    id.exchange = Some(ExchangeId(2));
    id.suite_at = Some(place(16, "        $.sessionId: {absent: true}", "{absent: true}"));
    let answer = "{\"sessionId\":\"‹session#2›\",\"agent\":{\"id\":4711,\"states\":[\"Available\",\"Unavailable\"]},\"note\":\"it's a <b>\"}";
    run.step(
        case,
        "start-again",
        &["CX-SES-001"],
        vec![exchange(2, "POST", &format!("{SESSIONS}?force=1&x=[1]"), 202, "Accepted", answer)],
        vec![status, id],
    );
    run.ended(case, 1, Outcome::Failed, false);
}
